import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** What the next stage asks for, and what of it the deal has. */
export class StageChecklist extends Component {
    static template = "crm_sales_process.StageChecklist";
    static props = { ...standardFieldProps };

    get items() {
        return this.props.record.data[this.props.name] || [];
    }

    get stageName() {
        return this.props.record.data.next_stage_id?.display_name || "";
    }

    label(item) {
        return item.done ? _t("done") : _t("missing");
    }

    get isReady() {
        return this.items.every((item) => item.done);
    }
}

registry.category("fields").add("stage_checklist", {
    component: StageChecklist,
    supportedTypes: ["json"],
    fieldDependencies: [{ name: "next_stage_id", type: "many2one", relation: "crm.stage" }],
});
