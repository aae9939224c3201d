import { Component, useEffect, useRef, useState } from "@odoo/owl";
import { user } from "@web/core/user";

const SERIES = ["--crm-series-1", "--crm-series-2", "--crm-series-3", "--crm-series-4",
    "--crm-series-5", "--crm-series-6"]; // prettier-ignore
const DIM_AXIS = 12;
const RATE = "percent";

/** One panel of a dashboard: a funnel, or a chart with its table. */
export class DashboardPanel extends Component {
    static template = "crm_reports.DashboardPanel";
    static props = { panel: Object, onOpen: Function };

    setup() {
        this.canvas = useRef("canvas");
        this.root = useRef("root");
        this.state = useState({ table: this.props.panel.columns.length > 2 });
        useEffect(
            () => {
                if (!this.canvas.el) {
                    return;
                }
                const chart = new Chart(this.canvas.el, this.chartConfig());
                return () => chart.destroy();
            },
            () => [this.props.panel, this.canvas.el],
        );
    }

    /** The funnel's bars stand in percent of those that came in. */
    width(row) {
        const first = this.props.panel.rows[0].values[0];
        return first ? Math.max((100 * row.values[0]) / first, 1) : 0;
    }

    color(name) {
        return getComputedStyle(this.root.el).getPropertyValue(name).trim();
    }

    get lines() {
        // the row of a total would hide the others, or repeat the only one
        const { rows, chart } = this.props.panel;
        return chart.has_total && rows.length > 1 ? rows.slice(1) : rows;
    }

    shortNumber(value) {
        const chinese = user.lang?.startsWith("zh");
        return new Intl.NumberFormat(chinese ? "zh-CN" : "en", {
            notation: "compact",
            maximumFractionDigits: 1,
        }).format(value);
    }

    chartConfig() {
        const { chart, columns } = this.props.panel;
        const isRing = chart.type === "doughnut";
        const colors = SERIES.map((name) => this.color(name));
        const datasets = chart.series.map((column, number) => ({
            label: columns[column].label,
            data: this.lines.map((row) => row.values[column]),
            backgroundColor: isRing ? colors : colors[number],
            borderColor: isRing ? "transparent" : colors[number],
            borderRadius: isRing ? 0 : 3,
            maxBarThickness: 36,
            tension: 0.25,
            yAxisID: !isRing && this.isMixed(chart) && this.isRate(column) ? "rate" : undefined,
        }));
        return {
            type: chart.type,
            data: { labels: this.lines.map((row) => row.label), datasets },
            options: this.chartOptions(chart, isRing),
        };
    }

    /** Whether a column is a share of a hundred. */
    isRate(column) {
        return this.props.panel.columns[column].unit === RATE;
    }

    /** Whether rates stand beside other figures, which need another axis. */
    isMixed(chart) {
        const rates = chart.series.filter((column) => this.isRate(column)).length;
        return rates > 0 && rates < chart.series.length;
    }

    /** A rate is read against the whole: from nothing to a hundred, more where more was. */
    rateAxis(chart, ticks, grid) {
        const shown = chart.series.filter((column) => this.isRate(column));
        const most = Math.max(
            100,
            ...this.lines.flatMap((row) => shown.map((column) => row.values[column] || 0)),
        );
        return {
            grid,
            min: 0,
            max: most,
            ticks: { ...ticks, callback: (value) => `${Math.round(value)}%` },
        };
    }

    valueAxes(chart, ticks, valueTicks, grid) {
        if (chart.series.every((column) => this.isRate(column))) {
            return { y: this.rateAxis(chart, ticks, grid) };
        }
        const y = { grid, ticks: valueTicks, beginAtZero: true };
        if (!this.isMixed(chart)) {
            return { y };
        }
        const rate = this.rateAxis(chart, ticks, { drawOnChartArea: false });
        return { y, rate: { ...rate, position: "right" } };
    }

    chartOptions(chart, isRing) {
        const text = this.color("--crm-text");
        const grid = { color: this.color("--crm-grid") };
        const ticks = { color: text, font: { size: DIM_AXIS } };
        const { columns } = this.props.panel;
        const isCounted = chart.series.every((place) => columns[place].unit === "count");
        const valueTicks = {
            ...ticks,
            // there is no half a lead
            precision: isCounted ? 0 : undefined,
            callback: (value) => this.shortNumber(value),
        };
        return {
            animation: false,
            maintainAspectRatio: false,
            cutout: isRing ? "60%" : undefined,
            onClick: (_event, [element]) => element && this.openPoint(chart, element),
            plugins: {
                legend: {
                    display: isRing || chart.series.length > 1,
                    position: isRing ? "right" : "bottom",
                    labels: { color: text, boxWidth: 12 },
                },
                tooltip: {
                    callbacks: {
                        label: ({ dataset, datasetIndex, dataIndex }) =>
                            `${dataset.label}: ${
                                this.lines[dataIndex].texts[chart.series[datasetIndex]]
                            }`,
                    },
                },
            },
            scales: isRing
                ? {}
                : {
                      x: { grid: { display: false }, ticks },
                      ...this.valueAxes(chart, ticks, valueTicks, grid),
                  },
        };
    }

    openPoint(chart, { datasetIndex, index }) {
        const row = this.lines[index];
        this.props.onOpen(row.drills[chart.series[datasetIndex]], row.label);
    }
}
