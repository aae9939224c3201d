import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * The tiles of the customer page. What they are and what they count comes from
 * `res.partner.get_customer_360()`; a module adds a tile there, not here.
 */
export class Customer360 extends Component {
    static template = "crm_customer_center.Customer360";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ sections: [] });
        useRecordObserver(async (record) => {
            this.state.sections = record.resId
                ? await this.orm.silent.call("res.partner", "get_customer_360", [record.resId])
                : [];
        });
    }

    async open(section) {
        const record = this.props.record;
        if (!(await record.save())) {
            return;
        }
        const action = await this.orm.call(
            "res.partner",
            "action_open_customer_360_section",
            [record.resId, section.key]
        );
        this.action.doAction(action);
    }
}

registry.category("view_widgets").add("customer_360", { component: Customer360 });
