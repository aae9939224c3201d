import { useSubEnv } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formView } from "@web/views/form/form_view";
import { useService } from "@web/core/utils/hooks";

/**
 * The page of a ticket lends what its composer needs: what is changed here is saved
 * before an answer goes out, and read again after; and which ticket comes next.
 */
export class TicketFormController extends formView.Controller {
    setup() {
        super.setup();
        this.notification = useService("notification");
        useSubEnv({
            ticketDesk: {
                model: this.model,
                save: () => this.save(),
                refresh: () => this.model.root.load(),
                openNext: () => this.openNext(),
            },
        });
    }

    /** The next ticket of the list one came from; at its end one stays. */
    async openNext() {
        const { resId, resIds } = this.model.root;
        const offset = resIds.indexOf(resId) + 1;
        if (offset === resIds.length) {
            this.notification.add(_t("That was the last ticket of your list."), {
                type: "info",
            });
            await this.model.root.load();
            return;
        }
        await this.onPagerUpdate({ offset, resIds });
    }
}

registry.category("views").add("service_ticket_form", {
    ...formView,
    Controller: TicketFormController,
});
