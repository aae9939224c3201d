import { Component } from "@odoo/owl";
import { DateTimeInput } from "@web/core/datetime/datetime_input";
import { deserializeDate, serializeDate } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { DomainSelectorAutocomplete } from "@web/core/tree_editor/tree_editor_autocomplete";
import { unique } from "@web/core/utils/arrays";
import { COMPARISONS } from "./condition_comparisons";
import { unitsOf } from "./condition_words";

// so many choices stand side by side, to be pressed; more are searched
const MOST_CHIPS = 8;

/** By model of the records: a better way to choose some than by name. */
export const recordEditors = registry.category("crm_condition_records");

/** What a field is compared with. */
export class ConditionValue extends Component {
    static template = "crm_suite_base.ConditionValue";
    static components = { DateTimeInput, SelectMenu, DomainSelectorAutocomplete };
    static props = {
        row: Object,
        // {label, kind, relation, choices}
        field: Object,
        update: Function,
    };

    get editor() {
        const { row, field } = this.props;
        const { editor } = COMPARISONS[row.kind][row.comparison];
        if (editor !== "list") {
            return editor;
        }
        if (row.kind !== "choice") {
            return recordEditors.contains(field.relation) ? "own" : "records";
        }
        return field.choices.length > MOST_CHIPS ? "menu" : "chips";
    }

    get ownEditor() {
        return recordEditors.get(this.props.field.relation);
    }

    get value() {
        return this.props.row.value;
    }

    get ids() {
        return this.value || [];
    }

    get choices() {
        return this.props.field.choices.map(([value, label]) => ({ value, label }));
    }

    get units() {
        return unitsOf(this.props.row.comparison);
    }

    get placeholder() {
        return this.editor === "words" ? _t("Several, with commas between them") : _t("Value");
    }

    get searchPlaceholder() {
        return this.ids.length ? "" : _t("Search…");
    }

    get wordsText() {
        return (this.value || []).join(", ");
    }

    day(text) {
        return text ? deserializeDate(text) : false;
    }

    numberOf(text) {
        return text.trim() === "" || isNaN(Number(text)) ? null : Number(text);
    }

    setWords(text) {
        const words = text.split(/[,，、;；\n]/).map((word) => word.trim());
        this.props.update(unique(words.filter(Boolean)));
    }

    setSpan(change) {
        const n = "n" in change ? this.numberOf(change.n) : this.value.n;
        const whole = n === null ? null : Math.max(0, Math.floor(n));
        this.props.update({ ...this.value, ...change, n: whole });
    }

    setPart(place, value) {
        const parts = [...(this.value || [null, null])];
        parts[place] = value;
        this.props.update(parts);
    }

    setDay(value, place = null) {
        const text = value ? serializeDate(value) : null;
        return place === null ? this.props.update(text) : this.setPart(place, text);
    }

    setIds(ids) {
        this.props.update(unique(ids));
    }

    toggle(choice) {
        const values = this.ids.includes(choice)
            ? this.ids.filter((value) => value !== choice)
            : [...this.ids, choice];
        this.props.update(values);
    }
}
