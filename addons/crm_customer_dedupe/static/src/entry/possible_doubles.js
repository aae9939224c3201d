import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** Who may be the same as the customer on the form, with links that leave it open. */
export class PossibleDoubles extends Component {
    static template = "crm_customer_dedupe.PossibleDoubles";
    static props = { ...standardFieldProps };

    get doubles() {
        return this.props.record.data[this.props.name] || [];
    }

    why(one) {
        return one.reasons.join(" · ");
    }
}

registry.category("fields").add("possible_doubles", {
    component: PossibleDoubles,
    supportedTypes: ["json"],
});
