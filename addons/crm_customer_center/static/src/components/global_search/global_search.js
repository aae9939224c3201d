import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
// first what Odoo registers, so that our words replace its own in any order of files
import "@web/core/commands/default_providers";

/** Milliseconds without a further key before the server is asked. */
export const PAUSE = 180;
const CATEGORY = "crm_global_search";

/** A line of the box: what was found, or something to begin. */
export class GlobalSearchItem extends Component {
    static template = "crm_customer_center.GlobalSearchItem";
    static props = {
        slots: { type: Object, optional: true },
        name: { type: String, optional: true },
        searchValue: { type: String, optional: true },
        executeCommand: { type: Function, optional: true },
        label: String,
        icon: String,
        title: String,
        detail: { type: String, optional: true },
    };
}

let latest = 0;

/**
 * Ask the server, once the person has stopped typing.
 *
 * @returns {Promise<object[]>} nothing when a later key has made this question idle
 */
async function ask(env, text) {
    const asked = ++latest;
    if (!text) {
        return [];
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    return asked === latest
        ? env.services.orm.silent.call("crm.global.search", "find", [text])
        : [];
}

async function openRecord(env, line) {
    const action = await env.services.orm.call(line.model, "get_formview_action", [[line.id]]);
    await env.services.action.doAction(action);
}

function lineCommand(env, line, text) {
    return {
        Component: GlobalSearchItem,
        // the palette drops what does not contain what was typed: a customer found by
        // its sound does not
        name: text,
        category: CATEGORY,
        href: `/odoo/${line.model}/${line.id}`,
        className: "text-reset text-decoration-none",
        props: {
            label: line.label,
            icon: line.icon,
            title: line.title,
            detail: line.detail,
        },
        action: () => {
            openRecord(env, line);
        },
    };
}

/** What was typed goes into the new record: a number as a phone, else as a name. */
function startedAction({ action, name_field, phone_field }, text) {
    const field = /\p{L}/u.test(text) ? name_field : phone_field;
    const typed = text && field ? { [`default_${field}`]: text } : {};
    return { ...action, context: { ...action.context, ...typed } };
}

function beginCommand(env, command, text) {
    return {
        Component: GlobalSearchItem,
        name: text || command.label,
        category: CATEGORY,
        props: {
            label: text && !command.is_page ? _t("Create").toString() : "",
            icon: command.icon,
            title: command.label,
            detail: text,
        },
        action: () => {
            env.services.action.doAction(startedAction(command, text));
        },
    };
}

registry.category("command_categories").add(CATEGORY, {}, { sequence: 1 });

registry.category("command_provider").add("crm_global_search", {
    async provide(env, { searchValue = "" } = {}) {
        const text = searchValue.trim();
        const lines = await ask(env, text);
        const commands = session.crm_search_commands || [];
        return [
            ...lines.map((line) => lineCommand(env, line, searchValue)),
            ...commands.map((command) => beginCommand(env, command, text)),
        ];
    },
});

// ------------------------------------------------------------
// The top bar
// ------------------------------------------------------------

export class GlobalSearchMenu extends Component {
    static template = "crm_customer_center.GlobalSearchMenu";
    static props = {};

    setup() {
        this.command = useService("command");
    }

    open() {
        this.command.openMainPalette();
    }
}

registry
    .category("systray")
    .add("crm_global_search", { Component: GlobalSearchMenu }, { sequence: 200 });

// what the box says of itself, in place of "Search for a command..."
registry.category("command_setup").add(
    "default",
    {
        emptyMessage: _t("Nothing found that you may see"),
        placeholder: _t("Customer, contact, phone, code, pinyin, deal, ticket, or a command"),
    },
    { force: true },
);
