import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { SelectMenu } from "@web/core/select_menu/select_menu";
import { useService } from "@web/core/utils/hooks";
import { standardFieldProps } from "@web/views/fields/standard_field_props";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

const SURE = 90;
const LIKELY = 75;

/**
 * The words of the list that are none of the choices: each once, with its rows, the
 * nearest choice and what is decided. A decision counts for all rows at once.
 */
export class ImportWords extends Component {
    static template = "crm_customer_import.ImportWords";
    static components = { SelectMenu };
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ data: null, busy: false, showDecided: false });
        onWillStart(() => this.load(this.props.record));
        onWillUpdateProps(({ record }) => this.load(record));
    }

    async load(record) {
        if (record.resId && record.data.state === "preview") {
            this.state.data = await this.orm.silent.call(record.resModel, "get_words", [
                record.resId,
            ]);
        }
    }

    get isShown() {
        const { data } = this.state;
        return Boolean(data && (data.total || data.has_columns));
    }

    get isComplete() {
        return this.state.data.decided === this.state.data.total;
    }

    get percent() {
        const { decided, total } = this.state.data;
        return total ? Math.round((100 * decided) / total) : 100;
    }

    get progressText() {
        const { decided, total } = this.state.data;
        return _t("%(decided)s of %(total)s decided", { decided, total });
    }

    get acceptText() {
        const { proposals } = this.state.data;
        return proposals === 1
            ? _t("Accept the proposal")
            : _t("Accept all %s proposals", proposals);
    }

    /** Fields with the words to show below them. */
    get groups() {
        const { data, showDecided } = this.state;
        return data.fields
            .map((field) => ({
                ...field,
                words: data.words.filter(
                    (word) =>
                        word.field === field.name && (showDecided || word.decision === "none"),
                ),
            }))
            .filter((group) => group.words.length);
    }

    rowsText(word) {
        return word.rows === 1 ? _t("1 row") : _t("%s rows", word.rows);
    }

    sureness(word) {
        if (word.confidence >= SURE) {
            return { color: "success", label: _t("sure") };
        }
        return word.confidence >= LIKELY
            ? { color: "info", label: _t("likely") }
            : { color: "warning", label: _t("a guess") };
    }

    decidedText(word) {
        if (word.decision === "out") {
            return _t("Left out");
        }
        return word.decision === "new" ? _t("New: %s", word.label) : word.label;
    }

    byText(word) {
        return { memory: _t("as in an earlier list"), rule: _t("created as a new tag") }[word.by];
    }

    decide(word, decision, value = "") {
        return this.run("crm.customer.import.word", "action_decide", [[word.id], decision, value]);
    }

    acceptAll() {
        const { record } = this.props;
        return this.run(record.resModel, "action_accept_proposals", [record.resId]);
    }

    async run(model, method, args) {
        if (this.state.busy) {
            return;
        }
        this.state.busy = true;
        try {
            await this.orm.call(model, method, args);
            await this.props.record.load();
            await this.load(this.props.record);
        } finally {
            this.state.busy = false;
        }
    }

    toggleDecided() {
        this.state.showDecided = !this.state.showDecided;
    }
}

registry.category("view_widgets").add("crm_import_words", {
    component: ImportWords,
    fieldDependencies: [{ name: "state", type: "selection" }],
});

/** The choice that a remembered word stands for, by its name. */
export class ImportMemoryChoice extends Component {
    static template = "crm_customer_import.ImportMemoryChoice";
    static components = { SelectMenu };
    static props = { ...standardFieldProps };

    setup() {
        this.orm = useService("orm");
        this.state = useState({ choices: [] });
        onWillStart(() => this.load(this.props));
        onWillUpdateProps((props) => this.load(props));
    }

    async load({ record, readonly }) {
        if (!readonly && record.resId && !this.state.choices.length) {
            this.state.choices = await this.orm.call(record.resModel, "get_choices", [
                record.resId,
            ]);
        }
    }

    get value() {
        return this.props.record.data[this.props.name] || "";
    }

    get label() {
        return this.props.record.data.value_label || _t("no longer there");
    }

    onSelect(value) {
        return this.props.record.update({ [this.props.name]: value });
    }
}

registry.category("fields").add("crm_import_memory_choice", {
    component: ImportMemoryChoice,
    displayName: _t("Choice of a remembered word"),
    supportedTypes: ["char"],
    fieldDependencies: [{ name: "value_label", type: "char" }],
});
