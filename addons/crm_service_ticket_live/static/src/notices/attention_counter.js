import { browser } from "@web/core/browser/browser";
import { deserializeDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";

/** Milliseconds: several changes are one question; a timer of a browser ends at 24 days. */
const PAUSE = 400;
const LONGEST = 6 * 3600 * 1000;
const MOST = 99;

/**
 * How many of my tickets call for me, on the menu of the service desk: asked when one of
 * mine changed, and when the next one becomes late. The number stands in a property of
 * the page, and `attention.scss` shows it on the entries of the menu: no template of
 * Odoo's menus is touched.
 */
export const attentionService = {
    dependencies: ["crm_service_live", "orm"],

    start(env, { crm_service_live: live, orm }) {
        let timer = null;

        function askIn(pause) {
            browser.clearTimeout(timer);
            timer = browser.setTimeout(ask, Math.min(pause, LONGEST));
        }

        async function ask() {
            let found;
            try {
                found = await orm.silent.call("crm.service.live", "get_attention", []);
            } catch {
                return askIn(LONGEST); // the server is away; the bus tells when it is back
            }
            show(found.count);
            if (found.next) {
                const left = deserializeDateTime(found.next).toMillis() - Date.now();
                askIn(Math.max(left, 0) + 1000);
            }
        }

        function show(count) {
            const page = document.documentElement;
            page.classList.toggle("o_service_attention", count > 0);
            const text = count > MOST ? `${MOST}+` : `${count}`;
            page.style.setProperty("--service-attention", `"${text}"`);
        }

        // the page does not wait for it
        user.hasGroup("crm_customer_center.group_service_agent").then((isAgent) => {
            if (isAgent) {
                live.bus.addEventListener("mine", () => askIn(PAUSE));
                askIn(0);
            }
        });
        return {};
    },
};

registry.category("services").add("crm_service_attention", attentionService);
