import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { beforeEach, describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    getService,
    makeMockEnv,
    mountWithCleanup,
    onRpc,
    preloadBundle,
} from "@web/../tests/web_test_helpers";
import { WebClient } from "@web/webclient/webclient";
import { shortNumber } from "@crm_sales_process/components/short_amount/short_amount";
import { formatStageDuration } from "@crm_sales_process/components/stage_duration/stage_duration";

defineMailModels();

describe("short numbers", () => {
    // signs of the language come with it
    beforeEach(() => makeMockEnv());

    const short = (lang) => (value) => shortNumber(value, lang);

    test("by thousands", () => {
        const values = [0, 999, 1000, 1234, 540000, 1234567, 2e9];
        expect(values.map(short("en-US"))).toEqual([
            "0",
            "999",
            "1k",
            "1.23k",
            "540k",
            "1.23M",
            "2B",
        ]);
    });

    test("by ten thousands", () => {
        const values = [9999, 10000, 540000, 12345678, 123456789];
        expect(values.map(short("zh-CN"))).toEqual(["9999", "1万", "54万", "1235万", "1.23亿"]);
    });

    test("what rounds up to the next unit is one of it", () => {
        expect([999999, 999499].map(short("en-US"))).toEqual(["1M", "999k"]);
        expect(shortNumber(99999999, "zh-CN")).toBe("1亿");
        expect(shortNumber(-999999, "en-US")).toBe("-1M");
    });

    test("below nothing as above it, and cents are rounded", () => {
        expect([-1234, -540000, 12.5, -0.4].map(short("en-US"))).toEqual([
            "-1.23k",
            "-540k",
            "13",
            "0",
        ]);
    });
});

test("durations are their two largest units", async () => {
    await makeMockEnv();
    const texts = [0, 59, 60, 3600, 3661, 90000, 1000000].map(formatStageDuration).map(String);
    expect(texts).toEqual([
        "less than a minute",
        "less than a minute",
        "1 min",
        "1 h",
        "1 h 1 min",
        "1 d 1 h",
        "11 d 13 h",
    ]);
});

describe("accuracy", () => {
    preloadBundle("web.chartjs_lib");

    const SCORES = { probability: 0.2, fixed_probability: 0.12345, learned_probability: null };

    function stage(id, name, values) {
        return {
            id,
            name,
            count: 40,
            fixed: 0.2,
            won_share: 0.4449,
            measured: 0.45,
            is_off: false,
            brier: SCORES,
            best: "fixed_probability",
            ...values,
        };
    }

    function band(lower, happened) {
        return { lower, upper: lower + 0.2, predicted: lower + 0.1, happened, count: 10 };
    }

    async function mountAccuracy(data) {
        onRpc("crm.stage.report", "get_accuracy", ({ args }) => {
            expect.step(`read ${args.join(" ")}`);
            return {
                teams: [],
                count: 80,
                enough: 30,
                can_change: true,
                reliability: {
                    probability: [band(0.6, 0.5), band(0, 0.1)],
                    fixed_probability: [band(0, 0.2)],
                    learned_probability: [],
                },
                stages: [],
                ...data,
            };
        });
        await mountWithCleanup(WebClient);
        await getService("action").doAction({
            type: "ir.actions.client",
            tag: "crm_sales_process.accuracy",
        });
        await animationFrame();
        expect.verifySteps(["read false 12"]);
    }

    test("in words: what is set, what happened, what to do", async () => {
        await mountAccuracy({
            stages: [
                stage(1, "Nobody", { count: 0 }),
                stage(2, "Few", { count: 29, is_off: true }),
                stage(3, "Enough", { count: 30 }),
                stage(4, "Off", { is_off: true }),
                stage(5, "Unset", { fixed: null }),
            ],
        });
        expect(queryAllTexts(".o_crm_accuracy_words")).toEqual([
            "No deal that was here is closed yet.",
            "Set 20 %, real 44 % of 29: too few to judge by.",
            "Set 20 %, real 44 % of 30: good enough.",
            "Set 20 %, real 44 % of 40: propose 45 %.",
            "Set –, real 44 % of 40: good enough.",
        ]);
    });

    test("what was measured is used, and all is read anew", async () => {
        onRpc("crm.stage", "action_use_measured_probability", ({ args }) => {
            expect.step(`use ${args[0]}`);
            return true;
        });
        await mountAccuracy({ stages: [stage(4, "Off", { is_off: true })] });
        await click("[data-stage='Off'] button");
        await animationFrame();
        expect.verifySteps(["use 4", "read false 12"]);
    });

    test("who may not change it is not offered it", async () => {
        await mountAccuracy({ can_change: false, stages: [stage(4, "Off", { is_off: true })] });
        expect("[data-stage='Off'] button").toHaveCount(0);
    });

    test("bands of the three sources stand side by side, a dash where one has none", async () => {
        await mountAccuracy({ stages: [stage(1, "Any")] });
        await click(".o_crm_accuracy_details");
        await animationFrame();
        expect(queryAllTexts(".o_crm_accuracy_bands tbody tr")).toEqual([
            "0–20 % 10 % of 10 20 % of 10 –",
            "60–80 % 50 % of 10 – –",
        ]);
        expect(queryAllTexts(".o_crm_accuracy_scores tbody td")).toEqual([
            "Any",
            "40",
            "0.200",
            "0.123",
            "–",
        ]);
        expect(".o_crm_accuracy_scores .text-success").toHaveText("0.123");
    });

    test("without a closed deal it says what will be seen here", async () => {
        await mountAccuracy({ count: 0 });
        expect(".o_view_nocontent_smiling_face").toHaveCount(1);
        expect(".o_crm_accuracy_stages").toHaveCount(0);
    });
});
