import { Composer } from "@mail/core/common/composer";
import { useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { user } from "@web/core/user";
import { patch } from "@web/core/utils/patch";

const NEXT = "service_next_after_sending";
const OPEN = ["pending", "in_progress", "waiting"];

/**
 * What an answer may do to the ticket, in the order of the buttons. Odoo sends with
 * Ctrl+Enter; one key more says what comes after.
 */
const MOVES = [
    {
        state: "waiting",
        label: _t("Send and Wait"),
        help: _t("Send, then wait for the customer (Ctrl+Shift+Enter)"),
        isPressed: (ev) => ev.shiftKey && !ev.altKey,
    },
    {
        state: "resolved",
        label: _t("Send and Resolve"),
        help: _t("Send; the problem is solved with it (Ctrl+Alt+Enter)"),
        isPressed: (ev) => ev.altKey && !ev.shiftKey,
    },
];

/** Beside "Send" of a ticket: what happens with the ticket, and which one comes next. */
patch(Composer.prototype, {
    setup() {
        super.setup();
        const desk = this.env.ticketDesk;
        this.ticket = useState({
            model: desk?.model,
            isNextOpened: Boolean(user.settings?.[NEXT]),
        });
        this.stateAfter = undefined;
        if (this.isTicketComposer) {
            // for the order of canned answers
            this.thread.ticketTeamId = desk.model.root.data.team_id?.id || false;
        }
    },

    /** Whether something is written about the ticket on this page. */
    get isTicketComposer() {
        return Boolean(
            this.env.ticketDesk &&
            !this.props.composer.message &&
            this.thread?.model === "crm.service.ticket",
        );
    },

    /** Whether the words go to its customer. */
    get isTicketAnswer() {
        return this.isTicketComposer && this.props.type === "message";
    },

    /** The canned answers that do something when they are sent. */
    get macros() {
        const isLent = this.isTicketAnswer && this.thread.hasWriteAccess;
        const canned = isLent ? this.props.composer.cannedResponses : [];
        return canned.filter((response) => response.moves?.length);
    },

    removeMacro(response) {
        this.props.composer.cannedResponses.delete(response);
    },

    async fillCannedResponse(response) {
        const filled = await this.env.services.orm.call("mail.canned.response", "fill_for_ticket", [
            [response.id],
            this.thread.id,
        ]);
        this.store.insert(filled.store_data);
        for (const id of filled.files) {
            this.props.composer.attachments.push(this.store["ir.attachment"].get(id));
        }
        response.moves = filled.moves;
        return filled;
    },

    get ticketMoves() {
        const { state, merged_into_id: target } = this.ticket.model.root.data;
        const isOpen = OPEN.includes(state) && !target;
        return isOpen && this.thread.hasWriteAccess ? MOVES : [];
    },

    onKeydown(ev) {
        if (this.isTicketAnswer && ev.key === "Enter" && ev.ctrlKey && !ev.isComposing) {
            const move = this.ticketMoves.find((move) => move.isPressed(ev));
            if (move) {
                ev.preventDefault();
                this.sendAndMove(move.state);
                return;
            }
        }
        super.onKeydown(...arguments);
    },

    async sendAndMove(state) {
        if (this.isTicketBusy) {
            return;
        }
        this.stateAfter = state;
        try {
            await this.sendMessage();
        } finally {
            this.stateAfter = undefined;
        }
    },

    get postData() {
        const data = super.postData;
        if (this.isTicketAnswer) {
            data.stateAfter = this.stateAfter;
            data.macroIds = this.macros.map((response) => response.id);
        }
        return data;
    },

    /** What is changed on the page goes first; with a mistake in it nothing is sent. */
    async sendMessage() {
        if (!this.isTicketAnswer) {
            return super.sendMessage(...arguments);
        }
        if (this.isTicketBusy) {
            return;
        }
        const desk = this.env.ticketDesk;
        this.isTicketBusy = true;
        this.isTicketAnswered = false;
        try {
            if (await desk.save()) {
                await super.sendMessage(...arguments);
            }
        } finally {
            // Odoo leaves it locked when the server refuses; the words are still there
            this.state.active = true;
            this.isTicketBusy = false;
        }
        if (this.isTicketAnswered) {
            await (this.ticket.isNextOpened ? desk.openNext() : desk.refresh());
        }
    },

    async _sendMessage() {
        const message = await super._sendMessage(...arguments);
        this.isTicketAnswered = Boolean(message);
        return message;
    },

    async toggleNextTicket() {
        this.ticket.isNextOpened = !this.ticket.isNextOpened;
        await user.setUserSettings(NEXT, this.ticket.isNextOpened);
    },
});
