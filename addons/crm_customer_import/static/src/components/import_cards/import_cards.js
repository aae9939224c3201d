import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** The counts by decision; a click shows those rows only, a second click all. */
export class ImportCards extends Component {
    static template = "crm_customer_import.ImportCards";
    static props = { ...standardWidgetProps };

    get cards() {
        const { data } = this.props.record;
        const past = ["done", "undoing", "undone"].includes(data.state);
        return [
            {
                key: "create",
                color: "success",
                icon: "fa-plus-circle",
                label: past ? _t("created") : _t("to create"),
                count: data.create_count,
            },
            {
                key: "update",
                color: "info",
                icon: "fa-refresh",
                label: past ? _t("updated") : _t("to update"),
                count: data.update_count,
            },
            {
                key: "skip",
                color: "warning",
                icon: "fa-forward",
                label: _t("skipped"),
                count: data.skip_count,
            },
            {
                key: "refuse",
                color: "danger",
                icon: "fa-ban",
                label: _t("refused"),
                count: data.refuse_count,
            },
        ];
    }

    get shown() {
        return this.props.record.data.shown_decision;
    }

    async show(key) {
        const decision = this.shown === key ? false : key;
        await this.props.record.update({ shown_decision: decision });
        await this.props.record.save();
    }
}

const numbers = ["create_count", "update_count", "skip_count", "refuse_count", "row_count"];

registry.category("view_widgets").add("crm_import_cards", {
    component: ImportCards,
    fieldDependencies: [
        { name: "state", type: "selection" },
        { name: "shown_decision", type: "selection" },
        ...numbers.map((name) => ({ name, type: "integer" })),
    ],
});
