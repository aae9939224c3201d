import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

/** How many days a deal has been where it is. */
export class StageAge extends Component {
    static template = "crm_sales_process.StageAge";
    static props = { ...standardFieldProps };

    get days() {
        const since = this.props.record.data[this.props.name];
        return since ? Math.max(0, Math.floor(luxon.DateTime.now().diff(since, "days").days)) : 0;
    }

    get text() {
        return _t("%s d", this.days);
    }

    get hint() {
        return _t("Days in this stage");
    }
}

registry.category("fields").add("stage_age", {
    component: StageAge,
    supportedTypes: ["datetime"],
});
