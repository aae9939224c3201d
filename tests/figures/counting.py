"""What hands do in a browser, counted and held against the page of a day's work."""

import logging
import re
import time
from pathlib import Path

from odoo.addons.crm_service_ticket_live.tests.common import Person, TwoBrowsers

_logger = logging.getLogger(__name__)
DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("daily-work.md", "daily-work.zh-CN.md")
ROW, DIALOG = ".o_data_row", ".modal"


class Hands(Person):
    """Counts what somebody does: clicks, and fields typed into."""

    clicks = typed = 0

    def click(self, selector, text=""):
        self.clicks += 1
        super().click(selector, text)

    def type(self, text):
        self.typed += 1
        super().type(text)

    def write_in(self, selector, text):
        """Type into a field that has to be clicked into first."""
        self.sees(selector)
        self.clicks += 1
        self.ask(f"{self.found(selector)}[0].focus()")
        self.type(text)

    def opens(self, path, selector, text=""):
        """Where an act begins; getting there is not counted."""
        self.browser.navigate_to(self.case.base_url() + path)
        self.sees(selector, text)
        self.clicks = self.typed = 0

    def selects(self, *rows):
        """Tick rows of a list."""
        for text in rows:
            self.clicks += 1
            box = ".o_list_record_selector input"
            self.ask(f"{self.found(ROW, text)}[0].querySelector('{box}').click()")


class CountedDay(TwoBrowsers):
    """The acts are the methods ``act_…``, in the order in which they stand in the class
    and in a table of docs/daily-work.md. Each begins where the one before it leaves
    somebody in real work, and ends when the screen shows that it is done.
    """

    browser_size = "1600x900"
    person_class = Hands
    table = 0  # the first of the pages

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.acts = {
            name: act for name, act in vars(cls).items() if name.startswith("act_")
        }

    def count(self, user, path, ready):
        """Do the acts as somebody, and compare with what the pages say."""
        counted = []
        with self.at_work():
            me = self.sit_down(user, path, ready)
            for act in self.acts.values():
                begun = time.monotonic()
                act(self, me)
                counted.append((me.clicks, me.typed))
                _logger.info("%s: %.1f s", act.__name__, time.monotonic() - begun)
        for page in PAGES:
            with self.subTest(page=page):
                self.assertEqual(self._written(page), counted)

    def _written(self, page):
        """Clicks and fields typed into, of each row of the table of a page."""
        text = (DOCS / page).read_text()
        tables = re.findall(r"(?:^\| \d+ \|.*\n)+", text, re.MULTILINE)
        rows = tables[self.table].splitlines()
        cells = [[cell.strip() for cell in row.split("|")] for row in rows]
        return [(int(row[3]), int(row[4])) for row in cells]
