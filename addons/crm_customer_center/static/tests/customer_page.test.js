import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, edit } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import {
    contains,
    defineModels,
    fields,
    makeMockEnv,
    makeServerError,
    mockService,
    models,
    mountView,
    mountWithCleanup,
    onRpc,
    patchWithCleanup,
} from "@web/../tests/web_test_helpers";
import { registry } from "@web/core/registry";
import { session } from "@web/session";
import { timelineDays } from "@crm_customer_center/components/customer_timeline/timeline_days";
import { HandoverProgress } from "@crm_customer_center/components/handover_progress/handover_progress";
import { PAUSE } from "@crm_customer_center/components/global_search/global_search";
import { Setup } from "@crm_customer_center/components/setup/setup";

class Entry extends models.Model {
    name = fields.Char();
    phone = fields.Char();
    phone_problem = fields.Char();
    is_entry_whole = fields.Boolean();

    _onChanges = {
        phone(record) {
            record.phone_problem = record.phone.length < 5 && "Too short for a phone number.";
        },
    };
}

defineMailModels();
defineModels([Entry]);

describe("the box in the top bar", () => {
    const COMMANDS = [
        {
            label: "New Customer",
            icon: "fa-plus",
            action: { res_model: "res.partner", context: { a: 1 } },
            name_field: "name",
            phone_field: "phone",
        },
        { label: "My Day", icon: "fa-sun-o", is_page: true, action: { tag: "day" } },
    ];

    async function askBox() {
        patchWithCleanup(session, { crm_search_commands: COMMANDS });
        mockService("action", { doAction: (action) => expect.step(JSON.stringify(action)) });
        onRpc("crm.global.search", "find", ({ args }) => {
            expect.step(`find ${args[0]}`);
            return [
                { model: "res.partner", id: 3, label: "Customer", icon: "fa-user", title: "Found" },
            ];
        });
        const env = await makeMockEnv();
        const provider = registry.category("command_provider").get("crm_global_search");
        return (searchValue) => provider.provide(env, { searchValue });
    }

    test("before anything is typed it offers what can be begun, and asks nobody", async () => {
        const ask = await askBox();
        const commands = await ask("  ");
        expect(commands.map((command) => command.props.title)).toEqual(["New Customer", "My Day"]);
        expect(commands[0].props.label).toBe("");
        expect.verifySteps([]);
    });

    test("the server is asked for the last word, when the keys have paused", async () => {
        const ask = await askBox();
        const first = ask("fo");
        const second = ask("found ");
        await advanceTime(PAUSE);
        const [early, late] = await Promise.all([first, second]);
        expect.verifySteps(["find found"]);
        expect(early.map((command) => command.props.title)).toEqual(["New Customer", "My Day"]);
        expect(late[0].props.title).toBe("Found");
        // the palette compares with what was typed, a sound does not contain it
        expect(late[0].name).toBe("found ");
        expect(late[0].href).toBe("/odoo/res.partner/3");
    });

    test("a name goes into the new record as a name, a number as a phone", async () => {
        const ask = await askBox();
        for (const [typed, field] of [
            ["云南 3", "name"],
            ["138 0013", "phone"],
        ]) {
            const asked = ask(typed);
            await advanceTime(PAUSE);
            const commands = await asked;
            const begin = commands.find((command) => command.props.title === "New Customer");
            expect(begin.props.label).toBe("Create");
            begin.action();
            const context = { a: 1, [`default_${field}`]: typed };
            expect.verifySteps([
                `find ${typed}`,
                JSON.stringify({ res_model: "res.partner", context }),
            ]);
        }
    });

    test("a page takes nothing of what was typed", async () => {
        const ask = await askBox();
        const asked = ask("abc");
        await advanceTime(PAUSE);
        const page = (await asked).at(-1);
        expect(page.props.label).toBe("");
        page.action();
        expect.verifySteps(["find abc", JSON.stringify({ tag: "day", context: {} })]);
    });
});

