import { Chatter } from "@mail/chatter/web_portal/chatter";
import { useEffect } from "@odoo/owl";
import { patch } from "@web/core/utils/patch";

/** Where the conversation stands below the form, the answer is a tap away all the same. */
patch(Chatter.prototype, {
    setup() {
        super.setup();
        this.isBroughtIntoView = false;
        useEffect(
            () => {
                if (this.isBroughtIntoView && this.state.composerType) {
                    this.isBroughtIntoView = false;
                    this.rootRef.el.scrollIntoView({ block: "start" });
                }
            },
            () => [this.state.composerType],
        );
    },

    get isTicketAnswerOffered() {
        return Boolean(
            this.env.ticketDesk &&
            !this.props.isChatterAside &&
            !this.state.composerType &&
            this.state.thread?.id &&
            this.state.thread.canPostMessage,
        );
    },

    answerTicket() {
        this.isBroughtIntoView = true;
        this.toggleComposer("message", { force: true });
    },
});
