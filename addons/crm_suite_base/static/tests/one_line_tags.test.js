import { defineMailModels } from "@mail/../tests/mail_test_helpers";
import { describe, expect, test } from "@odoo/hoot";
import { animationFrame, queryAll, queryAllTexts } from "@odoo/hoot-dom";
import { defineModels, fields, models, mountView } from "@web/../tests/web_test_helpers";
import { fitting } from "@crm_suite_base/one_line_tags/one_line_tags";

describe("how many tags fit", () => {
    test("all that are there, three at most", () => {
        expect(fitting([50, 50], 1000)).toBe(2);
        expect(fitting([50, 50, 50], 1000)).toBe(3);
        expect(fitting([50, 50, 50, 50], 1000)).toBe(3);
    });

    test("none where there is none", () => {
        expect(fitting([], 100)).toBe(0);
    });

    test("one at least, however narrow the column", () => {
        expect(fitting([500], 10)).toBe(1);
        expect(fitting([500, 20], 10)).toBe(1);
    });

    test("the number of the others needs room only where there are others", () => {
        // 50 + 4 + 50 = 104; with "+1" behind it 44 more
        expect(fitting([50, 50], 104)).toBe(2);
        expect(fitting([50, 50], 103)).toBe(1);
        expect(fitting([50, 50, 50], 147)).toBe(1);
        expect(fitting([50, 50, 50], 148)).toBe(2);
    });
});

class Tag extends models.Model {
    name = fields.Char();
    _records = ["One", "Two", "Three", "Four", "Five"].map((name, n) => ({ id: n + 1, name }));
}

class Customer extends models.Model {
    tag_ids = fields.Many2many({ relation: "tag" });
    _records = [
        { id: 1, tag_ids: [1, 2, 3, 4, 5] },
        { id: 2, tag_ids: [1] },
        { id: 3, tag_ids: [] },
    ];
}

defineMailModels();
defineModels([Tag, Customer]);

test("what is left over is counted", async () => {
    await mountView({
        type: "list",
        resModel: "customer",
        arch: `<list><field name="tag_ids" widget="crm_one_line_tags"/></list>`,
    });
    // once for the room there is
    await animationFrame();
    await animationFrame();
    const more = queryAllTexts(".o_one_line_more");
    expect(more).toHaveLength(1);
    const shown = 5 - Number(more[0].slice(1));
    expect(shown).toBeGreaterThan(0);
    expect(shown).toBeLessThan(4);
    expect(`.o_data_row:first .o_one_line_${shown}`).toHaveCount(1);
    const visible = queryAll(".o_data_row:first .o_tag").filter(
        (tag) => getComputedStyle(tag).visibility !== "hidden",
    );
    expect(visible).toHaveLength(shown);
});
