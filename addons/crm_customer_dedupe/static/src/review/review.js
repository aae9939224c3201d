import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { ConfirmationDialog } from "@web/core/confirmation_dialog/confirmation_dialog";
import { useHotkey } from "@web/core/hotkeys/hotkey_hook";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MODEL = "crm.customer.pair";

/**
 * Pairs of customers that may be one, decided one after the other: which stays, or that
 * they are two. What is shown, and to whom, is said by the server.
 */
export class PairReview extends Component {
    static template = "crm_customer_dedupe.PairReview";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.notification = useService("notification");
        this.why = useRef("why");
        this.state = useState({
            ids: [],
            total: 0,
            reasons: [],
            reason: "",
            card: null,
            keep: 0,
            taken: [],
            onlyDifferent: false,
            asksWhy: false,
            isBusy: false,
        });
        onWillStart(() => this.load());
        const keys = {
            1: () => this.choose(0),
            2: () => this.choose(1),
            m: () => this.merge(),
            n: () => this.askWhy(),
            l: () => this.later(),
        };
        for (const [key, act] of Object.entries(keys)) {
            useHotkey(key, act, { isAvailable: () => Boolean(this.state.card) });
        }
    }

    async load() {
        const queue = await this.orm.call(MODEL, "get_review_queue", [this.state.reason]);
        Object.assign(this.state, queue);
        await this.show();
    }

    /** Show the first pair of the queue; fetch more when it is used up. */
    async show() {
        const [id] = this.state.ids;
        this.state.asksWhy = false;
        if (!id) {
            this.state.card = null;
            return;
        }
        try {
            this.state.card = await this.orm.call(MODEL, "get_review_card", [[id]]);
            this.state.keep = this.state.card.suggested;
            this.state.taken = [];
        } catch (error) {
            // merged or hidden meanwhile: the next one, and the reason of this one
            this.state.ids.shift();
            await this.show();
            throw error;
        }
    }

    get rows() {
        const rows = this.state.card.rows;
        return this.state.onlyDifferent ? rows.filter((row) => row.differs) : rows;
    }

    /** Merging rests on the right to change both. */
    get mayMerge() {
        return this.state.card.sides.every((side) => side.may_be_changed);
    }

    get mergeHint() {
        return this.mayMerge ? "" : _t("You may not change both customers");
    }

    get left() {
        return _t("%s to review", this.state.total);
    }

    filter(reason) {
        this.state.reason = this.state.reason === reason ? "" : reason;
        return this.load();
    }

    choose(at) {
        this.state.keep = this.state.card.sides[at].id;
        this.state.taken = [];
    }

    get keptAt() {
        return this.state.card.sides.findIndex((side) => side.id === this.state.keep);
    }

    /** Whether the value at one side is what the one customer will have. */
    survives(row, at) {
        if (!row.may_be_chosen) {
            return Boolean(row.values[at]);
        }
        return this.state.taken.includes(row.name) === (at !== this.keptAt);
    }

    /** Let the value at one side be the one that stays. */
    take(row, at) {
        const taken = this.state.taken.filter((name) => name !== row.name);
        this.state.taken = at === this.keptAt ? taken : [...taken, row.name];
    }

    isOpen(row) {
        return row.differs && row.may_be_chosen && this.mayMerge;
    }

    open(side) {
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "res.partner",
            res_id: side.id,
            views: [[false, "form"]],
        });
    }

    merge() {
        if (!this.mayMerge) {
            return;
        }
        const kept = this.state.card.sides.find((side) => side.id === this.state.keep);
        const gone = this.state.card.sides.find((side) => side.id !== this.state.keep);
        this.dialog.add(ConfirmationDialog, {
            title: _t("Merge"),
            body: _t(
                "“%(kept)s” stays. Everything of “%(gone)s” moves there, its name is kept as a former name. It can be taken back under “Merges”.",
                { kept: kept.name, gone: gone.name },
            ),
            confirmLabel: _t("Merge"),
            confirm: () =>
                this.decide("merge_into", [kept.id, [...this.state.taken]], _t("Merged")),
            cancel: () => {},
        });
    }

    askWhy() {
        this.state.asksWhy = true;
    }

    different() {
        return this.decide(
            "say_different",
            [this.why.el.value],
            _t("Noted: they are two, and nobody asks again"),
        );
    }

    later() {
        return this.decide("put_off", [], _t("Put off"));
    }

    async decide(method, args, message) {
        if (this.state.isBusy) {
            return;
        }
        this.state.isBusy = true;
        try {
            const id = this.state.card.id;
            await this.orm.call(MODEL, method, [[id], ...args]);
            this.notification.add(message, { type: "success" });
            await this.load();
        } finally {
            this.state.isBusy = false;
        }
    }
}

registry.category("actions").add("crm_customer_dedupe.review", PairReview);
