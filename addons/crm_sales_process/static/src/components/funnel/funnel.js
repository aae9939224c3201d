import { Component, onWillStart, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { formatFloat } from "@web/views/fields/formatters";
import { PipelineFilter } from "../pipeline_filter/pipeline_filter";

/** The funnel of the deals that came into the pipeline, from the stage history. */
export class Funnel extends Component {
    static template = "crm_sales_process.Funnel";
    static components = { Layout, PipelineFilter };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ teamId: false, months: 12, data: null });
        onWillStart(() => this.load());
    }

    async load() {
        this.state.data = await this.orm.call("crm.stage.report", "get_funnel", [
            this.state.teamId,
            this.state.months,
        ]);
    }

    async onFilter(filter) {
        Object.assign(this.state, filter);
        await this.load();
    }

    /** Share of the deals that came in, in percent: the width of a bar. */
    width(step) {
        return this.state.data.deals ? (100 * step.reached) / this.state.data.deals : 0;
    }

    part(step, count) {
        return step.reached ? (100 * count) / step.reached : 0;
    }

    percent(share) {
        return share === null ? "–" : `${Math.round(100 * share)} %`;
    }

    days(value) {
        return value === null || value === undefined
            ? "–"
            : formatFloat(value, { digits: [16, 1] });
    }

    amount(value) {
        return formatFloat(value || 0, { digits: [16, 0], humanReadable: true, decimals: 1 });
    }

    openStage(step) {
        const domain = [["stage_id", "=", step.id]];
        if (this.state.teamId) {
            domain.push(["team_id", "=", this.state.teamId]);
        }
        if (this.state.months) {
            domain.push(["date_started", ">=", `today -${this.state.months}m`]);
        }
        this.action.doAction("crm_sales_process.action_crm_stage_report", {
            additionalContext: { search_default_open_stages: 0 },
            viewType: "list",
            props: { domain },
        });
    }
}

registry.category("actions").add("crm_sales_process.funnel", Funnel);
