import { Component } from "@odoo/owl";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// The colours of the field sla_look; the words come from the server.
const COLOURS = {
    on_track: "text-bg-success",
    warning: "text-bg-warning",
    breached: "text-bg-danger",
    paused: "text-bg-secondary",
    met: "text-bg-success",
    missed: "border border-danger text-danger",
};
const ICONS = { paused: "fa-pause", met: "fa-check", missed: "fa-times" };

/** The time left of a ticket, coloured by how it stands, with the reason on hover. */
export class SlaBadge extends Component {
    static template = "crm_service_sla.SlaBadge";
    static props = { ...standardFieldProps };

    get label() {
        return this.props.record.data[this.props.name];
    }

    get reason() {
        const reason = this.props.record.data.sla_tooltip || "";
        const mark = _t("A target was missed before.");
        return this.wasMissed ? `${mark} ${reason}` : reason;
    }

    get look() {
        return this.props.record.data.sla_look;
    }

    /** Late once and not now: a small mark, which the tooltip explains. */
    get wasMissed() {
        return this.props.record.data.sla_was_missed && this.look !== "missed";
    }

    get className() {
        return `o_sla_badge badge rounded-pill ${COLOURS[this.look]}`;
    }

    get icon() {
        return ICONS[this.look] || "fa-clock-o";
    }
}

registry.category("fields").add("sla_badge", {
    component: SlaBadge,
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "sla_look", type: "char" },
        { name: "sla_was_missed", type: "boolean" },
        { name: "sla_tooltip", type: "char" },
    ],
});
