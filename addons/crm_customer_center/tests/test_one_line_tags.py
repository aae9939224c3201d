from odoo.tests import HttpCase, tagged

from .common import CustomerCommon

# three at most, the others counted and named when one points at them
LOOK = """
    const more = document.querySelector(".o_one_line_more");
    const tags = [...more.parentElement.querySelectorAll(".o_tag")];
    const shown = tags.filter((tag) => getComputedStyle(tag).visibility === "visible");
    const whole = shown.every(
        (tag) => tag.getBoundingClientRect().right <= more.getBoundingClientRect().left
    );
    const named = JSON.parse(more.dataset.tooltipInfo).tags.map((tag) => tag.text);
    const rest = tags.slice(shown.length).map((tag) => tag.textContent.trim());
    const right = more.getBoundingClientRect().right;
    const edge = more.closest("td").getBoundingClientRect().right;
    console.log([shown.length, more.textContent, whole, right <= edge].join(" "));
    if (
        shown.length < 1 ||
        shown.length > 3 ||
        more.textContent !== `+${tags.length - shown.length}` ||
        !whole ||
        right > edge ||
        String(named) !== String(rest)
    ) {
        throw new Error("tags are not in one line");
    }
    console.log("test successful");
"""


@tagged("post_install", "-at_install")
class TestOneLineTags(CustomerCommon, HttpCase):
    def test_a_row_shows_some_tags_and_counts_the_others(self):
        """# U2: what does not fit is counted and not cut off."""
        names = ("Big", "Small shop", "Exhibition 2026", "Chemistry", "East")
        tags = self.env["res.partner.category"].create([{"name": n} for n in names])
        self.rep.password = self.rep.login
        self.make_customer("Tagged", self.rep, category_id=tags.ids)
        self.browser_js(
            "/odoo/action-crm_customer_center.action_customer",
            LOOK,
            ready="Boolean(document.querySelector('.o_one_line_more'))",
            login=self.rep.login,
        )
