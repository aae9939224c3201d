import { onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Domain } from "@web/core/domain";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { News } from "./news";

/** Milliseconds: what comes within them is one change; not all browsers ask at once. */
const PAUSE = 300;
const SPREAD = 300;
/** Between two readings of one screen, however much happens. */
const REST = 2000;
/** Until a menu or dialog is looked at again. */
const AGAIN = 1000;
/** After which a reading that has not ended is taken for failed. */
const LONGEST = 20000;
/** Something hangs on a card or row that a reading would take away from under the hand. */
const BUSY = ".o_dragged, .o_popover:not(:has(.o-tooltip)), .modal";

/**
 * Keep a list or board of tickets as it is on the server.
 *
 * What concerns this screen is read again in silence. Where that would take something
 * from the person (a selection, a row being edited, a quick creation), nothing moves, and
 * `state` says how many tickets are new or changed until `show` is called.
 *
 * @param {import("@web/model/relational_model/relational_model").RelationalModel} model
 * @param {{el: HTMLElement}} rootRef
 * @param {() => boolean} isOccupied whether reading again would take something away
 */
export function useLiveTickets(model, rootRef, isOccupied) {
    const live = useService("crm_service_live");
    const orm = useService("orm");
    const state = useState({ created: 0, changed: 0, anything: false });
    let heard = new News();
    let unshown = new News();
    let timer = null;
    let readAt = 0;
    let begunAt = 0;
    let isGone = false;

    const tell = () => Object.assign(state, unshown.counts);

    function lookIn(pause) {
        if (timer === null && !isGone) {
            const rest = readAt + REST - Date.now();
            timer = browser.setTimeout(look, Math.max(pause, rest));
        }
    }

    async function look() {
        timer = null;
        if (document.hidden) {
            return; // whoever comes back looks again
        }
        if (document.querySelector(BUSY)) {
            return lookIn(AGAIN);
        }
        const news = heard;
        heard = new News();
        await leaveWhatDoesNotShow(news);
        if (news.isEmpty || isGone) {
            return;
        }
        unshown.merge(news);
        if (isOccupied()) {
            tell();
        } else if (isReading()) {
            // another view was chosen: to read now would bring back the one before
            heard.merge(unshown);
            lookIn(AGAIN);
        } else {
            await show();
        }
    }

    /** Those that show here now, and those that should: the server says which. */
    async function leaveWhatDoesNotShow(news) {
        const ids = news.ids;
        if (!ids.length) {
            return;
        }
        const { resModel, domain, context, records } = model.root;
        const wanted = Domain.and([domain, [["id", "in", ids]]]).toList(context);
        const found = await orm.silent.search(resModel, wanted, { context });
        news.keep(new Set([...found, ...records.map((record) => record.resId)]));
    }

    async function show() {
        const restore = rememberScroll(rootRef.el);
        await model.load();
        browser.requestAnimationFrame(restore);
    }

    const onWillLoadRoot = model.hooks.onWillLoadRoot;
    model.hooks.onWillLoadRoot = (config) => {
        begunAt = Date.now();
        return onWillLoadRoot(config);
    };
    // what failed does not go on for ever
    const isReading = () => begunAt > readAt && Date.now() - begunAt < LONGEST;

    // whoever reads again, for whatever reason, has seen the news
    const onRootLoaded = model.hooks.onRootLoaded;
    model.hooks.onRootLoaded = async (root) => {
        await onRootLoaded(root);
        unshown = new News();
        readAt = Date.now();
        tell();
    };

    useBus(live.bus, "changed", ({ detail }) => {
        heard.add(detail, user.userId);
        lookIn(PAUSE + Math.random() * SPREAD);
    });
    const onVisible = () => heard.isEmpty || lookIn(0);
    onMounted(() => document.addEventListener("visibilitychange", onVisible));
    onWillUnmount(() => {
        isGone = true;
        browser.clearTimeout(timer);
        document.removeEventListener("visibilitychange", onVisible);
    });
    return { state, show };
}

/**
 * Remember how far the parts of a screen are scrolled, by their place in it: reading
 * again makes them anew.
 *
 * @returns {() => void} what scrolls them back
 */
function rememberScroll(root) {
    const parts = () => [
        root?.closest(".o_content"),
        ...(root?.querySelectorAll(".o_content, .o_renderer, .o_list_renderer, .o_kanban_group") ||
            []),
    ];
    const places = parts().map((part) => part && [part.scrollLeft, part.scrollTop]);
    return () =>
        parts().forEach((part, index) => {
            if (part && places[index]) {
                [part.scrollLeft, part.scrollTop] = places[index];
            }
        });
}
