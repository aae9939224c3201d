import { Component, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { useService } from "@web/core/utils/hooks";

const ANSWER = "crm.conflict.answer";

/**
 * What is told of customers that the person does not see, each with what may be done:
 * ask the owner, and whatever a module adds (see `_conflict_actions`).
 */
export class ConflictAnswers extends Component {
    static template = "crm_customer_dedupe.ConflictAnswers";
    static props = { answers: Array, onLeave: { type: Function, optional: true } };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.state = useState({ asking: 0, why: "", asked: [], isBusy: false });
    }

    async run(answer, act) {
        if (!act.method) {
            this.state.asking = answer.id;
            this.state.why = "";
            return;
        }
        const next = await this.busy(() => this.orm.call(ANSWER, act.method, [[answer.id]]));
        if (next) {
            this.props.onLeave?.();
            await this.action.doAction(next);
        }
    }

    async send(answer) {
        const words = await this.busy(() =>
            this.orm.call(ANSWER, "ask_owner", [[answer.id], this.state.why]),
        );
        this.state.asked.push(answer.id);
        this.state.asking = 0;
        this.notification.add(words, { type: "success" });
    }

    openTalk(answer) {
        this.props.onLeave?.();
        return this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Talk With the Owner"),
            res_model: ANSWER,
            res_id: answer.id,
            views: [[false, "form"]],
        });
    }

    async busy(act) {
        this.state.isBusy = true;
        try {
            return await act();
        } finally {
            this.state.isBusy = false;
        }
    }
}
