import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts } from "@odoo/hoot-dom";
import { advanceTime, animationFrame } from "@odoo/hoot-mock";
import { makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { ImportCards } from "@crm_customer_import/components/import_cards/import_cards";
import { ImportProgress } from "@crm_customer_import/components/import_progress/import_progress";

defineMailModels();

function importRecord(data) {
    return {
        resModel: "crm.customer.import",
        resId: 5,
        data,
        load: () => expect.step("load"),
        save: () => expect.step("save"),
        update: (values) => {
            Object.assign(data, values);
            expect.step(`update ${JSON.stringify(values)}`);
        },
    };
}

describe("progress", () => {
    /** Mount it; each question gets the next answer, the last one again and again. */
    async function mountProgress(state, answers) {
        onRpc("crm.customer.import", "get_progress", () => {
            const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers;
            expect.step("asked");
            if (!answer) {
                throw makeServerError({ message: "gone" });
            }
            return answer;
        });
        return mountWithCleanup(ImportProgress, { props: { record: importRecord({ state }) } });
    }

    test("asks once a second while the work goes on, and whole percents are shown", async () => {
        await mountProgress("importing", [
            { state: "importing", percent: 33.9, known: true, text: "3,390 of 10,000" },
            { state: "importing", percent: 66.6, known: true, text: "6,660 of 10,000" },
        ]);
        expect(".o_crm_import_progress").toHaveText(/3,390 of 10,000 · 33 %/);
        expect(".progress").toHaveAttribute("aria-valuenow", "33.9");
        await advanceTime(800);
        expect.verifySteps(["asked"]);
        await advanceTime(200);
        await animationFrame();
        expect.verifySteps(["asked"]);
        expect(".o_crm_import_progress").toHaveText(/· 66 %/);
    });

    test("of what is not known no percent is said, and the bar is full", async () => {
        await mountProgress("reading", [
            { state: "reading", percent: 0, known: false, text: "12 rows" },
        ]);
        expect(".o_crm_import_progress").toHaveText(/Reading the list…/);
        expect(".o_crm_import_progress").not.toHaveText(/%/);
        expect(".progress-bar").toHaveStyle({ width: "100%" }, { inline: true });
        expect.verifySteps(["asked"]);
    });

    test("the form is read anew when the phase ends, and nobody asks again", async () => {
        await mountProgress("importing", [{ state: "done", percent: 100, known: true, text: "" }]);
        expect.verifySteps(["asked", "load"]);
        await advanceTime(5000);
        expect.verifySteps([]);
    });

    test("a server that is restarted is asked again", async () => {
        await mountProgress("importing", [
            null,
            { state: "importing", percent: 50, known: true, text: "half" },
        ]);
        expect.verifySteps(["asked"]);
        await advanceTime(1000);
        await animationFrame();
        expect.verifySteps(["asked"]);
        expect(".o_crm_import_progress").toHaveText(/half · 50 %/);
    });
});

describe("cards", () => {
    const counts = { create_count: 5, update_count: 0, skip_count: 2, refuse_count: 1 };

    async function mountCards(data) {
        const record = importRecord({ shown_decision: false, ...counts, ...data });
        await mountWithCleanup(ImportCards, { props: { record } });
        return record;
    }

    test("before, what will become of the rows; afterwards, what has", async () => {
        await mountCards({ state: "ready" });
        expect(queryAllTexts("button")).toEqual([
            "5\nto create",
            "0\nto update",
            "2\nskipped",
            "1\nrefused",
        ]);
    });

    test("what has been taken back was done as well", async () => {
        await mountCards({ state: "undone" });
        expect(queryAllTexts("button").slice(0, 2)).toEqual(["5\ncreated", "0\nupdated"]);
    });

    test("a click shows those rows", async () => {
        await mountCards({ state: "ready" });
        await click("[data-decision='refuse']");
        await animationFrame();
        expect.verifySteps([`update {"shown_decision":"refuse"}`, "save"]);
    });

    test("a second one all", async () => {
        await mountCards({ state: "ready", shown_decision: "refuse" });
        expect("[data-decision='refuse']").toHaveAttribute("aria-pressed", "true");
        await click("[data-decision='refuse']");
        await animationFrame();
        expect.verifySteps([`update {"shown_decision":false}`, "save"]);
    });
});
