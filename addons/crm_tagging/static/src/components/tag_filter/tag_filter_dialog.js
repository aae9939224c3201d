import { Component, onWillStart, useState } from "@odoo/owl";
import { Domain } from "@web/core/domain";
import { Dialog } from "@web/core/dialog/dialog";
import { user } from "@web/core/user";
import { useAutofocus, useService } from "@web/core/utils/hooks";
import { formatInteger } from "@web/views/fields/formatters";
import { TagExpression } from "../tag_expression/tag_expression";

/** "Filter by tags": apply a choice of tags to a list, or save it as a segment. */
export class TagFilterDialog extends Component {
    static template = "crm_tagging.TagFilterDialog";
    static components = { Dialog, TagExpression };
    static props = {
        close: Function,
        value: { type: [Object, Boolean], optional: true },
        domain: { type: Array },
        onApply: Function,
        onSaved: Function,
    };

    setup() {
        this.orm = useService("orm");
        this.notification = useService("notification");
        useAutofocus({ refName: "name" });
        this.state = useState({
            value: this.props.value || false,
            total: null,
            saving: false,
            name: "",
            share: false,
            mayShare: false,
        });
        onWillStart(async () => {
            this.state.mayShare = await user.hasGroup("crm_tagging.group_segment_sharer");
        });
    }

    get total() {
        return this.state.total === null ? "…" : formatInteger(this.state.total);
    }

    onChange(value) {
        this.state.value = value;
        this.state.total = null;
    }

    onPreview({ total }) {
        this.state.total = total;
    }

    async apply() {
        // what is shown may be older than the last click
        const { sentence, domain } = await this.orm.call("crm.segment", "preview", [
            this.state.value,
        ]);
        this.props.onApply({ value: this.state.value, sentence, domain });
        this.props.close();
    }

    async save() {
        const name = this.state.name.trim();
        if (!name) {
            return;
        }
        const [id] = await this.orm.create("crm.segment", [
            {
                name,
                expression: this.state.value,
                domain: this.props.domain.length ? new Domain(this.props.domain).toString() : false,
                sharing: this.state.share ? "everybody" : "private",
            },
        ]);
        this.props.onSaved({ id, name });
        this.props.close();
    }

    onNameKeydown(ev) {
        if (ev.key === "Enter") {
            ev.preventDefault();
            this.save();
        }
    }
}
