import { Component, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { openSection, useCustomerPage } from "../customer_page/customer_page";

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
        useCustomerPage(this.props, async (id) => {
            this.state.sections = id
                ? await this.orm.silent.call("res.partner", "get_customer_360", [id])
                : [];
        });
    }

    open(section) {
        return openSection(this, section.key);
    }
}

registry.category("view_widgets").add("customer_360", { component: Customer360 });
