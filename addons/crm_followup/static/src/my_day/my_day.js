import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { formatDate, deserializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const CHOICES = [
    { key: "tomorrow", label: _t("Tomorrow"), hotkey: "1" },
    { key: "three_days", label: _t("+3 days"), hotkey: "2" },
    { key: "next_week", label: _t("Next week"), hotkey: "3" },
];

/**
 * What a person has to do today. Sections and items come from
 * `crm.my.day.get_my_day()`; a module adds a section there, not here.
 */
export class MyDay extends Component {
    static template = "crm_followup.MyDay";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.choices = CHOICES;
        this.root = useRef("root");
        this.state = useState({ sections: [], done: 0, upcoming: 0 });
        onWillStart(() => this.load());
    }

    async load() {
        Object.assign(this.state, await this.orm.call("crm.my.day", "get_my_day", []));
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

    async putOff(item, choice) {
        const day = await this.orm.call("crm.my.day", "put_off", [
            item.model,
            item.res_id,
            item.activity_id || 0,
            choice,
        ]);
        this.notification.add(
            _t("%(name)s: moved to %(date)s", {
                name: item.name,
                date: formatDate(deserializeDate(day)),
            }),
            { type: "success" }
        );
        await this.load();
    }

    /** Arrows move between items, Enter writes the follow-up, 1 to 3 put it off. */
    onKeydown(ev, item) {
        if (ev.target !== ev.currentTarget) {
            return;
        }
        const choice = CHOICES.find((candidate) => candidate.hotkey === ev.key);
        if (ev.key === "ArrowDown" || ev.key === "ArrowUp") {
            ev.preventDefault();
            this.moveFocus(ev.currentTarget, ev.key === "ArrowDown" ? 1 : -1);
        } else if (ev.key === "Enter") {
            ev.preventDefault();
            item.can_follow_up ? this.done(item) : this.open(item);
        } else if (choice && item.can_follow_up && item.can_put_off) {
            this.putOff(item, choice.key);
        }
    }

    moveFocus(current, step) {
        const items = [...this.root.el.querySelectorAll(".o_my_day_item")];
        items[items.indexOf(current) + step]?.focus();
    }

    openCustomers() {
        this.action.doAction("crm_customer_center.action_customer", {
            additionalContext: { search_default_mine: 1, search_default_no_contact_30: 1 },
        });
    }
}

registry.category("actions").add("crm_followup.my_day", MyDay);