describe("a new customer", () => {
    async function mountEntry() {
        await mountView({
            type: "form",
            resModel: "entry",
            arch: `<form>
                <field name="name"/>
                <field name="phone"/>
                <field name="phone_problem" widget="value_problem" options="{'of': 'phone'}"/>
                <field name="is_entry_whole" invisible="1"/>
                <field name="name" invisible="not is_entry_whole" class="o_rest"/>
                <widget name="customer_entry_more" invisible="is_entry_whole"/>
            </form>`,
        });
        onRpc("entry", "web_save", () => expect.step("saved"));
    }

    test("what is wrong stands below the field, and keeps it from being saved", async () => {
        await mountEntry();
        await contains(".o_field_widget[name='phone'] input").edit("123");
        await animationFrame();
        expect(".o_value_problem").toHaveText("Too short for a phone number.");
        expect(".o_field_widget[name='phone']").toHaveClass("o_field_invalid");
        await click(".o_form_button_save");
        await animationFrame();
        expect.verifySteps([]);
    });

    test("once it is right it is forgotten", async () => {
        await mountEntry();
        await contains(".o_field_widget[name='phone'] input").edit("123");
        await contains(".o_field_widget[name='phone'] input").edit("12345");
        expect(".o_value_problem").toHaveCount(0);
        expect(".o_field_widget[name='phone']").not.toHaveClass("o_field_invalid");
        await click(".o_form_button_save");
        await animationFrame();
        expect.verifySteps(["saved"]);
    });

    test("the rest opens in the same record: what was typed stays", async () => {
        await mountEntry();
        await click(".o_field_widget[name='name']:first input");
        await edit("Typed");
        await click(".o_widget_customer_entry_more button");
        await animationFrame();
        expect(".o_widget_customer_entry_more").toHaveCount(0);
        expect(".o_rest input").toHaveValue("Typed");
    });
});

describe("a hand-over", () => {
    async function mountProgress(...answers) {
        onRpc("crm.handover", "get_progress", () => {
            const answer = answers.shift();
            expect.step("asked");
            if (!answer) {
                throw makeServerError({ message: "gone" });
            }
            return answer;
        });
        const record = {
            resModel: "crm.handover",
            resId: 1,
            data: {},
            load: () => expect.step("load"),
        };
        return mountWithCleanup(HandoverProgress, { props: { record } });
    }

    test("goes on to be asked for, also after a failure, until it is done", async () => {
        const shown = await mountProgress(
            { state: "running", percent: 49.9, done: 5, total: 10 },
            null,
            { state: "done", percent: 100, done: 10, total: 10 },
        );
        expect(shown.width).toBe(49);
        expect.verifySteps(["asked"]);
        await advanceTime(1000);
        await animationFrame();
        expect.verifySteps(["asked"]);
        await advanceTime(1000);
        await animationFrame();
        expect.verifySteps(["asked", "load"]);
        await advanceTime(5000);
        expect.verifySteps([]);
    });
});

describe("set up", () => {
    const step = (key, state) => ({ key, title: key, why: "", button: "Go", icon: "fa-a", state });

    async function mountSetup(steps) {
        onRpc("crm.setup", "get_setup", () => ({ steps, settled: 1, total: steps.length }));
        return mountWithCleanup(Setup, { props: { action: {} } });
    }

    test("the next step is the first that is open", async () => {
        const setup = await mountSetup([
            step("a", "done"),
            step("b", "skipped"),
            step("c", "open"),
            step("d", "open"),
        ]);
        expect(setup.next.key).toBe("c");
        expect(String(setup.progress)).toBe("1 of 4");
        expect(setup.percent).toBe(25);
    });

    test("without steps all is done", async () => {
        const setup = await mountSetup([]);
        expect(setup.percent).toBe(100);
        expect(setup.next).toBe(undefined);
    });
});

describe("days of the timeline", () => {
    const event = (id, day, noise = false) => ({ id, day, noise });

    test("what the system wrote of a day is folded, whatever it stands between", () => {
        const days = timelineDays([
            event("a", "2026-03-02"),
            event("b", "2026-03-02", true),
            event("c", "2026-03-02"),
            event("d", "2026-03-01", true),
        ]);
        expect(days.map((day) => day.events.map((one) => one.id).join(""))).toEqual(["ac", ""]);
        expect(days.map((day) => day.noise.map((one) => one.id).join(""))).toEqual(["b", "d"]);
    });

    test("unfolded all is told as it came", () => {
        const days = timelineDays([event("a", "d", true), event("b", "d")], false);
        expect(days[0].events).toHaveLength(2);
        expect(timelineDays([])).toEqual([]);
    });
});
