import { Component, onMounted, onWillUnmount, useRef, useState } from "@odoo/owl";
import { formatDateTime } from "@web/core/l10n/dates";
import { registry } from "@web/core/registry";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { dropDraft, keepDraft, readDraft } from "./draft_store";

const { DateTime } = luxon;
const TEXTS = ["content", "feedback"];

/**
 * Keeps what is being written on the device with every letter, so that it survives
 * Escape, a closed tab and a lost net, and brings it back when the dialog is opened
 * again about the same record. Saving (`crm_followup.saved`) and "Discard" end it.
 */
export class FollowupDraft extends Component {
    static template = "crm_followup.FollowupDraft";
    static props = { ...standardWidgetProps };

    setup() {
        this.root = useRef("root");
        this.state = useState({ since: "" });
        this.onInput = this.onInput.bind(this);
        this.onClick = this.onClick.bind(this);
        onMounted(() => this.begin());
        onWillUnmount(() => {
            this.dialog.removeEventListener("input", this.onInput);
            this.dialog.removeEventListener("click", this.onClick, true);
        });
    }

    get name() {
        return this.props.record.data.draft_key;
    }

    async begin() {
        this.dialog = this.root.el.closest(".modal") || this.root.el.closest(".o_form_view");
        this.dialog.addEventListener("input", this.onInput);
        this.dialog.addEventListener("click", this.onClick, true);
        const draft = readDraft(this.name);
        this.texts = { ...draft?.texts };
        if (draft && !this.props.record.data.content) {
            await this.props.record.update({ ...draft.texts });
            this.state.since = formatDateTime(DateTime.fromMillis(draft.at));
        }
    }

    onInput(ev) {
        const field = ev.target.closest(".o_field_widget[name]")?.getAttribute("name");
        if (TEXTS.includes(field)) {
            this.texts[field] = ev.target.value;
            keepDraft(this.name, this.texts);
        }
    }

    onClick(ev) {
        if (ev.target.closest(".o_followup_discard")) {
            dropDraft(this.name);
        }
    }

    async startAnew() {
        dropDraft(this.name);
        this.texts = {};
        this.state.since = "";
        await this.props.record.update(Object.fromEntries(TEXTS.map((name) => [name, false])));
        this.dialog.querySelector(".o_followup_content textarea")?.focus();
    }
}

registry.category("view_widgets").add("crm_followup_draft", { component: FollowupDraft });

/** The server has written it: what the device kept is not needed any more. */
function followupSaved(env, action) {
    dropDraft(action.params.draft);
    return { type: "ir.actions.act_window_close", infos: { saved: true } };
}

registry.category("actions").add("crm_followup.saved", followupSaved);
