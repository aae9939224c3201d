import { Component, useRef } from "@odoo/owl";
import { deserializeDateTime, formatDateTime } from "@web/core/l10n/dates";
import { _t } from "@web/core/l10n/translation";
import { usePopover } from "@web/core/popover/popover_hook";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardWidgetProps } from "@web/views/widgets/standard_widget_props";

/** What the popover shows: each tag with why, when and by whom. */
export class TagReasonsPopover extends Component {
    static template = "crm_tagging.TagReasonsPopover";
    static props = {
        reasons: Array,
        openRule: Function,
        close: { type: Function, optional: true },
    };

    /** @returns {string} when a tag was put on, in the user's format and time zone */
    when(reason) {
        return reason.date
            ? formatDateTime(deserializeDateTime(reason.date), { showSeconds: false })
            : "";
    }
}

/** "Why these tags?" below the tags of a record. */
export class TagReasons extends Component {
    static template = "crm_tagging.TagReasons";
    static props = { ...standardWidgetProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.button = useRef("button");
        this.popover = usePopover(TagReasonsPopover, { position: "bottom-start" });
    }

    async onClick() {
        const { resModel, resId } = this.props.record;
        const reasons = await this.orm.call(resModel, "get_tag_reasons", [[resId]]);
        this.popover.open(this.button.el, { reasons, openRule: (id) => this.openRule(id) });
    }

    openRule(ruleId) {
        this.popover.close();
        this.action.doAction({
            type: "ir.actions.act_window",
            name: _t("Tag Rule"),
            res_model: "crm.tag.rule",
            res_id: ruleId,
            views: [[false, "form"]],
        });
    }
}

registry.category("view_widgets").add("crm_tag_reasons", { component: TagReasons });
