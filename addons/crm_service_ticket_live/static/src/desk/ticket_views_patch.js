import { useBus, useService } from "@web/core/utils/hooks";
import { patch } from "@web/core/utils/patch";
import { TicketViews } from "@crm_service_ticket/views/ticket_views";

/** The numbers beside the views follow what happens to the tickets. */
patch(TicketViews.prototype, {
    setup() {
        super.setup(...arguments);
        useBus(useService("crm_service_live").bus, "changed", () => this.askSoon());
    },
});
