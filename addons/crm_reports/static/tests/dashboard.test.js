import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame, Deferred } from "@odoo/hoot-mock";
import {
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { user } from "@web/core/user";
import { CrmDashboard } from "@crm_reports/dashboard/dashboard";
import { DashboardPanel } from "@crm_reports/dashboard/dashboard_panel";

defineMailModels();
preloadBundle("web.chartjs_lib");

function tile(key, values) {
    return {
        key,
        name: key,
        icon: "fa-star",
        text: String(values?.value ?? 0),
        value: 0,
        unit: "count",
        formula: "",
        spark: [],
        domain: [],
        ...values,
    };
}

function figures(key, ...tiles) {
    return { key, name: key, subtitle: `${key} of March`, tiles, panels: [] };
}

const SETUP = {
    dashboards: [
        { key: "sales", name: "Sales", teams: [], people: [], personal: false },
        { key: "mine", name: "Mine", teams: [], people: [], personal: true },
    ],
    periods: [
        { key: "this_month", name: "This month" },
        { key: "custom", name: "Custom" },
    ],
    settings: { dashboard: "sales", period: "", by_dashboard: false },
    user: { id: 7 },
    can_export: false,
};

/** Mount it; ``answer`` is asked for each dashboard by its key. */
async function mountDashboard(answer, { setup = SETUP, ...action } = {}) {
    onRpc("crm.dashboard", "get_setup", () => setup);
    onRpc("crm.dashboard", "get_dashboard", ({ args }) => answer(args[0], args[1]));
    onRpc("crm.dashboard", "save_filters", ({ args }) => {
        expect.step(`saved ${args[0].dashboard} ${args[0].period}`);
        return true;
    });
    const dashboard = await mountWithCleanup(CrmDashboard, { props: { action } });
    await animationFrame();
    return dashboard;
}

describe("dashboard", () => {
    test("tiles as the server counted them, and what is chosen is kept", async () => {
        await mountDashboard((key) => figures(key, tile("won", { value: 3, text: "3" })));
        expect(".o_crm_tile_value").toHaveText("3");
        await click("[data-dashboard='mine']");
        await animationFrame();
        expect(".o_crm_dashboard_content").toHaveAttribute("data-loaded", "mine this_month");
        expect.verifySteps(["saved mine this_month"]);
    });

    test("an answer that comes after a newer question is dropped", async () => {
        const late = new Deferred();
        await mountDashboard((key) => (key === "sales" ? late : figures(key)));
        expect(".o_crm_waiting").toHaveCount(8);
        await click("[data-dashboard='mine']");
        await animationFrame();
        late.resolve(figures("sales"));
        await animationFrame();
        expect(".o_crm_dashboard_content > p").toHaveText("mine of March");
        expect.verifySteps(["saved mine this_month"]);
    });

    test("what failed is said, and one can try again", async () => {
        let isBroken = true;
        await mountDashboard((key) => {
            if (isBroken) {
                throw makeServerError({ type: "UserError", message: "No rate of this day." });
            }
            return figures(key);
        });
        expect(".alert-danger").toHaveText(/No rate of this day\./);
        isBroken = false;
        await click(".alert-danger button");
        await animationFrame();
        expect(".alert-danger").toHaveCount(0);
        expect(".o_crm_dashboard_content").toHaveCount(1);
    });

    test("who has no dashboard is told, and nothing is asked", async () => {
        await mountDashboard(() => expect.step("asked"), {
            setup: { ...SETUP, dashboards: [], settings: { dashboard: false } },
        });
        expect("h3").toHaveText("No dashboard belongs to your role");
        expect.verifySteps([]);
    });

    test("an own period begins as the one that is shown", async () => {
        const asked = [];
        const dashboard = await mountDashboard((key, question) => {
            asked.push(question);
            return { ...figures(key), date_from: "2026-03-01", date_to: "2026-03-31" };
        });
        dashboard.choosePeriod("custom");
        await animationFrame();
        expect(asked.at(-1)).toEqual({
            period: "custom",
            date_from: "2026-03-01",
            date_to: "2026-03-31",
        });
        expect.verifySteps(["saved sales custom"]);
    });

    test("a team is chosen for the dashboard that is open alone", async () => {
        const dashboard = await mountDashboard((key) => figures(key));
        dashboard.chooseWhose({ team_id: 4 });
        expect(dashboard.question.team_id).toBe(4);
        dashboard.change({ dashboard: "mine" });
        expect(dashboard.question.team_id).toBe(undefined);
        // a personal one is one's own until somebody is chosen, also: everybody
        expect(dashboard.person).toBe(7);
        dashboard.chooseWhose({ user_id: 0 });
        expect(dashboard.person).toBe(0);
        await animationFrame();
        expect.verifySteps([
            "saved sales this_month",
            "saved mine this_month",
            "saved mine this_month",
        ]);
    });

    test("a number opens its records", async () => {
        onRpc("crm.dashboard", "open_records", ({ args }) => ({ name: args.join("|") }));
        mockService("action", { doAction: (action) => expect.step(action.name) });
        await mountDashboard((key) => figures(key, tile("won", { domain: "[]" })));
        await click("[data-measure='won']");
        await animationFrame();
        expect.verifySteps(["won|[]|won"]);
    });

    test("curves and rates stay in their boxes", async () => {
        const dashboard = await mountDashboard((key) => figures(key));
        expect(dashboard.hasCurve([1, null, 2, null])).toBe(false);
        expect(dashboard.hasCurve([1, 2, 0])).toBe(true);
        expect(dashboard.sparkPoints([0, 10])).toBe("0,23 100,1");
        // a day nobody counted is left out, and keeps its place
        expect(dashboard.sparkPoints([0, null, 10])).toBe("0,23 100,1");
        // nothing but nothing is a line at the foot
        expect(dashboard.sparkPoints([0, 0])).toBe("0,23 100,23");
        // losses are below the line of nothing
        expect(dashboard.sparkPoints([-10, 0])).toBe("0,23 100,1");
        expect([-5, 0, 40, 130].map((value) => dashboard.rateWidth(value))).toEqual([
            0, 0, 40, 100,
        ]);
    });
});

describe("panel", () => {
    function panel(values) {
        return {
            key: "p",
            kind: "chart",
            title: "Panel",
            help: "",
            note: "",
            empty: "Nobody sold anything.",
            error: "",
            columns: [{ label: "Count", unit: "count" }],
            rows: [],
            chart: { type: "bar", series: [0], has_total: false },
            ...values,
        };
    }

    function row(label, ...values) {
        return {
            label,
            values,
            texts: values.map(String),
            drills: values.map((v) => `${label}${v}`),
        };
    }

    async function mountPanel(values) {
        const onOpen = (drill, name) => expect.step(`${name}: ${drill}`);
        return mountWithCleanup(DashboardPanel, { props: { panel: panel(values), onOpen } });
    }

    test("says what is missing where there is nothing", async () => {
        await mountPanel({});
        expect(".o_crm_panel_empty").toHaveText(/Nobody sold anything\./);
        expect("canvas").toHaveCount(0);
    });

    test("one that failed does not hide behind an empty one", async () => {
        await mountPanel({ error: "No rate." });
        expect(".o_crm_panel_empty").toHaveCount(0);
        expect(".text-danger").toHaveText("No rate.");
    });

    test("bars of a funnel are percents of those that came in", async () => {
        const widths = await mountPanel({
            kind: "funnel",
            rows: [row("New", 200, 0.5, null), row("Talk", 50, null, null), row("Won", 0, null, 3)],
        });
        const lines = widths.props.panel.rows;
        expect(lines.map((line) => widths.width(line))).toEqual([100, 25, 1]);
        expect(queryAllTexts(".o_crm_funnel_side")).toEqual(["0.5 →", "", ""]);
        await click(".o_crm_funnel_row:eq(1)");
        expect.verifySteps(["Talk: Talk50"]);
    });

    test("of nothing there is no percent", async () => {
        const funnel = await mountPanel({ kind: "funnel", rows: [row("New", 0, null, null)] });
        expect(funnel.width(funnel.props.panel.rows[0])).toBe(0);
    });

    test("the row of a total is not charted, unless it is alone", async () => {
        const chart = { type: "bar", series: [0], has_total: true };
        const many = await mountPanel({ chart, rows: [row("All", 3), row("A", 1), row("B", 2)] });
        expect(many.chartConfig().data.labels).toEqual(["A", "B"]);
        const one = await mountPanel({ chart, rows: [row("All", 3)] });
        expect(one.chartConfig().data.labels).toEqual(["All"]);
    });

    test("rates beside numbers have an axis of their own, up to what was reached", async () => {
        const columns = [
            { label: "Deals", unit: "count" },
            { label: "Rate", unit: "percent" },
        ];
        const chart = { type: "bar", series: [0, 1] };
        const rows = [row("A", 4, 130), row("B", 2, null)];
        const mixed = (await mountPanel({ columns, chart, rows })).chartConfig();
        expect(mixed.data.datasets.map((set) => set.yAxisID)).toEqual([undefined, "rate"]);
        expect(mixed.options.scales.rate.max).toBe(130);
        expect(mixed.options.scales.rate.ticks.callback(99.6)).toBe("100%");
        const rates = { type: "line", series: [1] };
        const alone = (await mountPanel({ columns, chart: rates, rows })).chartConfig();
        expect(alone.options.scales.y.max).toBe(130);
        expect(alone.options.scales.rate).toBe(undefined);
    });

    test("a point opens what it counts", async () => {
        const shown = await mountPanel({ rows: [row("A", 1), row("B", 2)] });
        const { options } = shown.chartConfig();
        options.onClick(null, [{ datasetIndex: 0, index: 1 }]);
        options.onClick(null, []);
        expect.verifySteps(["B: B2"]);
    });

    test("numbers are short in the language of the reader", async () => {
        const shown = await mountPanel({});
        expect(shown.shortNumber(1234567)).toBe("1.2M");
        patchWithCleanup(user, { lang: "zh-CN" });
        expect(shown.shortNumber(1234567)).toBe("123.5万");
    });
});
