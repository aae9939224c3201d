import { onWillStart, useEffect, useRef } from "@odoo/owl";
import { loadBundle } from "@web/core/assets";
import { _t } from "@web/core/l10n/translation";
import { registry } from "@web/core/registry";
import { formatFloat } from "@web/views/fields/formatters";
import { PipelineScreen } from "../pipeline_screen/pipeline_screen";

const COLORS = {
    probability: "#2F7DD1",
    fixed_probability: "#E8A317",
    learned_probability: "#2E9E6B",
};

/** How right the probabilities were, for deals of which the end is known. */
export class Accuracy extends PipelineScreen {
    static template = "crm_sales_process.Accuracy";
    static method = "get_accuracy";

    setup() {
        super.setup();
        this.state.details = false;
        this.canvas = useRef("canvas");
        onWillStart(() => loadBundle("web.chartjs_lib"));
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return;
                }
                const chart = new Chart(this.canvas.el, this.chartConfig());
                return () => chart.destroy();
            },
            () => [this.state.data, this.canvas.el, this.state.details],
        );
    }

    get sources() {
        return [
            ["probability", _t("Used")],
            ["fixed_probability", _t("Stage's")],
            ["learned_probability", _t("Learned")],
        ];
    }

    /** One line per band, the sources side by side. */
    get bands() {
        const bands = {};
        for (const [source] of this.sources) {
            for (const band of this.state.data.reliability[source]) {
                bands[band.lower] ||= { lower: band.lower, upper: band.upper };
                bands[band.lower][source] = band;
            }
        }
        return Object.values(bands).sort((a, b) => a.lower - b.lower);
    }

    /** What the stage says, what happened, and what to do about it. */
    words(stage) {
        const { count } = stage;
        if (!count) {
            return _t("No deal that was here is closed yet.");
        }
        const numbers = {
            set: this.percent(stage.fixed),
            real: this.percent(stage.won_share),
            proposed: this.percent(stage.measured),
            count,
        };
        if (count < this.state.data.enough) {
            return _t("Set %(set)s, real %(real)s of %(count)s: too few to judge by.", numbers);
        }
        if (stage.is_off) {
            return _t("Set %(set)s, real %(real)s of %(count)s: propose %(proposed)s.", numbers);
        }
        return _t("Set %(set)s, real %(real)s of %(count)s: good enough.", numbers);
    }

    toggleDetails() {
        this.state.details = !this.state.details;
    }

    score(value) {
        return value === null ? "–" : formatFloat(value, { digits: [4, 3] });
    }

    chartConfig() {
        const datasets = this.sources.map(([source, label]) => ({
            label,
            data: this.state.data.reliability[source].map((band) => ({
                x: 100 * band.predicted,
                y: 100 * band.happened,
                count: band.count,
            })),
            borderColor: COLORS[source],
            backgroundColor: COLORS[source],
            showLine: true,
            pointRadius: 5,
        }));
        datasets.push({
            label: _t("Perfect"),
            data: [
                { x: 0, y: 0 },
                { x: 100, y: 100 },
            ],
            borderColor: "#9CA3AF",
            borderDash: [6, 6],
            pointRadius: 0,
            showLine: true,
        });
        // the canvas does not take the colours of the page by itself
        const { color } = getComputedStyle(this.canvas.el);
        const axis = (text) => ({
            min: 0,
            max: 100,
            title: { display: true, text, color },
            ticks: { color },
            grid: { color: "rgba(128, 128, 128, 0.25)" },
        });
        return {
            type: "scatter",
            data: { datasets },
            options: {
                animation: false,
                maintainAspectRatio: false,
                scales: { x: axis(_t("Predicted (%)")), y: axis(_t("Won (%)")) },
                plugins: {
                    legend: { position: "bottom", labels: { color } },
                    tooltip: {
                        callbacks: {
                            label: ({ raw, dataset }) =>
                                _t("%(source)s: said %(x)s %, won %(y)s % of %(count)s", {
                                    source: dataset.label,
                                    x: Math.round(raw.x),
                                    y: Math.round(raw.y),
                                    count: raw.count ?? "–",
                                }),
                        },
                    },
                },
            },
        };
    }

    async useMeasured(stage) {
        await this.orm.call("crm.stage", "action_use_measured_probability", [[stage.id]]);
        await this.load();
    }

    openAnalysis() {
        this.action.doAction("crm_sales_process.action_crm_stage_report_accuracy");
    }
}

registry.category("actions").add("crm_sales_process.accuracy", Accuracy);
