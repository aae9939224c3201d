import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { ModelFieldSelector } from "@web/core/model_field_selector/model_field_selector";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { COMPARISONS, isOffered } from "./condition_comparisons";
import { isComplete } from "./condition_rows";
import { ConditionValue } from "./condition_value";
import { nameOf } from "./condition_words";

const MORE = "…";

function firstValue(editor) {
    return editor === "span" ? { n: 30, unit: "d" } : null;
}

/** A field, what is asked of it, and the value. */
export class ConditionRow extends Component {
    static template = "crm_suite_base.ConditionRow";
    static components = { ConditionValue, ModelFieldSelector, SelectMenu };
    static props = {
        row: Object,
        resModel: String,
        groups: Array,
        // path => {label, kind, relation, choices}
        fields: Object,
        pickField: Function,
        change: Function,
        remove: Function,
    };

    get field() {
        return this.props.fields[this.props.row.path];
    }

    get isMore() {
        const { row } = this.props;
        return row.more || Boolean(row.path && !this.field?.offered);
    }

    get isComplete() {
        return isComplete(this.props.row);
    }

    get fieldGroups() {
        const groups = this.props.groups.map(({ name, fields }) => ({
            label: name,
            choices: fields.map(({ path, label }) => ({ value: path, label })),
        }));
        const label = _t("More fields…").toString();
        return [...groups, { label: _t("Others").toString(), choices: [{ value: MORE, label }] }];
    }

    get comparisons() {
        const { kind, path, comparison } = this.props.row;
        return Object.keys(COMPARISONS[kind])
            .filter((key) => key === comparison || isOffered(kind, key, path))
            .map((key) => ({ value: key, label: nameOf(kind, key) }));
    }

    onField(path) {
        if (path === MORE) {
            this.props.change({ more: true });
        } else if (path) {
            this.props.pickField(path);
        }
    }

    setComparison(comparison) {
        const { kind, comparison: before, value } = this.props.row;
        const [old, now] = [before, comparison].map((key) => COMPARISONS[kind][key].editor);
        this.props.change({ comparison, value: old === now ? value : firstValue(now) });
    }
}

/** What a row begins with, when its field is chosen. */
export function firstQuestion(path, kind) {
    const comparison = Object.keys(COMPARISONS[kind]).find((key) => isOffered(kind, key, path));
    return { path, kind, comparison, value: firstValue(COMPARISONS[kind][comparison].editor) };
}
