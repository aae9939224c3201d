import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** The form shows the fields of the type that is chosen. */
export class TicketTypeFields extends Interaction {
    static selector = ".o_ticket_form";
    dynamicContent = {
        "select[name='ticket_type']": {
            "t-on-change": (ev) => {
                this.chosen = ev.target.value;
            },
        },
        ".o_ticket_extras": {
            "t-att-class": (el) => ({ "d-none": el.dataset.type !== this.chosen }),
        },
    };

    setup() {
        this.chosen = this.el.querySelector("select[name='ticket_type']")?.value;
    }
}

registry
    .category("public.interactions")
    .add("crm_service_ticket.ticket_type_fields", TicketTypeFields);
