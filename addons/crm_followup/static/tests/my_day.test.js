import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, press, queryAllTexts } from "@odoo/hoot-dom";
import { animationFrame } from "@odoo/hoot-mock";
import {
    makeServerError,
    mockService,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { session } from "@web/session";
import { MyDay } from "@crm_followup/my_day/my_day";

defineMailModels();
describe.current.tags("desktop");

function item(name, values) {
    return {
        key: name,
        name,
        model: "res.partner",
        res_id: name.length,
        activity_id: 0,
        days_late: 0,
        date: "",
        can_follow_up: true,
        can_put_off: true,
        buttons: [],
        ...values,
    };
}

function section(key, items, values) {
    return {
        key,
        label: key,
        icon: "fa-star",
        kind: "todo",
        count: items.length,
        items,
        ...values,
    };
}

/** Mount the day; steps say what the server was asked and which action was opened. */
async function mountDay(sections, { putOff } = {}) {
    onRpc("crm.my.day", "get_my_day", () => {
        expect.step("read");
        return { sections, done: 2, upcoming: 3 };
    });
    onRpc("crm.my.day", "put_off", ({ args }) => {
        expect.step(`put off ${args.join(" ")}`);
        if (putOff) {
            return putOff();
        }
        return { date: "2026-03-05", activity_id: 9, before: "2026-03-04" };
    });
    onRpc("crm.my.day", "undo_put_off", ({ args }) => {
        expect.step(`undo ${args.join(" ")}`);
        return true;
    });
    onRpc("action_follow_up", ({ model, args }) => ({ type: "follow", of: [model, args[0][0]] }));
    onRpc("action_followup_done", ({ model, args }) => ({
        type: "follow",
        of: [model, args[0][0]],
    }));
    onRpc("get_formview_action", ({ model, args }) => ({ type: "form", of: [model, args[0][0]] }));
    mockService("action", {
        doAction: (action) => {
            expect.step([action.type, ...action.of].join(" "));
        },
    });
    await mountWithCleanup(MyDay, { props: { action: {} } });
    await animationFrame();
    expect.verifySteps(["read"]);
}

test("what is to do is counted, what lies ahead is not", async () => {
    await mountDay([
        section("overdue", [item("One"), item("Two")], { count: 7 }),
        section("ahead", [item("Later")], { kind: "ahead" }),
        section("done", [item("Past")], { kind: "info" }),
    ]);
    expect(".o_my_day_todo").toHaveText("7");
    expect(".o_my_day_done").toHaveText("2");
    expect(".o_my_day_empty").toHaveCount(0);
});

test("a day on which only something lies ahead is empty", async () => {
    await mountDay([section("ahead", [item("Later")], { kind: "ahead" })]);
    expect(".o_my_day_todo").toHaveText("0");
    expect(".o_my_day_empty").toHaveCount(1);
});

test("how late, or when", async () => {
    await mountDay([
        section("todo", [
            item("A", { days_late: 1, date: "2026-03-04" }),
            item("B", { days_late: 12 }),
            item("C", { date: "2026-03-04" }),
            item("D", { date: "14:30" }),
        ]),
    ]);
    expect(queryAllTexts(".o_my_day_open .small")).toEqual([
        "1 day late",
        "12 days late",
        "03/04/2026",
        "14:30",
    ]);
});

test("arrows move and stop at the ends", async () => {
    await mountDay([section("a", [item("One")]), section("b", [item("Two")])]);
    expect(".o_my_day_item:eq(0)").toBeFocused();
    await press("ArrowUp");
    expect(".o_my_day_item:eq(0)").toBeFocused();
    await press("ArrowDown");
    expect(".o_my_day_item:eq(1)").toBeFocused();
    await press("ArrowDown");
    expect(".o_my_day_item:eq(1)").toBeFocused();
});

test("Enter writes the follow-up of the activity, of the record, or opens it", async () => {
    await mountDay([
        section("a", [
            item("With", { activity_id: 8 }),
            item("Bare", { res_id: 4 }),
            item("Look", { res_id: 6, can_follow_up: false }),
        ]),
    ]);
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["follow mail.activity 8"]);
    await press("ArrowDown");
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["follow res.partner 4"]);
    await press("ArrowDown");
    await press("Enter");
    await animationFrame();
    expect.verifySteps(["form res.partner 6"]);
});

test("1 puts off, U takes it back, once", async () => {
    await mountDay([section("a", [item("One", { res_id: 4, activity_id: 8 })])]);
    await press("1");
    await animationFrame();
    expect.verifySteps(["put off res.partner 4 8 tomorrow", "read"]);
    await press("u");
    await animationFrame();
    expect.verifySteps(["undo 9 2026-03-04", "read"]);
    await press("u");
    await animationFrame();
    expect.verifySteps([]);
});

test("what cannot be put off is not, and shortcuts of the browser are its own", async () => {
    await mountDay([section("a", [item("One", { can_put_off: false }), item("Two")])]);
    expect(".o_my_day_item:eq(0) [data-choice]").toHaveCount(0);
    await press("1");
    await press("ArrowDown");
    await press(["Control", "1"]);
    await animationFrame();
    expect.verifySteps([]);
});

test("where it fails nothing is read again and nothing can be taken back", async () => {
    expect.errors(1);
    await mountDay([section("a", [item("One", { res_id: 4 })])], {
        putOff: () => {
            throw makeServerError({ type: "UserError", message: "It is done already." });
        },
    });
    await press("2");
    await animationFrame();
    await press("u");
    await animationFrame();
    expect.verifySteps(["put off res.partner 4 0 three_days"]);
    expect.verifyErrors(["It is done already."]);
});

test("a decision is made by its letter, and another key is none", async () => {
    const button = {
        label: "Keep",
        model: "crm.pool.warning",
        method: "action_keep",
        res_id: 3,
        hotkey: "k",
    };
    onRpc("/web/dataset/call_button/crm.pool.warning/action_keep", async (request) => {
        const { params } = await request.json();
        expect.step(`kept ${params.args[0]}`);
        return false;
    });
    await mountDay([section("a", [item("One", { can_follow_up: false, buttons: [button] })])]);
    await press("x");
    await animationFrame();
    expect.verifySteps([]);
    await press("K");
    await animationFrame();
    expect.verifySteps(["kept 3", "read"]);
    expect(".o_notification").toHaveText(/One: Keep/);
});

test("what can be begun is what the box offers", async () => {
    patchWithCleanup(session, {
        crm_search_commands: [
            { key: "deal", label: "New Deal", action: { type: "begun", of: ["deal"] } },
        ],
    });
    await mountDay([]);
    await click(".o_my_day_new");
    await animationFrame();
    await click("[data-command='deal']");
    await animationFrame();
    expect.verifySteps(["begun deal"]);
});
