import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Domain } from "@web/core/domain";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { useDropdownState } from "@web/core/dropdown/dropdown_hooks";
import { useBus, useService } from "@web/core/utils/hooks";

/** What the filters of the search view are called that stand on the left. */
const QUEUE = "queue_";
const FOLDED = "crm_service_ticket.views_folded";
/** Milliseconds: several changes are one question; and between two questions. */
const PAUSE = 300;
const REST = 2000;
/** The server counts one more than is shown. */
const MOST = 99;

/**
 * The views of the desk, on the left of list and board: the queues, which are filters of
 * the search view whose names begin with `queue_`, and the saved searches, own and
 * shared. Each says how many tickets are in it; a click leaves all other filters.
 *
 * It takes the place of Odoo's search panel, whose sections would narrow what the search
 * bar finds and cannot open a saved search.
 */
export class TicketViews extends Component {
    static template = "crm_service_ticket.TicketViews";
    static components = { Dropdown };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.dropdown = useDropdownState();
        this.state = useState({
            isFolded: browser.localStorage.getItem(FOLDED) === "1",
            counts: {},
        });
        this.timer = null;
        this.askedAt = 0;
        this.onVisible = () => this.askSoon();
        useBus(this.env.searchModel, "update", () => {
            this.render();
            this.askSoon();
        });
        onMounted(() => {
            this.ask();
            document.addEventListener("visibilitychange", this.onVisible);
        });
        onWillUnmount(() => {
            browser.clearTimeout(this.timer);
            this.isGone = true;
            document.removeEventListener("visibilitychange", this.onVisible);
        });
    }

    // ---------------------------------------------------------------------
    // What there is
    // ---------------------------------------------------------------------

    get queues() {
        const items = Object.values(this.env.searchModel.searchItems);
        return items
            .filter((item) => item.type === "filter" && item.name?.startsWith(QUEUE))
            .map((item) => this.asView(item, item.name));
    }

    get saved() {
        return this.env.searchModel
            .getSearchItems((item) => item.type === "favorite")
            .map((item) => this.asView(item, `saved_${item.serverSideId}`));
    }

    asView(item, key) {
        return {
            key,
            id: item.id,
            name: item.description,
            domain: item.domain,
            isShared: item.type === "favorite" && item.userIds.length !== 1,
            isOpen: this.env.searchModel.query.some(({ searchItemId }) => searchItemId === item.id),
        };
    }

    get open() {
        return [...this.queues, ...this.saved].find((view) => view.isOpen);
    }

    countOf(view) {
        const count = this.state.counts[view.key];
        return count > MOST ? `${MOST}+` : count;
    }

    // ---------------------------------------------------------------------
    // What a person does
    // ---------------------------------------------------------------------

    show(view) {
        this.dropdown.close();
        if (view.isOpen) {
            return;
        }
        const model = this.env.searchModel;
        model.blockNotification = true;
        for (const facet of model.facets) {
            if (facet.type !== "groupBy") {
                model.deactivateGroup(facet.groupId);
            }
        }
        model.blockNotification = false;
        model.toggleSearchItem(view.id);
    }

    fold() {
        this.state.isFolded = !this.state.isFolded;
        browser.localStorage.setItem(FOLDED, this.state.isFolded ? "1" : "0");
        this.askSoon();
    }

    // ---------------------------------------------------------------------
    // How many
    // ---------------------------------------------------------------------

    /** Nobody counts what nobody sees. */
    get isSeen() {
        return !document.hidden && (this.env.isSmall ? this.dropdown.isOpen : !this.state.isFolded);
    }

    askSoon() {
        if (this.timer === null && !this.isGone) {
            const rest = this.askedAt + REST - Date.now();
            this.timer = browser.setTimeout(() => this.ask(), Math.max(PAUSE, rest));
        }
    }

    async ask() {
        browser.clearTimeout(this.timer);
        this.timer = null;
        if (this.isGone || !this.isSeen) {
            return;
        }
        this.askedAt = Date.now();
        const { globalDomain, domainEvalContext } = this.env.searchModel;
        const domains = {};
        for (const view of [...this.queues, ...this.saved]) {
            try {
                const domain = Domain.and([globalDomain, view.domain]);
                domains[view.key] = domain.toList(domainEvalContext);
            } catch {
                // a saved search that cannot be read says so when it is opened
            }
        }
        try {
            this.state.counts = await this.orm.silent.call("crm.service.desk", "count_views", [
                domains,
            ]);
        } catch {
            // the server is away: the numbers stay as they were
        }
    }
}
