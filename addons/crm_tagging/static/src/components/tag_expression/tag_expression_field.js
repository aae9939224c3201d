import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { TagExpression } from "./tag_expression";

/** The expression of a record, e.g. of a segment, in its form. */
export class TagExpressionField extends Component {
    static template = "crm_tagging.TagExpressionField";
    static components = { TagExpression };
    static props = {
        ...standardFieldProps,
        domainField: { type: String, optional: true },
    };

    get value() {
        return this.props.record.data[this.props.name] || false;
    }

    get domain() {
        return this.props.domainField ? this.props.record.data[this.props.domainField] : false;
    }

    onChange(value) {
        return this.props.record.update({ [this.props.name]: value });
    }
}

export const tagExpressionField = {
    component: TagExpressionField,
    displayName: _t("Tag Expression"),
    supportedTypes: ["json"],
    supportedOptions: [
        {
            label: _t("Field with a further condition"),
            name: "domain_field",
            type: "field",
            availableTypes: ["char"],
        },
    ],
    extractProps: ({ options }) => ({ domainField: options.domain_field }),
    fieldDependencies: ({ options }) =>
        options.domain_field ? [{ name: options.domain_field, type: "char" }] : [],
};

registry.category("fields").add("tag_expression", tagExpressionField);
