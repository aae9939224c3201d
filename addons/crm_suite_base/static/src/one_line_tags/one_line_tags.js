import { onMounted, onPatched, onWillUnmount, useRef, useState } from "@odoo/owl";
import { registry } from "@web/core/registry";
import {
    Many2ManyTagsField,
    many2ManyTagsField,
} from "@web/views/fields/many2many_tags/many2many_tags_field";

const MOST = 3;
// of the "+2" behind them, and of the room between two
const REST = 40;
const GAP = 4;

/** How many of tags of these widths are shown whole in one line, one at least. */
export function fitting(widths, room) {
    let used = 0;
    let shown = 0;
    for (const width of widths.slice(0, MOST)) {
        const rest = shown + 1 < widths.length ? REST + GAP : 0;
        used += width + (shown ? GAP : 0);
        if (shown && used + rest > room) {
            break;
        }
        shown += 1;
    }
    return shown;
}

/**
 * The tags of a row of a list in one line: three, or as many as there is room for, and
 * how many more there are, with their names. The others are there without taking room.
 */
export class OneLineTags extends Many2ManyTagsField {
    static template = "crm_suite_base.OneLineTags";

    setup() {
        super.setup();
        this.line = useRef("many2ManyTagsField");
        this.shown = useState({ count: MOST });
        this.observer = new ResizeObserver(() => this.measure());
        onMounted(() => this.line.el && this.observer.observe(this.line.el));
        onPatched(() => this.measure());
        onWillUnmount(() => this.observer.disconnect());
    }

    measure() {
        if (!this.props.readonly || !this.line.el) {
            return;
        }
        const tags = [...this.line.el.querySelectorAll(".o_tag")];
        const widths = tags.map((tag) => tag.offsetWidth);
        const count = fitting(widths, this.line.el.clientWidth);
        if (count !== this.shown.count) {
            this.shown.count = count;
        }
    }

    get moreTags() {
        return this.props.readonly ? this.tags.slice(this.shown.count) : [];
    }

    get moreNames() {
        return JSON.stringify({ tags: this.moreTags.map(({ id, text }) => ({ id, text })) });
    }
}

export const oneLineTags = { ...many2ManyTagsField, component: OneLineTags };

registry.category("fields").add("crm_one_line_tags", oneLineTags);
