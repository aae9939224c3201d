import { Component, onWillStart, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

/**
 * What an administrator sees to before people begin. Steps come from
 * `crm.setup.get_setup()`; a module adds one there, not here.
 */
export class Setup extends Component {
    static template = "crm_customer_center.Setup";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.state = useState({ steps: [], settled: 0, total: 0 });
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call("crm.setup", "get_setup", []));
        });
    }

    get progress() {
        return _t("%(settled)s of %(total)s", {
            settled: this.state.settled,
            total: this.state.total,
        });
    }

    get percent() {
        return this.state.total ? (100 * this.state.settled) / this.state.total : 100;
    }

    /** The step to take next is the one whose button calls. */
    get next() {
        return this.state.steps.find((step) => step.state === "open");
    }

    iconOf(step) {
        const icons = { done: "fa-check", skipped: "fa-minus" };
        return icons[step.state] || step.icon;
    }

    async open(step) {
        const action = await this.orm.call("crm.setup", "open_step", [step.key]);
        await this.action.doAction(action);
    }

    async skip(step, skipped) {
        const list = await this.orm.call("crm.setup", "skip_step", [step.key, skipped]);
        Object.assign(this.state, list);
    }
}

registry.category("actions").add("crm_customer_center.setup", Setup);
