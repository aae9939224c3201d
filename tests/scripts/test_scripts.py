"""The scripts of our modules, tried in a browser by Odoo's own runner.

All of them in one page: most of the time goes into loading it. What is tried stands in
``static/tests/*.test.js`` of the module it belongs to; while writing one, open
``/web/tests?filter=@crm_tagging`` on the server of ``make run``.
"""

import re
from pathlib import Path

from odoo.tests import HttpCase, no_retry, tagged

ADDONS = Path(__file__).resolve().parents[2] / "addons"
SUCCESS = "[HOOT] Test suite succeeded"
# those would have the others left out
ALONE = re.compile(r"\b(test|describe)\b[\w.]*\.(only|debug)\(")


def files_of_tests():
    """Return the files of tests."""
    return sorted(ADDONS.glob("*/static/tests/**/*.test.js"))


def hoot_id(name):
    """Return the id by which Odoo's runner knows a suite, of its name."""
    number = 0
    for sign in name:
        number = ((number << 5) - number + ord(sign)) & 0xFFFFFFFF
    return f"{number:08x}"


def is_fatal(message):
    """Tell whether an error in the console ends the run: one of a test is counted."""
    return "[HOOT]" not in message


@tagged("post_install", "-at_install")
class TestScripts(HttpCase):
    def test_the_id_is_that_of_the_runner(self):
        # of Odoo's own test of it
        self.assertEqual(hoot_id("@web/core"), "e39ce9ba")

    def test_every_module_with_tests_offers_them(self):
        """One that is in no bundle would be run by nobody."""
        paths = self.env["ir.asset"]._get_asset_paths("web.assets_unit_tests", {})
        offered = {path for path, *_rest in paths}
        ours = {f"/{file.relative_to(ADDONS).as_posix()}" for file in files_of_tests()}
        self.assertTrue(ours)
        self.assertFalse(ours - offered)

    def test_no_test_leaves_the_others_out(self):
        alone = [
            file.name for file in files_of_tests() if ALONE.search(file.read_text())
        ]
        self.assertFalse(alone)

    @no_retry
    def test_scripts(self):
        modules = sorted(
            {file.relative_to(ADDONS).parts[0] for file in files_of_tests()}
        )
        chosen = "".join(f"&id={hoot_id(f'@{module}')}" for module in modules)
        self.browser_js(
            f"/web/tests?headless&loglevel=2&preset=desktop&timeout=15000{chosen}",
            "",
            "",
            login="admin",
            timeout=180,
            success_signal=SUCCESS,
            error_checker=is_fatal,
        )
