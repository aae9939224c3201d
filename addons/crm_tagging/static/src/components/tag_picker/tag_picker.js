import { onWillStart, useState } from "@odoo/owl";
import { hasTouch } from "@web/core/browser/feature_detection";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { useOwnedDialogs } from "@web/core/utils/hooks";
import {
    Many2ManyTagsFieldColorEditable,
    many2ManyTagsFieldColorEditable,
} from "@web/views/fields/many2many_tags/many2many_tags_field";
import { FormViewDialog } from "@web/views/view_dialogs/form_view_dialog";
import { TagSelect } from "../tag_expression/tag_select";

/**
 * Searches with each letter: what is drawn anew after a pick would take away letters
 * that the menu has not read yet. Those of an input method are left to it.
 */
class PickerSelect extends TagSelect {
    setup() {
        super.setup();
        const later = this.debouncedOnInput;
        this.debouncedOnInput = (ev) => {
            if (ev.isComposing) {
                return later(ev);
            }
            this.state.searchValue = ev.target.value;
            return this.onInput(ev.target.value);
        };
    }
}

/**
 * Tags to choose from by groups, several in one go: of a group that allows one tag the
 * last pick stays. What is typed finds tags by name and group; it becomes a new one only
 * for who looks after the tags, and by a choice of its own.
 */
export class TagPicker extends Many2ManyTagsFieldColorEditable {
    static template = "crm_tagging.TagPicker";
    static components = { ...super.components, PickerSelect, DropdownItem };

    setup() {
        super.setup();
        this.addDialog = useOwnedDialogs();
        this.catalog = useState({ groups: [], mayAdd: false });
        onWillStart(async () => {
            this.catalog.mayAdd = await user.hasGroup("crm_tagging.group_tag_manager");
            if (hasTouch() && !this.props.readonly) {
                // the sheet of a phone is as high as what it opens with
                await this.load();
            }
        });
    }

    /** Another list each time: the menu filters anew what it shows when it gets one. */
    get groups() {
        return [...this.catalog.groups];
    }

    /** The colour of a tag is the same for everybody: of who looks after the tags. */
    onTagClick(ev, record) {
        if (this.catalog.mayAdd) {
            super.onTagClick(ev, record);
        }
    }

    get list() {
        return this.props.record.data[this.props.name];
    }

    get chosen() {
        return this.list.currentIds;
    }

    async load() {
        const groups = await this.orm.call(this.relation, "get_tag_choices", [this.getDomain()]);
        this.groupById = new Map();
        this.catalog.groups = groups.map((group) => ({
            label: group.name,
            choices: group.tags.map((tag) => {
                this.groupById.set(tag.id, group);
                return {
                    value: tag.id,
                    // what is searched: a tag is found by its group, too
                    label: group.id ? `${group.name} ${tag.name}` : tag.name,
                    name: tag.name,
                    prefix: group.id ? group.name : "",
                    exclusive: group.exclusive,
                    color: tag.color,
                };
            }),
        }));
    }

    iconOf(choice) {
        const chosen = this.chosen.includes(choice.value);
        if (choice.exclusive) {
            return chosen ? "fa-dot-circle-o text-primary" : "fa-circle-o text-muted";
        }
        return chosen ? "fa-check-square text-primary" : "fa-square-o text-muted";
    }

    roleOf(choice) {
        return choice.exclusive ? "radio" : "checkbox";
    }

    async setTags(values) {
        const before = this.chosen;
        const add = values.filter((id) => !before.includes(id));
        let remove = before.filter((id) => !values.includes(id));
        for (const id of add) {
            const group = this.groupById.get(id);
            if (group.exclusive) {
                remove = remove.concat(
                    before.filter((other) => this.groupById.get(other) === group),
                );
            }
        }
        if (!hasTouch()) {
            // the next letters search again
            document.querySelector(".o_tag_picker_menu input")?.focus();
        }
        await this.list.addAndRemove({ add, remove });
    }

    /** Whether nobody has a tag of this name yet. */
    isNew(text) {
        const wanted = (text || "").trim().toLowerCase();
        const choices = this.catalog.groups.flatMap((group) => group.choices);
        return (
            this.catalog.mayAdd &&
            wanted &&
            !choices.some((choice) => choice.name.toLowerCase() === wanted)
        );
    }

    addWord(text) {
        this.addDialog(FormViewDialog, {
            resModel: this.relation,
            context: { ...this.props.context, default_name: text.trim() },
            onRecordSaved: (record) => this.list.addAndRemove({ add: [record.resId] }),
        });
    }
}

export const tagPicker = { ...many2ManyTagsFieldColorEditable, component: TagPicker };

registry.category("fields").add("crm_tag_picker", tagPicker);
