import { Customer360 } from "@crm_customer_center/components/customer_360/customer_360";
import { useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";

/**
 * The tiles of the customer page beside a ticket: level, other tickets, follow-ups,
 * opportunities. Each is counted and shown by the rights of the user.
 */
export class TicketCustomer extends Customer360 {
    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ sections: [] });
        this.customerId = false;
        useRecordObserver(async (record) => {
            const customerId = record.data.customer_id?.id || false;
            if (customerId === this.customerId) {
                return;
            }
            this.customerId = customerId;
            this.state.sections = customerId
                ? await this.orm.silent.call("res.partner", "get_customer_360", [customerId])
                : [];
        });
    }

    async open(section) {
        if (!(await this.props.record.save())) {
            return;
        }
        const action = await this.orm.call("res.partner", "action_open_customer_360_section", [
            this.customerId,
            section.key,
        ]);
        this.action.doAction(action);
    }
}

registry.category("view_widgets").add("ticket_customer", { component: TicketCustomer });
