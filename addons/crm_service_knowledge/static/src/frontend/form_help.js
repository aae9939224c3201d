import { markup } from "@odoo/owl";
import { setElementContent } from "@web/core/utils/html";
import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

const PAUSE = 500;
const SHORTEST = 2;

/**
 * Below the subject of the ticket form: articles that may answer it, to read in place. The
 * server answers with a piece of the page. Without this script there is a link to the help.
 */
export class FormHelp extends Interaction {
    static selector = ".o_ticket_form form";
    static selectorHas = ".o_help_suggestions";
    dynamicContent = {
        "input[name='name']": { "t-on-input": this.debounced(this.suggest, PAUSE) },
        ".o_help_suggestions": { "t-on-click": this.clicked },
    };

    setup() {
        this.asked = "";
        this.box = this.el.querySelector(".o_help_suggestions");
    }

    start() {
        // who types fast was first; a question that came along was asked already
        const input = this.el.querySelector("input[name='name']");
        if (input.value !== input.defaultValue) {
            this.suggest();
        }
    }

    async suggest() {
        const question = this.el.querySelector("input[name='name']").value.trim();
        if (question === this.asked) {
            return;
        }
        this.asked = question;
        const piece =
            question.length < SHORTEST
                ? ""
                : await this.waitFor(this.post("/help/suggest", { question }));
        // somebody may have typed on meanwhile, or is reading one of them
        const isReading = this.box.querySelector("details[open]");
        if (question === this.asked && piece !== null && !isReading) {
            this.show(piece);
        }
    }

    async clicked(ev) {
        const button = ev.target.closest(".o_help_solved");
        if (!button) {
            return;
        }
        button.disabled = true;
        const path = `/help/${button.dataset.article}/solved`;
        const piece = await this.waitFor(this.post(path, {}));
        button.disabled = false;
        if (piece !== null) {
            this.show(piece);
            this.box.querySelector(".o_help_thanks")?.focus();
        }
    }

    /** What the server says to it, as HTML; null where it says nothing. */
    async post(path, values) {
        const body = new FormData();
        body.append("csrf_token", this.el.querySelector("input[name='csrf_token']").value);
        for (const [name, value] of Object.entries(values)) {
            body.append(name, value);
        }
        try {
            const answer = await fetch(path, { method: "POST", body });
            return answer.ok ? await answer.text() : null;
        } catch {
            // without it the form is a form
            return null;
        }
    }

    show(piece) {
        // rendered by our server, which has sanitised what people wrote
        setElementContent(this.box, markup(piece));
    }
}

registry.category("public.interactions").add("crm_service_knowledge.form_help", FormHelp);
