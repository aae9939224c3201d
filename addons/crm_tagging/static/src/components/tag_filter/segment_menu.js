import { Component, onWillStart, useState } from "@odoo/owl";
import { CheckboxItem } from "@web/core/dropdown/checkbox_item";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { Domain } from "@web/core/domain";
import { TagFilterDialog } from "./tag_filter_dialog";

const MAX_LABEL = 60;

/** Model -> field path that leads to segments; a module with customers adds its own. */
export const segmentPaths = registry.category("crm_segment_paths");
segmentPaths.add("res.partner", "segment_ids");
segmentPaths.add("crm.lead", "partner_id.segment_ids");

/** In the search menu: apply a segment, or choose by tags. */
export class SegmentMenu extends Component {
    static template = "crm_tagging.SegmentMenu";
    static components = { CheckboxItem, DropdownItem };
    static props = {};

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.dialog = useService("dialog");
        this.state = useState({ segments: [], more: false });
        // not awaited: the menu opens at once
        onWillStart(() => {
            this.load();
        });
    }

    async load() {
        const menu = await this.orm.silent.call("crm.segment", "get_search_menu");
        Object.assign(this.state, menu);
    }

    get searchModel() {
        return this.env.searchModel;
    }

    get hasTagFilter() {
        return this.searchModel.resModel === "res.partner";
    }

    findItem(predicate) {
        return Object.values(this.searchModel.searchItems).find(predicate);
    }

    isActive(item) {
        return Boolean(
            item && this.searchModel.query.some((part) => part.searchItemId === item.id),
        );
    }

    isSegmentActive(segment) {
        return this.isActive(this.findItem((item) => item.segmentId === segment.id));
    }

    toggleSegment(segment) {
        const item = this.findItem((item) => item.segmentId === segment.id);
        if (item) {
            this.searchModel.toggleSearchItem(item.id);
            return;
        }
        const path = segmentPaths.get(this.searchModel.resModel);
        this.searchModel.createNewFilters([
            {
                description: segment.name,
                tooltip: segment.tip,
                domain: new Domain([[path, "in", [segment.id]]]).toString(),
                invisible: "True",
                type: "filter",
                segmentId: segment.id,
            },
        ]);
    }

    openTagFilter() {
        const searchModel = this.searchModel;
        const current = this.findItem((item) => item.tagExpression && this.isActive(item));
        this.dialog.add(TagFilterDialog, {
            value: current ? current.tagExpression : false,
            domain: new Domain(searchModel.globalDomain || []).toList(
                searchModel.domainEvalContext,
            ),
            onApply: (choice) => this.applyTagFilter(choice, current),
            onSaved: (segment) => {
                if (current) {
                    searchModel.toggleSearchItem(current.id);
                }
                this.toggleSegment(segment);
            },
        });
    }

    applyTagFilter({ value, sentence, domain }, current) {
        if (current) {
            this.searchModel.toggleSearchItem(current.id);
        }
        const long = sentence.length > MAX_LABEL;
        this.searchModel.createNewFilters([
            {
                description: long ? `${sentence.slice(0, MAX_LABEL)}…` : sentence,
                tooltip: sentence,
                domain: new Domain(domain).toString(),
                invisible: "True",
                type: "filter",
                tagExpression: value,
            },
        ]);
    }

    openSegments() {
        return this.action.doAction("crm_tagging.action_segment");
    }

    get emptyText() {
        return _t("Your saved segments will be here");
    }
}

registry.category("favoriteMenu").add(
    "crm-segments",
    {
        Component: SegmentMenu,
        groupNumber: 1,
        isDisplayed: ({ searchModel, config }) =>
            segmentPaths.contains(searchModel.resModel) &&
            config.actionType === "ir.actions.act_window",
    },
    { sequence: -10 },
);
