import { Component, onWillStart, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { ConflictAnswers } from "./conflict_answers";

const MODEL = "crm.conflict.query";
const PURPOSE = "crm_customer_dedupe.purpose";

/** Whose is a customer that one may not see? One box, one whole key, one answer. */
export class ConflictPage extends Component {
    static template = "crm_customer_dedupe.ConflictPage";
    static components = { ConflictAnswers };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        useAutofocus({ refName: "text" });
        this.state = useState({
            text: this.props.action.context?.default_text || "",
            purpose: "",
            left: 0,
            limit: 0,
            purposes: [],
            asked: "",
            told: null,
            isBusy: false,
        });
        onWillStart(async () => {
            Object.assign(this.state, await this.orm.call(MODEL, "get_conflict_page", []));
            const last = browser.localStorage.getItem(PURPOSE);
            const known = this.state.purposes.map(([key]) => key);
            this.state.purpose = known.includes(last) ? last : known[0];
        });
    }

    get left() {
        return _t("%(left)s of %(limit)s questions left today", {
            left: this.state.left,
            limit: this.state.limit,
        });
    }

    choose(purpose) {
        this.state.purpose = purpose;
        browser.localStorage.setItem(PURPOSE, purpose);
    }

    async ask(beyond) {
        const text = this.state.text.trim();
        if (!text || this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        this.state.told = null;
        try {
            const told = await this.orm.call(MODEL, "ask", [text, this.state.purpose, beyond]);
            Object.assign(this.state, { told, asked: text, left: told.left });
        } finally {
            this.state.isBusy = false;
        }
    }

    get isNobodys() {
        const told = this.state.told;
        return !told.own.length && !told.answers.length;
    }

    open(customer) {
        return this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: customer.id,
            views: [[false, "form"]],
        });
    }

    enter() {
        const field = /\p{L}/u.test(this.state.asked) ? "name" : "phone";
        const name = this.state.asked.includes("@") ? "email" : field;
        return this.action.doAction("crm_customer_dedupe.action_new_customer", {
            additionalContext: { [`default_${name}`]: this.state.asked },
        });
    }

    openLog() {
        return this.action.doAction("crm_customer_dedupe.action_conflict_query");
    }
}

registry.category("actions").add("crm_customer_dedupe.conflict", ConflictPage);
