import { Component, onMounted, onWillDestroy, useState } from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { useRecordObserver } from "@web/model/relational_model/utils";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { Others } from "./others";

const HERE = "crm.service.live/here";
/** Milliseconds: the line to the channel stands before somebody is asked. */
const JOINING = 500;
/** How often what is over is looked for, and how often I say that I am still here. */
const LOOK = 5000;
const BEAT = 20000;
/** Who has not touched a key for so long is not writing any more. */
const THINKING = 12000;
/** Where an answer is written: below the ticket, or in the large composer. */
const COMPOSER = ".o-mail-Composer, .o_mail_composer_form, .o_mail_composer_form_view";

/**
 * Who else is at this ticket: “… is looking at this ticket”, “… is writing a reply”; and
 * the form as it is on the server, unless it is being edited.
 */
export class TicketPresence extends Component {
    static template = "crm_service_ticket_live.TicketPresence";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.busService = useService("bus_service");
        this.names = useService("name");
        this.page = Math.random().toString(36).slice(2, 14);
        this.ticketId = false;
        this.mine = "looking";
        this.writtenAt = 0;
        this.saidAt = 0;
        this.state = useState({ others: [], isBehind: false });
        this.others = new Others();

        const onHere = this.onHere.bind(this);
        this.busService.subscribe(HERE, onHere);
        useBus(useService("crm_service_live").bus, "changed", ({ detail }) =>
            this.onChanged(detail),
        );
        const onInput = this.onInput.bind(this);
        onMounted(() => {
            document.addEventListener("input", onInput, true);
            this.timer = browser.setInterval(() => this.look(), LOOK);
        });
        onWillDestroy(() => {
            document.removeEventListener("input", onInput, true);
            browser.clearInterval(this.timer);
            this.busService.unsubscribe(HERE, onHere);
            this.leave();
        });
        useRecordObserver((record) => {
            this.moveTo(record.resId || false);
            if (this.state.isBehind && !record.dirty) {
                this.catchUp();
            }
        });
    }

    // ------------------------------------------------------------
    // Who is here
    // ------------------------------------------------------------

    moveTo(ticketId) {
        if (ticketId === this.ticketId) {
            return;
        }
        this.leave();
        this.ticketId = ticketId;
        this.state.isBehind = false;
        if (ticketId) {
            this.busService.addChannel(this.channel);
            this.asking = browser.setTimeout(() => this.ask(), JOINING);
        }
    }

    leave() {
        browser.clearTimeout(this.asking);
        if (!this.ticketId) {
            return;
        }
        if (this.others.size) {
            this.say("left");
        }
        this.busService.deleteChannel(this.channel);
        this.ticketId = false;
        this.mine = "looking";
        this.others = new Others();
        this.show();
    }

    get channel() {
        return `crm.service.ticket_${this.ticketId}`;
    }

    async ask() {
        const others = this.others;
        const since = await this.say("asking");
        others.begin(since);
        this.show();
    }

    /** Nobody is shown an error because a colleague could not be told. */
    async say(state) {
        this.saidAt = Date.now();
        try {
            return await this.orm.silent.call("crm.service.live", "say_here", [
                this.ticketId,
                state,
                this.page,
            ]);
        } catch {
            return 0;
        }
    }

    onHere({ ticket, user: userId, state }, { id }) {
        if (ticket !== this.ticketId || userId === user.userId) {
            return;
        }
        this.others.hear(id, userId, state, Date.now());
        if (state === "asking") {
            this.say(this.mine);
        }
        this.show();
    }

    onInput({ target }) {
        if (!this.ticketId || !target.closest?.(COMPOSER)) {
            return;
        }
        this.writtenAt = Date.now();
        this.become("writing");
    }

    become(state) {
        if (state !== this.mine) {
            this.mine = state;
            if (this.others.size) {
                this.say(state);
            }
        }
    }

    look() {
        const now = Date.now();
        this.others.forget(now);
        const isDone = !document.querySelector(COMPOSER);
        if (this.mine === "writing" && (isDone || now - this.writtenAt > THINKING)) {
            this.become("looking");
        }
        if (this.others.size && now - this.saidAt > BEAT) {
            this.say(this.mine);
        }
        this.show();
    }

    async show() {
        const others = this.others.list();
        const ids = others.map((other) => other.user);
        const names = ids.length ? await this.names.loadDisplayNames("res.users", ids) : {};
        this.state.others = others.map(({ user: id, state }) => {
            const name = typeof names[id] === "string" ? names[id] : _t("Somebody");
            return {
                id,
                isWriting: state === "writing",
                text:
                    state === "writing"
                        ? _t("%s is writing a reply", name)
                        : _t("%s is looking at this ticket", name),
            };
        });
    }

    // ------------------------------------------------------------
    // What has become of it
    // ------------------------------------------------------------

    async onChanged({ by, changed }) {
        if (by === user.userId || !this.ticketId || !changed.includes(this.ticketId)) {
            return;
        }
        this.env.bus.trigger("MAIL:RELOAD-THREAD", {
            model: this.props.record.resModel,
            id: this.ticketId,
        });
        if (await this.props.record.isDirty()) {
            this.state.isBehind = true;
        } else {
            this.catchUp();
        }
    }

    catchUp() {
        this.state.isBehind = false;
        return this.props.record.load();
    }
}

registry.category("view_widgets").add("ticket_presence", { component: TicketPresence });
