import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { click, queryAllTexts, select } from "@odoo/hoot-dom";
import { advanceTime, animationFrame, Deferred } from "@odoo/hoot-mock";
import { makeServerError, mountWithCleanup, onRpc } from "@web/../tests/web_test_helpers";
import { TagExpression } from "@crm_tagging/components/tag_expression/tag_expression";
import {
    draftOf,
    tagIdsOf,
    valueOf,
} from "@crm_tagging/components/tag_expression/tag_expression_utils";

defineMailModels();

const VIP = 1;
const SOUTH = 2;
const NORTH = 3;
const CATALOG = [
    { id: false, name: "Others", exclusive: false, tags: [tag(VIP, "VIP")] },
    { id: 7, name: "Region", exclusive: true, tags: [tag(SOUTH, "South"), tag(NORTH, "North")] },
];

function tag(id, name) {
    return { id, name, color: 0, active: true };
}

function rows(...parts) {
    return {
        match: "all",
        blocks: [{ match: "all", rows: parts.map(([match, ...tags]) => ({ match, tags })) }],
    };
}

const found = { total: 1234, tags: {}, sentence: "has VIP", domain: "[]" };

/** Mount it on a server with a catalogue; steps say what was asked and given on. */
async function mountExpression(value, { preview, catalog = CATALOG, ...props } = {}) {
    onRpc("crm.segment", "get_tag_catalog", () => catalog);
    onRpc("crm.segment", "preview", ({ args }) => {
        expect.step(["preview", JSON.stringify(args[0])].join(" "));
        return preview ? preview(args) : found;
    });
    await mountWithCleanup(TagExpression, {
        props: { value, onChange: (v) => expect.step(`value ${JSON.stringify(v)}`), ...props },
    });
    expect.verifySteps([`preview ${JSON.stringify(value)}`]);
}

describe("drafts", () => {
    test("there is always a row to fill in", () => {
        const empty = { match: "any", tags: [] };
        expect(draftOf(false)).toEqual({ match: "all", blocks: [{ match: "all", rows: [empty] }] });
        const bare = { match: "any", blocks: [{ match: "any", rows: [] }] };
        expect(draftOf(bare).blocks[0].rows).toEqual([empty]);
    });

    test("a draft is a copy", () => {
        const value = rows(["any", VIP]);
        draftOf(value).blocks[0].rows[0].tags.push(SOUTH);
        expect(value.blocks[0].rows[0].tags).toEqual([VIP]);
    });

    test("what says nothing is left out of the value", () => {
        expect(valueOf(draftOf(false))).toBe(false);
        const draft = rows(["any", VIP], ["none"]);
        draft.blocks.push({ match: "all", rows: [{ match: "any", tags: [] }] });
        expect(valueOf(draft)).toEqual(rows(["any", VIP]));
    });

    test("there and back is the same", () => {
        const value = rows(["all", VIP, SOUTH], ["none", NORTH]);
        expect(valueOf(draftOf(value))).toEqual(value);
        expect(tagIdsOf(value)).toEqual([VIP, SOUTH, NORTH]);
        expect(tagIdsOf(false)).toEqual([]);
    });
});

test("says how many are found and in words what is chosen", async () => {
    await mountExpression(rows(["any", VIP]));
    expect(".o_tag_expression_total").toHaveText("1,234");
    expect(".o_tag_expression_sentence").toHaveText("has VIP");
    expect(queryAllTexts(".o_tag_expression_tags .o_tag")).toEqual(["VIP"]);
});

test("what the server refuses is said in its words, in place of a number", async () => {
    await mountExpression(rows(["any", VIP]), {
        preview: () => {
            throw makeServerError({ type: "UserError", message: "The condition is too dear." });
        },
    });
    expect(".o_tag_expression_result").toHaveText("The condition is too dear.");
    expect(".o_tag_expression_total").toHaveCount(0);
});

