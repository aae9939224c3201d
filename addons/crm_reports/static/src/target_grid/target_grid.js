import { Component, onWillStart, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { formatFloat, formatInteger } from "@web/views/fields/formatters";
import { parseFloat } from "@web/views/fields/parsers";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], Enter: [1, 0] };
const SIDES = { ArrowLeft: -1, ArrowRight: 1 };
const WAN = 10000;

/**
 * The targets of a year, typed like a sheet: people down, months across. What is typed
 * is saved cell by cell; the server answers with the whole sheet, sums included. A
 * phone has room for one month at a time.
 */
export class TargetGrid extends Component {
    static template = "crm_reports.TargetGrid";
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.notification = useService("notification");
        this.root = useRef("root");
        const today = luxon.DateTime.now();
        this.state = useState({ data: null, month: today.month, saving: 0 });
        this.ask = { year: today.year, kind: "amount" };
        onWillStart(() => this.load());
    }

    async load(values = {}) {
        Object.assign(this.ask, values);
        const { year, kind } = this.ask;
        this.state.data = await this.orm.call("crm.sales.target", "get_grid", [year, kind]);
    }

    get months() {
        const { months } = this.state.data;
        return this.env.isSmall ? [months[this.state.month - 1]] : months;
    }

    stepMonth(by) {
        this.state.month = ((this.state.month - 1 + by + 12) % 12) + 1;
    }

    /** All lines in the order they stand in, each with its team. */
    get lines() {
        return this.state.data.teams.flatMap((team) => [
            { ...team.whole, key: `t${team.id}`, isTeam: true, sums: team.sums },
            ...team.people.map((one) => ({ ...one, key: `t${team.id}u${one.user_id}` })),
        ]);
    }

    show(number) {
        if (!number) {
            return "";
        }
        return Number.isInteger(number) ? formatInteger(number) : formatFloat(number);
    }

    sumOf(numbers) {
        return numbers.reduce((sum, one) => sum + one, 0);
    }

    /** What was typed as a number; 3万 is one too. */
    read(text) {
        const plain = text.trim();
        if (!plain) {
            return 0;
        }
        return plain.endsWith("万") ? WAN * parseFloat(plain.slice(0, -1)) : parseFloat(plain);
    }

    async change(ev, line, month) {
        const input = ev.target;
        const before = month ? line.cells[month - 1] : line.year;
        let value;
        try {
            value = this.read(input.value);
        } catch {
            this.notification.add(_t("“%s” is no number.", input.value), { type: "danger" });
            input.value = this.show(before);
            return;
        }
        if (value !== before) {
            const { year, kind } = this.ask;
            const whose = [line.team_id, line.user_id, kind, value];
            await this.save(
                month ? "set_cell" : "set_year",
                month ? [year, month, ...whose] : [year, ...whose],
            ).catch((error) => {
                input.value = this.show(before);
                throw error;
            });
        }
        input.value = this.show(value);
    }

    async save(method, args) {
        this.state.saving++;
        try {
            const data = await this.orm.call("crm.sales.target", method, args);
            if (data.year === this.ask.year && data.kind === this.ask.kind) {
                this.state.data = data;
            }
            return data;
        } finally {
            this.state.saving--;
        }
    }

    async copyYear() {
        const { year, kind } = this.ask;
        const { copied } = await this.save("copy_year", [year, kind]);
        this.notification.add(
            copied
                ? _t("%(count)s targets set as in %(year)s.", { count: copied, year: year - 1 })
                : _t("Nothing to copy: %s has no target that is missing here.", year - 1),
            { type: copied ? "success" : "info" },
        );
    }

    openList() {
        this.action.doAction("crm_reports.action_sales_target");
    }

    /** Arrows and Enter go from cell to cell; within a text they stay. */
    onKeydown(ev) {
        const input = ev.target;
        let move = MOVES[ev.key];
        const side = SIDES[ev.key];
        if (side) {
            const edge = side < 0 ? 0 : input.value.length;
            const isAll = input.selectionStart === 0 && input.selectionEnd === input.value.length;
            move =
                isAll || (input.selectionStart === edge && input.selectionEnd === edge)
                    ? [0, side]
                    : null;
        }
        if (!move) {
            return;
        }
        const place = (one) => [Number(one.dataset.row), Number(one.dataset.column)];
        const [row, column] = place(input);
        const inputs = [...this.root.el.querySelectorAll("input[data-row]")];
        const next = move[0]
            ? inputs
                  .filter((one) => place(one)[1] === column && (place(one)[0] - row) * move[0] > 0)
                  .sort((a, b) => move[0] * (place(a)[0] - place(b)[0]))[0]
            : inputs.find((one) => place(one)[0] === row && place(one)[1] === column + move[1]);
        ev.preventDefault();
        if (next) {
            next.focus();
            next.select();
        } else if (ev.key === "Enter") {
            input.blur();
        }
    }
}

registry.category("actions").add("crm_reports.target_grid", TargetGrid);
