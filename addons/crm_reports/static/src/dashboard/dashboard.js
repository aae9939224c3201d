import { Component, onWillStart, useState } from "@odoo/owl";
import { download } from "@web/core/network/download";
import { loadBundle } from "@web/core/assets";
import { Dropdown } from "@web/core/dropdown/dropdown";
import { DropdownItem } from "@web/core/dropdown/dropdown_item";
import { registry } from "@web/core/registry";
import { useService } from "@web/core/utils/hooks";
import { standardActionServiceProps } from "@web/webclient/actions/action_service";
import { DashboardPanel } from "./dashboard_panel";

/**
 * A dashboard, or an own report: tiles and panels as the server counted them, in one
 * request. Every number opens its records.
 */
export class CrmDashboard extends Component {
    static template = "crm_reports.Dashboard";
    static components = { DashboardPanel, Dropdown, DropdownItem };
    static props = { ...standardActionServiceProps };

    setup() {
        this.orm = useService("orm");
        this.action = useService("action");
        this.reportId = this.props.action.params?.report_id || false;
        this.state = useState({ setup: null, data: null, loading: true, error: "", file: "" });
        this.filters = useState({ dashboard: false, period: "this_month" });
        this.request = 0;
        onWillStart(async () => {
            const [setup] = await Promise.all([
                this.orm.call("crm.dashboard", "get_setup", []),
                loadBundle("web.chartjs_lib"),
            ]);
            this.state.setup = setup;
            this.useSettings(setup.settings);
            this.load();
        });
    }

    useSettings(settings) {
        const { dashboard, period, date_from, date_to, by_dashboard } = settings;
        Object.assign(this.filters, {
            dashboard,
            period: period || "this_month",
            date_from,
            date_to,
            by_dashboard: by_dashboard || {},
        });
    }

    /** Team and person chosen for the dashboard that is open. */
    get whose() {
        return this.filters.by_dashboard[this.filters.dashboard] || {};
    }

    get current() {
        return this.state.setup.dashboards.find((one) => one.key === this.filters.dashboard);
    }

    get periodName() {
        return this.state.setup.periods.find((one) => one.key === this.filters.period)?.name;
    }

    get question() {
        const { period, date_from, date_to } = this.filters;
        return { period, date_from, date_to, ...this.whose };
    }

    get person() {
        if ("user_id" in this.whose) {
            return this.whose.user_id;
        }
        return this.current?.personal ? this.state.setup.user.id : 0;
    }

    /** Read the figures; an answer that comes after a newer question is dropped. */
    async load() {
        if (!this.filters.dashboard && !this.reportId) {
            this.state.loading = false;
            return;
        }
        const request = ++this.request;
        this.state.loading = true;
        this.state.error = "";
        try {
            const data = this.reportId
                ? await this.orm.silent.call("crm.report.view", "get_report", [[this.reportId]])
                : await this.orm.silent.call("crm.dashboard", "get_dashboard", [
                      this.filters.dashboard,
                      this.question,
                  ]);
            if (request === this.request) {
                this.state.data = data;
            }
        } catch (error) {
            if (request === this.request) {
                this.state.error = error.data?.message || error.message;
            }
        }
        if (request === this.request) {
            this.state.loading = false;
        }
    }

    async change(values) {
        Object.assign(this.filters, values);
        this.load();
        await this.orm.silent.call("crm.dashboard", "save_filters", [{ ...this.filters }]);
    }

    choosePeriod(period) {
        if (period !== "custom") {
            this.change({ period });
            return;
        }
        // it starts as the period that is shown
        const { date_from, date_to } = this.state.data || {};
        this.change({ period, date_from, date_to });
    }

    chooseWhose(values) {
        const key = this.filters.dashboard;
        const whose = { ...this.whose, ...values };
        this.change({ by_dashboard: { ...this.filters.by_dashboard, [key]: whose } });
    }

    async open(drill, name) {
        if (drill) {
            const args = [drill.measure, drill.domain, name];
            this.action.doAction(await this.orm.call("crm.dashboard", "open_records", args));
        }
    }

    openTile(tile) {
        return this.open({ measure: tile.key, domain: tile.domain }, tile.name);
    }

    /** A PDF of a large dashboard takes seconds; the button shows it and waits. */
    async download(kind) {
        this.state.file = kind;
        try {
            await download({
                url: `/crm_reports/${kind}`,
                data: {
                    dashboard: this.filters.dashboard || "",
                    report_id: this.reportId || 0,
                    filters: JSON.stringify(this.question),
                },
            });
        } finally {
            this.state.file = "";
        }
    }

    fileIcon(kind) {
        const icon = { xlsx: "fa-file-excel-o", pdf: "fa-file-pdf-o" }[kind];
        return this.state.file === kind ? "fa-spinner fa-spin" : icon;
    }

    subscribe() {
        const context = this.reportId
            ? { default_report_id: this.reportId }
            : { default_dashboard: this.filters.dashboard };
        this.action.doAction({
            type: "ir.actions.act_window",
            res_model: "crm.report.subscription",
            views: [[false, "form"]],
            context,
        });
    }

    /** How much of the whole a rate is; one beyond it fills the bar. */
    rateWidth(value) {
        return Math.min(Math.max(value, 0), 100);
    }

    trendIcon(trend) {
        return { 1: "fa-caret-up", "-1": "fa-caret-down", 0: "fa-minus" }[trend.direction];
    }

    trendClass(trend) {
        return { good: "text-success", bad: "text-danger", neutral: "text-muted" }[trend.mood];
    }

    /** Two days are a stroke that looks like a flaw of the screen. */
    hasCurve(spark) {
        return spark.filter((point) => point !== null).length > 2;
    }

    /** Points of the sparkline in a box of 100 by 24. */
    sparkPoints(spark) {
        const known = spark.filter((point) => point !== null);
        const low = Math.min(...known, 0);
        const range = Math.max(...known) - low || 1;
        const step = 100 / Math.max(spark.length - 1, 1);
        return spark
            .map((point, index) =>
                point === null ? null : `${index * step},${23 - (22 * (point - low)) / range}`,
            )
            .filter((point) => point !== null)
            .join(" ");
    }
}

registry.category("actions").add("crm_reports.dashboard", CrmDashboard);
