import { Component, onWillStart, onWillUpdateProps, status, useState } from "@odoo/owl";
import { DomainSelectorDialog } from "@web/core/domain_selector_dialog/domain_selector_dialog";
import { _t } from "@web/core/l10n/translation";
import { condition } from "@web/core/tree_editor/condition_tree";
import { KeepLast } from "@web/core/utils/concurrency";
import { useOwnedDialogs, useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { SelectCreateDialog } from "@web/views/view_dialogs/select_create_dialog";
import { formatInteger } from "@web/views/fields/formatters";
import { Domain } from "@web/core/domain";
import { KIND_OF_TYPE } from "./condition_comparisons";
import { ConditionRow, firstQuestion } from "./condition_row";
import {
    asWritten,
    domainOf,
    domainOfRow,
    isComplete,
    keyed,
    pathsOf,
    rowsOf,
    treeOf,
} from "./condition_rows";
import { inBrackets, joinSentences, sayAll, sayRow } from "./condition_words";

const PREVIEW_DELAY = 400;

/**
 * A condition as rows of field, comparison and value, joined by "all of" or "any of",
 * with one level of groups; below it the condition in words, how many records meet it
 * now and the first of them. What rows cannot show stands there in words and stays as it
 * was written; Odoo's own editor changes it.
 */
export class ConditionEditor extends Component {
    static template = "crm_suite_base.ConditionEditor";
    static components = { ConditionRow };
    static props = {
        resModel: String,
        domain: String,
        // model of the rule whose condition it is: what is counted is what it is about
        rule: { type: String, optional: true },
        readonly: { type: Boolean, optional: true },
        // (domain, isFinished)
        update: { type: Function, optional: true },
    };
    static defaultProps = { rule: "", readonly: false, update: () => {} };

    setup() {
        this.orm = useService("orm");
        this.names = useService("name");
        this.fieldService = useService("field");
        this.treeProcessor = useService("tree_processor");
        this.catalogue = useService("crm_condition");
        this.addDialog = useOwnedDialogs();
        this.lastRead = new KeepLast();
        this.lastFound = new KeepLast();
        this.lastSaid = new KeepLast();
        this.state = useState({
            list: { match: "all", rows: [] },
            // not readable at all
            isBroken: false,
            fields: {},
            sentence: "",
            // {count, more, names} or {error}
            found: null,
        });
        this.groups = [];
        this.records = "";
        this.preview = useDebounced(() => this.find(), PREVIEW_DELAY);
        onWillStart(() => this.read(this.props));
        onWillUpdateProps((next) => {
            const isOther = next.resModel !== this.props.resModel;
            if (isOther || next.domain !== this.domain) {
                return this.read(next, isOther);
            }
        });
    }

    // ------------------------------------------------------------
    // WHAT IS READ
    // ------------------------------------------------------------

    async read({ resModel, domain }) {
        this.domain = domain;
        const { name, groups } = await this.lastRead.add(this.catalogue.fieldsOf(resModel));
        if (this.isGone) {
            return;
        }
        this.records = name;
        this.groups = groups;
        const fields = {};
        for (const field of groups.flatMap((group) => group.fields)) {
            fields[field.path] = { ...field, offered: true };
        }
        const tree = treeOf(domain);
        const paths = tree ? pathsOf(tree).filter((path) => !(path in fields)) : [];
        const known = await this.lastRead.add(
            Promise.all(paths.map((path) => this.describe(path, resModel))),
        );
        if (this.isGone) {
            return;
        }
        paths.forEach((path, place) => (fields[path] = known[place]));
        this.state.fields = fields;
        this.state.isBroken = !tree;
        this.state.list = tree ? this.rowsOf(tree) : { match: "all", rows: [] };
        this.say();
        this.find(resModel);
    }

    /** The screen was left while something was being asked: nothing more is. */
    get isGone() {
        return status(this) === "destroyed";
    }

    rowsOf(tree) {
        return rowsOf(tree, (path) => this.state.fields[path]?.kind || null);
    }

    /** A field that is not offered by itself. */
    async describe(path, resModel = this.props.resModel) {
        const [{ fieldDef }, { displayNames }] = await Promise.all([
            this.fieldService.loadFieldInfo(resModel, path),
            this.fieldService.loadPathDescription(resModel, path),
        ]);
        return {
            path,
            label: displayNames.join(" › "),
            kind: (fieldDef && !fieldDef.is_property && KIND_OF_TYPE[fieldDef.type]) || null,
            type: fieldDef?.type,
            relation: fieldDef?.relation || false,
            choices: fieldDef?.selection || [],
        };
    }

    // ------------------------------------------------------------
    // WHAT IS SHOWN
    // ------------------------------------------------------------

    get isEmpty() {
        return !this.state.list.rows.length;
    }

    get matches() {
        return [
            { value: "all", label: _t("all of these") },
            { value: "any", label: _t("any of these") },
        ];
    }

    get count() {
        const { count, more } = this.state.found;
        const number = formatInteger(count);
        return _t("%(count)s %(records)s", {
            count: more ? `${number}+` : number,
            records: this.records,
        });
    }

    get samples() {
        const { names, count } = this.state.found;
        return [...names, ...(count > names.length ? ["…"] : [])].join(" · ");
    }

    isComplete(row) {
        return isComplete(row);
    }

    async nameIn(row) {
        const { relation, choices } = this.state.fields[row.path];
        if (row.kind === "choice") {
            const labels = new Map(choices);
            return (value) => labels.get(value) || value;
        }
        const ids = Array.isArray(row.value) && relation ? row.value : [];
        const names = ids.length ? await this.names.loadDisplayNames(relation, ids) : {};
        return (id) => (typeof names[id] === "string" ? names[id] : `#${id}`);
    }

    async sayOne(row) {
        if (row.rows) {
            const sentence = await this.sayList(row);
            return sentence && row.rows.length > 1 ? inBrackets(sentence) : sentence;
        }
        if (row.advanced) {
            const text = await this.sayAdvanced(row);
            if (row.text !== text) {
                row.text = text;
            }
            return inBrackets(text);
        }
        return row.path && isComplete(row)
            ? sayRow(row, this.state.fields[row.path].label, await this.nameIn(row))
            : "";
    }

    async sayAdvanced(row) {
        const { resModel } = this.props;
        try {
            const tree = await this.treeProcessor.treeFromDomain(resModel, domainOfRow(row));
            return await this.treeProcessor.getDomainTreeDescription(resModel, tree);
        } catch {
            // of a field that is gone there are no words
            return asWritten(row.tree);
        }
    }

    async sayList({ match, rows }) {
        const said = (await Promise.all(rows.map((row) => this.sayOne(row)))).filter(Boolean);
        return said.length ? joinSentences(match, said) : "";
    }

    async say() {
        const said = await this.lastSaid.add(this.sayList(this.state.list));
        this.state.sentence = sayAll(this.records, said);
    }

    async find(model = this.props.resModel) {
        if (this.state.isBroken) {
            this.state.found = { error: _t("This condition cannot be read.") };
            return;
        }
        const asked = this.orm.silent.call("crm.condition", "preview", [
            model,
            this.domain,
            this.props.rule,
        ]);
        try {
            this.state.found = await this.lastFound.add(asked);
        } catch (error) {
            if (!error.data?.message) {
                throw error;
            }
            this.state.found = { error: error.data.message };
        }
    }

    // ------------------------------------------------------------
    // WHAT PEOPLE DO
    // ------------------------------------------------------------

    /** What the rows say now is the condition. */
    changed() {
        this.state.isBroken = false;
        this.domain = domainOf(this.state.list);
        this.props.update(this.domain, this.state.list.rows.every(isComplete));
        this.say();
        this.preview();
    }

    changeRow(row, change) {
        Object.assign(row, change);
        delete row.tree;
        this.changed();
    }

    async pickField(row, path) {
        const field = this.state.fields[path] || (await this.describe(path));
        this.state.fields[path] = field;
        if (field.kind) {
            this.changeRow(row, firstQuestion(path, field.kind));
            return;
        }
        // no words for such a field: what is asked of it is chosen in Odoo's editor
        Object.assign(row, { advanced: true, tree: condition(path, "!=", false) });
        this.changed();
        this.openOdoo(row);
    }

    add(rows) {
        rows.push(keyed({ path: "" }));
        this.props.update(this.domain, false);
    }

    addGroup() {
        const match = this.state.list.match === "all" ? "any" : "all";
        this.state.list.rows.push(keyed({ match, rows: [] }));
        this.add(this.state.list.rows.at(-1).rows);
    }

    remove(rows, row) {
        rows.splice(rows.indexOf(row), 1);
        const { list } = this.state;
        // groups that have lost their last row go with it
        list.rows = list.rows.filter((one) => !one.rows || one.rows.length);
        this.changed();
    }

    setMatch(list, match) {
        list.match = match;
        this.changed();
    }

    /** Odoo's editor for one row, or for all. */
    openOdoo(row = null) {
        const whole = row ? domainOfRow(row) : this.domain;
        this.addDialog(DomainSelectorDialog, {
            title: _t("More fields"),
            resModel: this.props.resModel,
            domain: whole,
            isDebugMode: Boolean(this.env.debug),
            onConfirm: (domain) => this.takeOver(row, domain),
        });
    }

    async takeOver(row, domain) {
        const { rows } = this.state.list;
        if (!row) {
            await this.read({ ...this.props, domain });
            this.props.update(domain, true);
            return;
        }
        const tree = treeOf(domain);
        for (const path of pathsOf(tree)) {
            this.state.fields[path] ||= await this.describe(path);
        }
        const read = this.rowsOf(tree);
        const [only] = read.rows;
        const inner = rows.find((one) => one.rows?.includes(row));
        let found = read.rows.length === 1 ? only : keyed({ ...read });
        if (found?.rows && inner) {
            found = keyed({ advanced: true, tree });
        }
        const place = inner ? inner.rows : rows;
        place.splice(place.indexOf(row), 1, ...(found && read.rows.length ? [found] : []));
        this.changed();
    }

    openAll() {
        this.addDialog(SelectCreateDialog, {
            title: this.records,
            noCreate: true,
            multiSelect: false,
            resModel: this.props.resModel,
            domain: Domain.and([this.domain, this.state.found.scope]).toList({}),
        });
    }
}
