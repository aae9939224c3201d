import { Component, onWillDestroy, useEffect, useRef, useState } from "@odoo/owl";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { deserializeDate, formatDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";
import { useCustomerPage } from "../customer_page/customer_page";
import { timelineDays } from "./timeline_days";

const { DateTime } = luxon;
// the same as in models/res_partner_timeline.py
const COUNTED = 100;

/**
 * What has happened with the customer, newest first. Events, chips and their order come
 * from `res.partner.get_customer_timeline()`; a module adds events there, not here.
 */
export class CustomerTimeline extends Component {
    static template = "crm_customer_center.CustomerTimeline";
    static components = { Dropdown, DropdownItem };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.end = useRef("end");
        this.keepLast = new KeepLast();
        this.state = useState({
            kinds: [],
            chosen: [],
            person: null,
            people: {},
            text: "",
            events: [],
            cursor: false,
            loading: false,
            loaded: false,
            ready: false,
            unfolded: {},
            behind: {},
        });
        this.search = useDebounced(() => this.reload(), 300);
        useCustomerPage(this.props, (id) => this.start(id));
        this.observer = new IntersectionObserver(([entry]) => {
            if (entry.isIntersecting && this.state.cursor && !this.state.loading) {
                this.loadMore();
            }
        });
        useEffect(
            (end) => {
                if (end) {
                    this.observer.observe(end);
                    return () => this.observer.unobserve(end);
                }
            },
            () => [this.end.el],
        );
        onWillDestroy(() => this.observer.disconnect());
    }

    // ------------------------------------------------------------
    // LOADING
    // ------------------------------------------------------------

    async start(id) {
        if (id !== this.id) {
            this.id = id;
            Object.assign(this.state, {
                kinds: [],
                chosen: [],
                person: null,
                people: {},
                text: "",
                events: [],
                cursor: false,
                loaded: false,
                ready: false,
                unfolded: {},
                behind: {},
            });
        }
        if (!id) {
            return;
        }
        const counting = this.orm.silent.call("res.partner", "get_customer_timeline_kinds", [id]);
        const [kinds] = await Promise.all([counting, this.reload()]);
        if (id === this.id) {
            Object.assign(this.state, { kinds, ready: true });
        }
    }

    async reload() {
        const page = await this.fetchPage(false);
        this.state.events = page.events;
        this.state.cursor = page.cursor;
        this.state.loaded = true;
        this.meet(page.events);
    }

    async loadMore() {
        this.state.loading = true;
        try {
            const page = await this.fetchPage(this.state.cursor);
            this.state.events.push(...page.events);
            this.state.cursor = page.cursor;
            this.meet(page.events);
        } finally {
            this.state.loading = false;
        }
    }

    fetchPage(cursor) {
        return this.keepLast.add(
            this.orm.silent.call("res.partner", "get_customer_timeline", [this.id], {
                kinds: [...this.state.chosen],
                person: this.state.person?.id || false,
                text: this.state.text,
                cursor: cursor ? [...cursor] : false,
            }),
        );
    }

    /** Remember who has done something, to choose from. */
    meet(events) {
        for (const { person } of events) {
            if (person) {
                this.state.people[person.id] = person;
            }
        }
    }

    // ------------------------------------------------------------
    // FILTERS
    // ------------------------------------------------------------

    toggle(kind) {
        const chosen = this.state.chosen;
        this.state.chosen = chosen.includes(kind.key)
            ? chosen.filter((key) => key !== kind.key)
            : [...chosen, kind.key];
        return this.reload();
    }

    choose(person) {
        this.state.person = person;
        return this.reload();
    }

    clear() {
        Object.assign(this.state, { chosen: [], person: null, text: "" });
        return this.reload();
    }

    onType(ev) {
        this.state.text = ev.target.value;
        this.search();
    }

    get isFiltered() {
        return Boolean(this.state.chosen.length || this.state.person || this.state.text);
    }

    get people() {
        return Object.values(this.state.people).sort((a, b) => a.name.localeCompare(b.name));
    }

    countText(kind) {
        return kind.count < COUNTED ? kind.count : `${COUNTED - 1}+`;
    }

    // ------------------------------------------------------------
    // SHOWING
    // ------------------------------------------------------------

    /** Who asks for changes or looks for words wants them open. */
    get days() {
        return timelineDays(
            this.state.events,
            !this.state.text && !this.state.chosen.includes("change"),
        );
    }

    dayText(day) {
        const date = deserializeDate(day);
        const today = DateTime.local().startOf("day");
        const away = Math.round(today.diff(date, "days").days);
        if (away === 0) {
            return _t("Today");
        }
        return away === 1 ? _t("Yesterday") : formatDate(date);
    }

    noiseText(day) {
        return day.noise.length === 1
            ? _t("1 system change")
            : _t("%s system changes", day.noise.length);
    }

    foldedText(event) {
        return event.folded === 1
            ? _t("and 1 contact along with it")
            : _t("and %s contacts along with it", event.folded);
    }

    kindOf(event) {
        return this.state.kinds.find((kind) => kind.key === event.kind) || {};
    }

    iconOf(event) {
        return event.icon || this.kindOf(event).icon || "fa-circle";
    }

    toneOf(event) {
        return `o_timeline_${event.tone || this.kindOf(event).tone || "grey"}`;
    }

    avatar(person) {
        return `/web/image/${person.model}/${person.id}/avatar_128`;
    }

    unfold(day) {
        this.state.unfolded[day.day] = !this.state.unfolded[day.day];
    }

    /** Show the contacts that did the same, or hide them again. */
    async unfoldEvent(event) {
        const behind = this.state.behind;
        behind[event.id] = behind[event.id]
            ? false
            : await this.orm.call("res.partner", "get_customer_timeline_folded", [
                  this.id,
                  Number(event.id.split(":")[1]),
              ]);
    }

    open(event) {
        if (event.opens) {
            this.action.doAction({
                type: "ir.actions.act_window",
                res_model: event.opens.model,
                res_id: event.opens.id,
                views: [[false, "form"]],
            });
        }
    }
}

registry.category("view_widgets").add("customer_timeline", { component: CustomerTimeline });
