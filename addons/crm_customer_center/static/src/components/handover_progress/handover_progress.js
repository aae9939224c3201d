import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_MS = 1000;
const RUNNING = ["running", "undoing"];

/**
 * How far a hand-over is. Asks once a second and loads the form anew when it is done.
 */
export class HandoverProgress extends Component {
    static template = "crm_customer_center.HandoverProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ state: "", percent: 0, done: 0, total: 0 });
        onWillStart(() => this.poll());
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get width() {
        return Math.floor(this.state.percent);
    }

    async poll() {
        const { record } = this.props;
        if (!record.resId) {
            return;
        }
        try {
            const progress = await this.orm.silent.call(record.resModel, "get_progress", [
                record.resId,
            ]);
            Object.assign(this.state, progress);
            if (!RUNNING.includes(progress.state)) {
                await record.load();
                return;
            }
        } catch {
            // a lost connection or a restarting server: ask again
        }
        this.timer = browser.setTimeout(() => this.poll(), POLL_MS);
    }
}

registry.category("view_widgets").add("crm_handover_progress", {
    component: HandoverProgress,
});
