import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { PipelineScreen } from "../pipeline_screen/pipeline_screen";

/** The funnel of the deals that came into the pipeline, from the stage history. */
export class Funnel extends PipelineScreen {
    static template = "crm_sales_process.Funnel";
    static method = "get_funnel";

    /** Share of the deals that came in, in percent: the width of a bar. */
    width(step) {
        return this.state.data.deals ? (100 * step.reached) / this.state.data.deals : 0;
    }

    part(step, count) {
        return step.reached ? (100 * count) / step.reached : 0;
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
