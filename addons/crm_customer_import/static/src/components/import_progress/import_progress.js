import { Component, onWillStart, onWillUnmount, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const POLL_MS = 1000;

/**
 * How far the background work is. Asks once a second and loads the form anew when
 * the phase ends.
 */
export class ImportProgress extends Component {
    static template = "crm_customer_import.ImportProgress";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ percent: 0, known: false, text: "" });
        this.phase = this.props.record.data.state;
        onWillStart(() => this.poll());
        onWillUnmount(() => browser.clearTimeout(this.timer));
    }

    get width() {
        return this.state.known ? this.state.percent : 100;
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
            if (progress.state !== this.phase) {
                this.phase = progress.state;
                await record.load();
            }
        } catch {
            // a lost connection or a restarting server: ask again
        }
        if (["reading", "importing", "undoing"].includes(this.phase)) {
            this.timer = browser.setTimeout(() => this.poll(), POLL_MS);
        }
    }
}

registry.category("view_widgets").add("crm_import_progress", {
    component: ImportProgress,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