test("several changes ask once, and the value is given on each time", async () => {
    await mountExpression(rows(["any", VIP]));
    await click(".o_tag_expression_match");
    await select("all", { target: ".o_tag_expression_match" });
    await animationFrame();
    expect(".o_tag_expression_total").toHaveText("…");
    await select("none", { target: ".o_tag_expression_match" });
    await advanceTime(200);
    expect.verifySteps([
        `value ${JSON.stringify(rows(["all", VIP]))}`,
        `value ${JSON.stringify(rows(["none", VIP]))}`,
    ]);
    await advanceTime(300);
    expect.verifySteps([`preview ${JSON.stringify(rows(["none", VIP]))}`]);
    expect(".o_tag_expression_total").toHaveText("1,234");
});

test("the last question asked is the one shown", async () => {
    const first = new Deferred();
    const answers = [found, first, { ...found, total: 5 }];
    await mountExpression(rows(["any", VIP]), { preview: () => answers.shift() });
    await select("all", { target: ".o_tag_expression_match" });
    await advanceTime(300);
    await select("none", { target: ".o_tag_expression_match" });
    await advanceTime(300);
    await animationFrame();
    expect(".o_tag_expression_total").toHaveText("5");
    first.resolve({ ...found, total: 99 });
    await animationFrame();
    expect(".o_tag_expression_total").toHaveText("5");
    const asked = ["all", "none"].map((match) => JSON.stringify(rows([match, VIP])));
    expect.verifySteps(asked.flatMap((value) => [`value ${value}`, `preview ${value}`]));
});

test("a second block means: or these", async () => {
    await mountExpression(rows(["any", VIP]));
    await click(".o_tag_expression_add_block");
    await animationFrame();
    expect(".o_tag_expression_block").toHaveCount(2);
    expect(".o_tag_expression_between").toHaveText("or");
    // the next ones change nothing about it
    await click(".o_tag_expression_between button");
    await click(".o_tag_expression_add_block");
    await animationFrame();
    expect(queryAllTexts(".o_tag_expression_between")).toEqual(["and", "and"]);
    // empty blocks say nothing
    expect.verifySteps([`value ${JSON.stringify(rows(["any", VIP]))}`]);
});

test("the last row of a block takes it away, and one to fill in stays", async () => {
    await mountExpression(rows(["any", VIP]));
    await click(".o_tag_expression_remove");
    await animationFrame();
    expect(".o_tag_expression_block").toHaveCount(1);
    expect(".o_tag_expression_tags .o_tag").toHaveCount(0);
    // nothing is left to be removed
    expect(".o_tag_expression_remove").toHaveClass("invisible");
    expect.verifySteps(["value false"]);
});

test("two tags of an exclusive group are nobody's, and one click mends it", async () => {
    await mountExpression(rows(["all", SOUTH, NORTH]));
    expect(".o_tag_expression_hint").toHaveCount(1);
    await click(".o_tag_expression_hint button");
    await animationFrame();
    expect(".o_tag_expression_hint").toHaveCount(0);
    expect(".o_tag_expression_match").toHaveValue("any");
    expect.verifySteps([`value ${JSON.stringify(rows(["any", SOUTH, NORTH]))}`]);
});

test("tags of different groups may be asked for together", async () => {
    await mountExpression(rows(["all", SOUTH, VIP]));
    expect(".o_tag_expression_hint").toHaveCount(0);
});

test("who only reads changes nothing", async () => {
    await mountExpression(rows(["any", VIP]), { readonly: true });
    expect(".o_tag_expression_match").not.toBeEnabled();
    expect(".o_tag_expression_add_row, .o_tag_expression_remove").toHaveCount(0);
    expect(".o_tag_expression .o_delete").toHaveCount(0);
});

test("without tags it says where to begin", async () => {
    await mountExpression(false, { catalog: [] });
    expect(".o_tag_expression .alert").toHaveCount(1);
    expect(".o_tag_expression_block").toHaveCount(0);
});
