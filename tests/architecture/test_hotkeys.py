"""Keys of buttons on a page are none that Odoo's own buttons beside them have."""

import re
from pathlib import Path

from devenv import addons as addons_
from lxml import etree

import odoo.addons.web

# what stands on every page, and beside a form or a list
BESIDE = ("webclient", "search", "core/pager", "views/form", "views/list")
KEY = re.compile(r"""data-hotkey=["']([^"']+)["']""")


def keys_of_odoo():
    source = Path(odoo.addons.web.__file__).parent / "static" / "src"
    return {
        key
        for folder in BESIDE
        for file in (source / folder).rglob("*.xml")
        for key in KEY.findall(file.read_text(encoding="utf-8"))
    }


def keys_on_pages(tree):
    """Yield ``(button, key)``; those at the foot of a dialog have the dialog alone."""
    for button in tree.iterfind(".//*[@data-hotkey]"):
        if not any(above.tag == "footer" for above in button.iterancestors()):
            yield button.get("name"), button.get("data-hotkey")


def test_no_key_is_taken():
    taken = keys_of_odoo()
    assert {"h", "c", "s"} <= taken
    wrong = [
        f"{file.relative_to(addon.path)}: {name}: {key}"
        for addon in addons_.scan().values()
        for folder in ("views", "wizards")
        for file in sorted((addon.path / folder).glob("*.xml"))
        for name, key in keys_on_pages(etree.parse(file))
        if key in taken
    ]
    assert not wrong, "\n".join(wrong)


def test_the_check_sees_what_it_is_for():
    page = "<form><header><button name='a' data-hotkey='h'/></header>"
    page += "<footer><button name='b' data-hotkey='x'/></footer></form>"
    assert list(keys_on_pages(etree.fromstring(page))) == [("a", "h")]
