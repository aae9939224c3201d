import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

// The colours of the field sla_state; the words come from the server.
const COLOURS = {
    on_track: "success",
    warning: "warning",
    breached: "danger",
    paused: "secondary",
    met: "success",
};

/** The time left of a ticket, coloured by how it stands, with the reason on hover. */
export class SlaBadge extends Component {
    static template = "crm_service_sla.SlaBadge";
    static props = { ...standardFieldProps };

    get label() {
        return this.props.record.data[this.props.name];
    }

    get reason() {
        return this.props.record.data.sla_tooltip || "";
    }

    get state() {
        return this.props.record.data.sla_state;
    }

    get className() {
        return `o_sla_badge badge rounded-pill text-bg-${COLOURS[this.state]}`;
    }
}

registry.category("fields").add("sla_badge", {
    component: SlaBadge,
    supportedTypes: ["char"],
    fieldDependencies: [
        { name: "sla_state", type: "selection" },
        { name: "sla_tooltip", type: "char" },
    ],
});
