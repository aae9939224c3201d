import { Component, onWillStart, useState } from "@odoo/owl";
import { useService } from "@web/core/utils/hooks";
import { Layout } from "@web/search/layout";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { PipelineFilter } from "../pipeline_filter/pipeline_filter";

/** A screen of figures from the stage history, with team and period above it. */
export class PipelineScreen extends Component {
    static components = { Layout, PipelineFilter };
    static props = { ...standardActionServiceProps };
    /** The method of crm.stage.report that gives the figures for a team and months. */
    static method = "";

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.display = { controlPanel: {} };
        this.state = useState({ teamId: false, months: 12, data: null });
        onWillStart(() => this.load());
    }

    async load() {
        const { teamId, months } = this.state;
        const { method } = this.constructor;
        this.state.data = await this.orm.call("crm.stage.report", method, [teamId, months]);
    }

    async onFilter(filter) {
        Object.assign(this.state, filter);
        await this.load();
    }

    /** A share between 0 and 1 in words; a dash where nothing is known. */
    percent(share) {
        return share === null || share === undefined ? "–" : `${Math.round(100 * share)} %`;
    }
}
