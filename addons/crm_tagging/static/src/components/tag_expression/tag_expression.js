import { Component, onWillStart, onWillUpdateProps, useState } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { formatInteger } from "@web/views/fields/formatters";
import { KeepLast } from "@web/core/utils/concurrency";
import { useService } from "@web/core/utils/hooks";
import { useDebounced } from "@web/core/utils/timing";
import { TagsList } from "@web/core/tags_list/tags_list";
import { draftOf, emptyBlock, emptyRow, tagIdsOf, valueOf } from "./tag_expression_utils";
import { TagSelect } from "./tag_select";

const PREVIEW_DELAY = 300;

/**
 * Choose by tags: rows "has all / any / none of", joined in blocks, blocks joined by
 * and / or; with the number of records it finds and the choice in words.
 */
export class TagExpression extends Component {
    static template = "crm_tagging.TagExpression";
    static components = { TagSelect, TagsList };
    static props = {
        value: { type: [Object, Boolean], optional: true },
        domain: { type: [String, Array, Boolean], optional: true },
        readonly: { type: Boolean, optional: true },
        onChange: { type: Function, optional: true },
        onPreview: { type: Function, optional: true },
    };
    static defaultProps = { value: false, domain: false, readonly: false };

    setup() {
        this.orm = useService("orm");
        this.keepLast = new KeepLast();
        this.state = useState({
            draft: draftOf(this.props.value),
            groups: [],
            counts: {},
            total: null,
            sentence: "",
            error: "",
            // [block, row] whose tags are being chosen
            focus: null,
        });
        this.tags = {};
        this.sent = JSON.stringify(this.props.value);
        this.debouncedPreview = useDebounced(() => this.preview(), PREVIEW_DELAY);
        onWillStart(() => Promise.all([this.loadTags(), this.preview()]));
        onWillUpdateProps((next) => this.onNewProps(next));
    }

    onNewProps(next) {
        const value = JSON.stringify(next.value);
        const domainChanged = JSON.stringify(next.domain) !== JSON.stringify(this.props.domain);
        if (value !== this.sent) {
            this.sent = value;
            this.state.draft = draftOf(next.value);
        } else if (!domainChanged) {
            return;
        }
        this.preview(next);
    }

    async loadTags() {
        const catalog = await this.orm.call("crm.segment", "get_tag_catalog", [
            tagIdsOf(this.props.value),
        ]);
        let position = 0;
        for (const group of catalog) {
            for (const tag of group.tags) {
                this.tags[tag.id] = { ...tag, group, position: position++ };
            }
        }
        this.state.groups = catalog;
    }

    /** Ask the server what the draft finds; the last question asked is the one shown. */
    async preview(props = this.props) {
        const call = this.orm.silent.call("crm.segment", "preview", [
            valueOf(this.state.draft),
            props.domain,
            this.state.focus,
        ]);
        try {
            const { total, tags, sentence, domain } = await this.keepLast.add(call);
            Object.assign(this.state, { total, counts: tags, sentence, error: "" });
            this.props.onPreview?.({ total, sentence, domain });
        } catch (error) {
            const message = error.data?.message;
            if (!message) {
                throw error;
            }
            Object.assign(this.state, { total: null, error: message });
        }
    }

    // ------------------------------------------------------------
    // WHAT IS SHOWN
    // ------------------------------------------------------------

    get rowMatches() {
        return [
            { value: "all", label: _t("has all of") },
            { value: "any", label: _t("has any of") },
            { value: "none", label: _t("has none of") },
        ];
    }

    get total() {
        return this.state.total === null ? "…" : formatInteger(this.state.total);
    }

    get hasTags() {
        return this.state.groups.length > 0;
    }

    joiner(match) {
        return match === "all" ? _t("and") : _t("or");
    }

    /** The tags to choose from in a row, with how many records each would find. */
    choices(block, row) {
        const [openBlock, openRow] = this.state.focus || [];
        const isOpen = openBlock === block && openRow === row;
        return this.state.groups.map((group) => ({
            label: group.name,
            choices: group.tags
                .filter((tag) => tag.active)
                .map((tag) => ({
                    value: tag.id,
                    label: tag.name,
                    color: tag.color,
                    count: isOpen ? formatInteger(this.state.counts[tag.id] || 0) : "",
                })),
        }));
    }

    pills(row) {
        const known = row.tags.map((id) => this.tags[id]).filter(Boolean);
        known.sort((one, other) => one.position - other.position);
        return known.map((tag) => ({
            id: tag.id,
            text: tag.name,
            title: tag.group.id ? `${tag.group.name}: ${tag.name}` : tag.name,
            colorIndex: tag.color,
            onDelete: this.props.readonly
                ? undefined
                : () =>
                      this.setTags(
                          row,
                          row.tags.filter((id) => id !== tag.id),
                      ),
        }));
    }

    /** The group of which a row asks for two tags though a record has only one. */
    impossibleGroup(row) {
        if (row.match !== "all") {
            return "";
        }
        const seen = new Set();
        for (const id of row.tags) {
            const group = this.tags[id]?.group;
            if (group?.exclusive && seen.has(group.id)) {
                return group.name;
            }
            seen.add(group?.id);
        }
        return "";
    }

    // ------------------------------------------------------------
    // WHAT PEOPLE DO
    // ------------------------------------------------------------

    changed() {
        const value = valueOf(this.state.draft);
        this.sent = JSON.stringify(value);
        this.state.total = null;
        this.props.onChange?.(value);
        this.debouncedPreview();
    }

    setTags(row, tags) {
        row.tags = tags || [];
        this.changed();
    }

    setMatch(part, match) {
        part.match = match;
        this.changed();
    }

    toggleMatch(part) {
        this.setMatch(part, part.match === "all" ? "any" : "all");
    }

    addRow(block) {
        block.rows.push(emptyRow());
    }

    addBlock() {
        const draft = this.state.draft;
        if (draft.blocks.length === 1) {
            // who adds a second block mostly means "or these"
            draft.match = "any";
        }
        draft.blocks.push(emptyBlock());
    }

    removeRow(block, row) {
        const draft = this.state.draft;
        block.rows.splice(block.rows.indexOf(row), 1);
        if (!block.rows.length) {
            draft.blocks.splice(draft.blocks.indexOf(block), 1);
        }
        this.state.draft = draftOf(draft);
        this.changed();
    }

    canRemove(block) {
        const only = this.state.draft.blocks.length === 1 && block.rows.length === 1;
        return !only || block.rows[0].tags.length;
    }

    onPickerOpened(block, row) {
        this.state.focus = [block, row];
        this.preview();
    }

    onPickerClosed() {
        this.state.focus = null;
    }
}
