import { Component, onMounted, onWillUnmount, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/** Counts past days, month after month, and shows how far it is. */
export class Backfill extends Component {
    static template = "crm_reports.Backfill";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ progress: 0, error: "" });
        this.stopped = false;
        onMounted(() => this.run());
        onWillUnmount(() => (this.stopped = true));
    }

    async run() {
        const ids = [this.props.action.params.wizard_id];
        try {
            while (!this.stopped && this.state.progress < 100) {
                const { progress } = await this.orm.call(
                    "crm.report.backfill",
                    "action_next_batch",
                    [ids],
                );
                this.state.progress = progress;
            }
        } catch (error) {
            this.state.error = error.data?.message || error.message;
        }
    }
}

registry.category("actions").add("crm_reports.backfill", Backfill);
