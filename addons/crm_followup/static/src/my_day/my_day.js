import {
    Component,
    onMounted,
    onPatched,
    onWillStart,
    useExternalListener,
    useRef,
    useState,
} from "@odoo/owl";
import { browser } from "@web/core/browser/browser";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { hasTouch } from "@web/core/browser/feature_detection";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { rpc } from "@web/core/network/rpc";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useBus, useService } from "@web/core/utils/hooks";
import { session } from "@web/session";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const CHOICES = [
    { key: "tomorrow", label: _t("Tomorrow"), hotkey: "1" },
    { key: "three_days", label: _t("+3 days"), hotkey: "2" },
    { key: "next_week", label: _t("Next week"), hotkey: "3" },
];

// long enough to see that the wrong one was moved
const UNDO_DELAY = 10000;

/**
 * What a person has to do today. Sections and items come from
 * `crm.my.day.get_my_day()`; a module adds a section there, not here.
 */
export class MyDay extends Component {
    static template = "crm_followup.MyDay";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.choices = CHOICES;
        this.root = useRef("root");
        this.state = useState({ sections: [], done: 0, upcoming: 0 });
        this.ui = useService("ui");
        // what can be begun from here: the same as from the box in the top bar
        this.commands = session.crm_search_commands || [];
        // the place to work on: keys go there without a click before
        this.place = 0;
        this.takesFocus = false;
        this.undoLast = null;
        onWillStart(() => this.load());
        onMounted(() => this.focusPlace());
        onPatched(() => this.focusPlace());
        // the dialog gives the focus back to what had it, and that may be gone
        useBus(this.ui.bus, "active-element-changed", () =>
            browser.setTimeout(() => this.focusPlace()),
        );
        useExternalListener(window, "keydown", (ev) => this.onStrayKey(ev));
    }

    async load() {
        Object.assign(this.state, await this.orm.call("crm.my.day", "get_my_day", []));
        this.takesFocus = true;
    }

    get elements() {
        return this.root.el ? [...this.root.el.querySelectorAll(".o_my_day_item")] : [];
    }

    get items() {
        return this.state.sections.flatMap((section) => section.items);
    }

    /** After the day was read: what follows the item that is done, else the last. */
    focusPlace() {
        // below a dialog that is about to close it waits for that
        if (!this.takesFocus || !this.root.el || this.ui.activeElement !== document) {
            return;
        }
        this.takesFocus = false;
        if (hasTouch()) {
            return;
        }
        const elements = this.elements;
        this.place = Math.max(0, Math.min(this.place, elements.length - 1));
        const target = elements[this.place] || this.root.el;
        target.focus({ preventScroll: this.place === 0 });
    }

    /** A key while nothing has the focus is meant for the place last worked on. */
    onStrayKey(ev) {
        const active = document.activeElement;
        const nowhere = !active || active === document.body || active === this.root.el;
        const below = this.ui.activeElement !== document;
        if (!nowhere || below || ev.ctrlKey || ev.metaKey || ev.altKey) {
            return;
        }
        const item = this.items[this.place];
        const element = this.elements[this.place];
        if (item && element) {
            element.focus();
            this.onItemKey(ev, item, element);
        } else {
            this.onUndoKey(ev);
        }
    }

    onFocus(ev) {
        this.place = Math.max(0, this.elements.indexOf(ev.currentTarget));
    }

    get isEmpty() {
        return this.state.sections.every((section) => section.kind === "ahead");
    }

    get todo() {
        return this.state.sections
            .filter((section) => section.kind === "todo")
            .reduce((total, section) => total + section.count, 0);
    }

    dateText(item) {
        const isDay = /^\d{4}-\d{2}-\d{2}$/.test(item.date);
        return isDay ? formatDate(deserializeDate(item.date)) : item.date;
    }

    lateText(item) {
        return item.days_late === 1 ? _t("1 day late") : _t("%s days late", item.days_late);
    }

    keyHint(button) {
        return _t("Key %s", button.hotkey.toUpperCase());
    }

    itemKey(item) {
        return `${item.model},${item.res_id},${item.activity_id},${item.key}`;
    }

    async open(item) {
        const action = await this.orm.call(item.model, "get_formview_action", [[item.res_id]]);
        this.action.doAction(action);
    }

    /** Open the compact dialog; My Day is read again once it is saved. */
    async done(item) {
        const [model, id, method] = item.activity_id
            ? ["mail.activity", item.activity_id, "action_followup_done"]
            : [item.model, item.res_id, "action_follow_up"];
        const action = await this.orm.call(model, method, [[id]]);
        this.action.doAction(action, { onClose: () => this.load() });
    }

    /** A decision on the item; one that asks something first opens its dialog. */
    async press(item, button) {
        const { model, method } = button;
        // as a button of a form is called: what it opens comes with its views
        const action = await rpc(`/web/dataset/call_button/${model}/${method}`, {
            model,
            method,
            args: [[button.res_id]],
            kwargs: { context: user.context },
        });
        if (action && action.type) {
            this.action.doAction(action, { onClose: () => this.load() });
            return;
        }
        this.notification.add(_t("%(name)s: %(what)s", { name: item.name, what: button.label }), {
            type: "success",
        });
        await this.load();
    }

    async putOff(item, choice) {
        const moved = await this.orm.call("crm.my.day", "put_off", [
            item.model,
            item.res_id,
            item.activity_id || 0,
            choice,
        ]);
        this.offerUndo(item, moved);
        await this.load();
    }

    offerUndo(item, moved) {
        let taken = false;
        const close = this.notification.add(
            _t("%(name)s: moved to %(date)s", {
                name: item.name,
                date: formatDate(deserializeDate(moved.date)),
            }),
            {
                type: "success",
                autocloseDelay: UNDO_DELAY,
                buttons: [{ name: _t("Undo"), onClick: () => undo() }],
            },
        );
        const undo = async () => {
            if (taken) {
                return;
            }
            taken = true;
            this.undoLast = null;
            close();
            await this.orm.call("crm.my.day", "undo_put_off", [moved.activity_id, moved.before]);
            await this.load();
        };
        this.undoLast = undo;
    }

    /**
     * Arrows move between items, Enter writes the follow-up, 1 to 3 put it off, U takes
     * that back; a decision has the letters it shows.
     */
    onKeydown(ev, item) {
        if (ev.target === ev.currentTarget) {
            this.onItemKey(ev, item, ev.currentTarget);
        }
    }

    onItemKey(ev, item, element) {
        const moves = ev.key === "ArrowDown" || ev.key === "ArrowUp";
        if (ev.ctrlKey || ev.metaKey || ev.altKey || (ev.repeat && !moves)) {
            return;
        }
        const choice = CHOICES.find((candidate) => candidate.hotkey === ev.key);
        const button = item.buttons.find((candidate) => candidate.hotkey === ev.key.toLowerCase());
        if (moves) {
            ev.preventDefault();
            this.moveFocus(element, ev.key === "ArrowDown" ? 1 : -1);
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            item.can_follow_up ? this.done(item) : this.open(item);
        } else if (choice && item.can_follow_up && item.can_put_off) {
            this.putOff(item, choice.key);
        } else if (button) {
            this.press(item, button);
        } else {
            this.onUndoKey(ev);
        }
    }

    onUndoKey(ev) {
        if (ev.key.toLowerCase() === "u" && this.undoLast) {
            this.undoLast();
        }
    }

    moveFocus(current, step) {
        const items = this.elements;
        items[items.indexOf(current) + step]?.focus();
    }

    /** Begin a follow-up, a customer, a deal; and come back to the day. */
    begin(command) {
        this.action.doAction(command.action);
    }

    openCustomers() {
        this.action.doAction("crm_customer_center.action_customer", {
            additionalContext: { search_default_mine: 1, search_default_no_contact_30: 1 },
        });
    }
}

registry.category("actions").add("crm_followup.my_day", MyDay);
