import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";

/** Team and period, the same for the funnel and the check of probabilities. */
export class PipelineFilter extends Component {
    static template = "crm_sales_process.PipelineFilter";
    static props = {
        teams: Array,
        teamId: [Number, Boolean],
        months: Number,
        periodLabel: String,
        onChange: Function,
    };

    get periods() {
        return [
            [3, _t("last 3 months")],
            [6, _t("last 6 months")],
            [12, _t("last 12 months")],
            [24, _t("last 24 months")],
            [0, _t("at any time")],
        ];
    }

    onTeam(ev) {
        this.props.onChange({ teamId: Number(ev.target.value) || false });
    }

    onPeriod(ev) {
        this.props.onChange({ months: Number(ev.target.value) });
    }
}
