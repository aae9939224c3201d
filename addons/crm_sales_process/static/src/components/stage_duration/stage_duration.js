import { Component } from "@odoo/owl";
import { registry } from "@web/core/registry";
import { _t } from "@web/core/l10n/translation";
import { standardFieldProps } from "@web/views/fields/standard_field_props";

const UNITS = [
    [86400, (n) => _t("%s d", n)],
    [3600, (n) => _t("%s h", n)],
    [60, (n) => _t("%s min", n)],
];

/** Seconds as people say them: the two largest units, "12 d 5 h". */
export function formatStageDuration(seconds) {
    const parts = [];
    let rest = seconds;
    for (const [size, label] of UNITS) {
        const count = Math.floor(rest / size);
        rest -= count * size;
        if (count && parts.length < 2) {
            parts.push(label(count));
        }
    }
    return parts.join(" ") || _t("less than a minute");
}

export class StageDuration extends Component {
    static template = "crm_sales_process.StageDuration";
    static props = { ...standardFieldProps };

    get isRunning() {
        return "date_left" in this.props.record.data && !this.props.record.data.date_left;
    }

    get hint() {
        return this.isRunning ? _t("so far") : "";
    }

    get text() {
        const { data } = this.props.record;
        const seconds = this.isRunning
            ? luxon.DateTime.now().diff(data.date_entered, "seconds").seconds
            : data[this.props.name];
        return formatStageDuration(Math.max(0, seconds));
    }
}

registry.category("fields").add("stage_duration", {
    component: StageDuration,
    supportedTypes: ["integer"],
    fieldDependencies: [
        { name: "date_left", type: "datetime" },
        { name: "date_entered", type: "datetime" },
    ],
});
