import { Component, onWillStart, onWillUpdateProps, useEffect, useRef, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { Mutex } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const LINES = "crm.customer.import.line";

/**
 * The wrong cells of the preview, each with what is wrong: written right where they
 * stand, checked at once, Enter goes to the next. A text that is wrong in many rows is
 * there once.
 */
export class ImportCells extends Component {
    static template = "crm_customer_import.ImportCells";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.root = useRef("root");
        this.mutex = new Mutex();
        this.state = useState({ data: null, shown: "wrong", single: {}, focus: "" });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => this.load(record));
        useEffect(
            (key) => key && this.focusOn(key),
            () => [this.state.focus],
        );
    }

    async load(record) {
        if (record.resId && record.data.state === "preview") {
            this.state.data = await this.orm.silent.call(LINES, "get_wrong_cells", [record.resId]);
        }
    }

    get isShown() {
        const { data } = this.state;
        return Boolean(data && (data.rows || data.corrected.length));
    }

    get wrongText() {
        return _t("Still wrong (%s)", this.state.data.rows);
    }

    get correctedText() {
        return _t("Corrected (%s)", this.state.data.corrected_rows);
    }

    get othersText() {
        return _t("%s further rows wait for a decision", this.state.data.others);
    }

    get restText() {
        return _t("%s further cells follow when these are right.", this.state.data.rest);
    }

    whereText(cell) {
        return cell.rows > 1
            ? _t("%(count)s rows, first row %(row)s", { count: cell.rows, row: cell.row })
            : _t("Row %s", cell.row);
    }

    everywhereText(cell) {
        return _t("in all %s rows", cell.rows);
    }

    rowsText(cell) {
        return cell.rows === 1 ? _t("1 row") : _t("%s rows", cell.rows);
    }

    isEverywhere(cell) {
        return cell.rows > 1 && !this.state.single[cell.key];
    }

    toggleEverywhere(cell) {
        this.state.single[cell.key] = !this.state.single[cell.key];
    }

    onKeydown(ev, cell) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            ev.stopPropagation();
            this.correct(cell, ev.target.value, true);
        } else if (ev.key === "Escape") {
            ev.stopPropagation();
            ev.target.value = cell.text;
        }
    }

    /** Enter goes to the next cell, or stays where it is wrong again. */
    correct(cell, text, goesOn = false) {
        const { cells } = this.state.data;
        const next = cells[cells.findIndex(({ key }) => key === cell.key) + 1];
        if (text.trim() === cell.text) {
            return goesOn && next && this.focusOn(next.key);
        }
        return this.run(cell, "action_correct", [text, this.isEverywhere(cell)], () => {
            if (goesOn) {
                const still = this.state.data.cells.find(
                    ({ line, column }) => line === cell.line && column === cell.column,
                );
                const first = this.state.data.cells[0];
                this.state.focus = (still || next || first || { key: "" }).key;
            }
        });
    }

    restore(cell) {
        return this.run(cell, "action_restore", [cell.rows > 1]);
    }

    skip(cell) {
        return this.run(cell, "action_skip_cell", []);
    }

    run(cell, method, args, then = () => {}) {
        return this.mutex.exec(async () => {
            await this.orm.call(LINES, method, [[cell.line], cell.column, ...args]);
            await this.props.record.load();
            await this.load(this.props.record);
            this.state.focus = "";
            then();
        });
    }

    focusOn(key) {
        const input = [...(this.root.el?.querySelectorAll("input[data-key]") || [])].find(
            (el) => el.dataset.key === key,
        );
        input?.focus();
        input?.select();
    }

    openOthers() {
        const { record } = this.props;
        return this.action.doActionButton({
            type: "object",
            name: "action_open_lines",
            resModel: record.resModel,
            resId: record.resId,
            context: { shown_decision: "refuse" },
        });
    }
}

registry.category("view_widgets").add("crm_import_cells", {
    component: ImportCells,
    fieldDependencies: [{ name: "state", type: "selection" }],
});
