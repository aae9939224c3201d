import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";

const NOTICE = "crm.service.live/notice";
/** More than these at once are told as a number. */
const MOST_SHOWN = 3;
/** Milliseconds a notice stays; what came from a colleague by hand waits for a click. */
const STAYS = 12000;
const ICON = "/crm_service_ticket/static/description/icon.png";

/**
 * “… handed a ticket over to you”, with why and until when; a click opens the ticket.
 * Outside the browser as well for who wants it and has allowed it, while Odoo is not in
 * front.
 */
export const ticketNoticesService = {
    dependencies: ["action", "bus_service", "multi_tab", "notification", "orm"],

    start(env, { action, bus_service: busService, multi_tab: multiTab, notification, orm }) {
        const open = (id) =>
            action.doAction({
                type: "ir.actions.act_window",
                res_model: "crm.service.ticket",
                res_id: id,
                views: [[false, "form"]],
            });
        const openBoard = () => action.doAction("crm_service_ticket.action_ticket");

        async function onNotice({ by, count, items }) {
            if (!items.length) {
                return show({ title: _t("%s tickets for you", count), text: "" }, openBoard);
            }
            const found = await orm.silent.call("crm.service.live", "read_notices", [items, by]);
            const notices = found.notices;
            if (notices.length > MOST_SHOWN) {
                const text = notices.map((notice) => notice.text).join("\n");
                const many = { title: _t("%s tickets for you", notices.length), text };
                return show(many, openBoard, found.desktop);
            }
            for (const notice of notices) {
                show(notice, () => open(notice.id), found.desktop);
            }
        }

        function show({ title, text }, onOpen, desktop = false) {
            const close = notification.add(text, {
                title,
                type: "info",
                className: "o_ticket_notice",
                autocloseDelay: STAYS,
                buttons: [
                    {
                        name: _t("Open"),
                        primary: true,
                        onClick: () => {
                            close();
                            onOpen();
                        },
                    },
                ],
            });
            if (desktop && !document.hasFocus()) {
                showOutside({ title, text }, onOpen);
            }
        }

        async function showOutside({ title, text }, onOpen) {
            if (browser.Notification?.permission !== "granted" || !(await multiTab.isOnMainTab())) {
                return;
            }
            try {
                const outside = new browser.Notification(title, { body: text, icon: ICON });
                outside.addEventListener("click", () => {
                    window.focus();
                    outside.close();
                    onOpen();
                });
            } catch {
                // phones know notices of service workers only; it stands in the app
            }
        }

        busService.subscribe(NOTICE, onNotice);
        return {};
    },
};

registry.category("services").add("crm_service_notices", ticketNoticesService);
