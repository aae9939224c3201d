import { Component, onWillStart } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { TagsList } from "@web/core/tags_list/tags_list";
import { useService } from "@web/core/utils/hooks";
import { TagSelect } from "../tag_expression/tag_select";

/** Tags a condition asks for: chosen below their groups, shown in their colours. */
class ConditionTags extends Component {
    static template = "crm_tagging.ConditionTags";
    static components = { TagSelect, TagsList };
    static props = { ids: Array, relation: String, update: Function };

    setup() {
        this.orm = useService("orm");
        onWillStart(async () => {
            const groups = await this.orm.call(this.props.relation, "get_tags_to_ask", [
                [...this.props.ids],
            ]);
            this.tags = new Map(groups.flatMap(({ tags }) => tags.map((tag) => [tag.id, tag])));
            this.groups = groups.map(({ name, tags }) => ({
                label: name,
                choices: tags
                    .filter((tag) => tag.active)
                    .map(({ id, name, color }) => ({ value: id, label: name, color })),
            }));
        });
    }

    get pills() {
        const { ids, update } = this.props;
        return ids.map((id) => ({
            id,
            text: this.tags.get(id)?.name || `#${id}`,
            colorIndex: this.tags.get(id)?.color,
            onDelete: () => update(ids.filter((other) => other !== id)),
        }));
    }

    /** Another list each time: the menu filters anew what it shows when it gets one. */
    get choices() {
        return [...this.groups];
    }
}

for (const relation of ["res.partner.category", "crm.tag"]) {
    registry.category("crm_condition_records").add(relation, ConditionTags);
}
