import { Component, useEffect } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/**
 * What is wrong with the value of another field, below that field. While it is, the
 * form, or the dialog, is not left by saving.
 */
export class ValueProblem extends Component {
    static template = "crm_customer_center.ValueProblem";
    static props = { ...standardFieldProps, of: { type: String } };

    setup() {
        useEffect(
            (problem) => {
                const { record, of } = this.props;
                if (!problem) {
                    return;
                }
                record.setInvalidField(of);
                return () => record.isFieldInvalid(of) && record.resetFieldValidity(of);
            },
            () => [this.problem, this.props.record.data[this.props.of]],
        );
    }

    get problem() {
        return this.props.record.data[this.props.name];
    }
}

registry.category("fields").add("value_problem", {
    component: ValueProblem,
    supportedTypes: ["char"],
    extractProps: ({ options }) => ({ of: options.of }),
});

/** The rest of the form, in the same record: what was typed stays. */
export class CustomerEntryMore extends Component {
    static template = "crm_customer_center.CustomerEntryMore";
    static props = { ...standardWidgetProps };

    open() {
        return this.props.record.update({ is_entry_whole: true });
    }
}

registry.category("view_widgets").add("customer_entry_more", {
    component: CustomerEntryMore,
});
