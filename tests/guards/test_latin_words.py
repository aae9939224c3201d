"""# U1: whoever reads Chinese meets no English word on the screens of a role."""

import re

from hands import Hands
from lxml import etree
from planted import PlantedCase, silence

from odoo.exceptions import AccessError

from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours

ROLES = ("rep", "manager", "agent", "service_manager", "marketing", "crm_admin")
# what a person reads of a view; the other attributes are for programs
SKIPPED = ("tz", "lang", "res_model", "event_tz")
READ = ("string", "placeholder", "help", "confirm", "title", "alt", "aria-label", "sum")
# the names of views that are nowhere to be seen
UNSEEN = ("search", "pivot", "graph", "calendar", "activity", "form", "list", "kanban")
# names, formats, and what Chinese writes in Latin letters itself
FINE = re.compile(
    r"""https?://\S+ | [\w.+-]+@[\w.-]+ | \b[\w-]+\.(example|com)\b | &\w+; | %\(\w+\)s
    | \{\w+\} | ::\w+ | \.\w{2,4}\b | \b(
    Odoo|SLA|URL|Excel|CSV|PDF|VIP|SMS|CRM|MRR|UTM|WeChat|WhatsApp|Word|ID|IP|SMTP
    |IMAP|GBK|today\ -30d|service|acme
    |HTML|Message-ID|Brandom\ Freeman|GB/T|API|Spam|Bcc|Nginx|docker|IAP|BANT|Webhook
    )\b | (?<=[一-鿿])s\b""",
    re.VERBOSE,
)
LATIN = re.compile(r"[A-Za-z]{3,}")


def english(text):
    """Return whether a text has a Latin word that is not fine."""
    return bool(LATIN.search(FINE.sub(" ", text)))


class TestLatinWords(PlantedCase):
    def test_no_english_word(self):
        found = set()
        for role in ROLES:
            hands = Hands(self, self.roles[role], self.is_ours)
            env = hands.env(context={"lang": "zh_CN", "tz": "Asia/Shanghai"})
            with silence():
                menus = env["ir.ui.menu"].load_menus(False)
                found |= {
                    ("menu", one["name"])
                    for one in menus.values()
                    if one.get("xmlid", "") and _is_ours(one["xmlid"].split(".")[0])
                }
                for action in hands.actions():
                    found |= set(self.texts(env, action.with_env(env).sudo()))
        self.assertGreater(len(found), 2000, "the screens were not read")
        wrong = sorted({pair for pair in found if english(pair[1])})
        lines = [f"{place}: {text[:90]}" for place, text in wrong]
        self.assertFalse(wrong, f"{len(wrong)} texts\n" + "\n".join(lines))

    def is_ours(self, action):
        return _is_ours((action.xml_id or "").split(".")[0])

    def texts(self, env, action):
        """Yield ``(place, text)`` of all that an action's views show."""
        place = action.xml_id
        yield place, action.name
        yield from ((place, text) for text in words(f"<p>{action.help or ''}</p>"))
        wanted = [tuple(view) for view in action.views]
        wanted.append((action.search_view_id.id or False, "search"))
        try:
            got = env[action.res_model].get_views(wanted, {"toolbar": True})
        except AccessError:
            return
        shown = set()
        for kind, view in got["views"].items():
            tree = etree.fromstring(view["arch"])
            shown |= {node.get("name") for node in tree.iter("field")}
            yield from ((f"{place}/{kind}", text) for text in words(view["arch"]))
        fields = got["models"][action.res_model]["fields"]
        for name in shown & fields.keys():
            field = fields[name]
            if name in SKIPPED:
                continue
            texts = [field["string"], field.get("help") or ""]
            texts += [label for _key, label in field.get("selection") or ()]
            yield from ((f"{place}.{name}", " ".join(text.split())) for text in texts)

    def test_the_test_reads(self):
        self.assertTrue(english("请填写 customer"))
        self.assertFalse(english("SLA 规则，例如：https://www.odoo.com 或 a@b.example"))


def words(arch):
    """Yield the texts a person reads in a view."""
    tree = etree.fromstring(arch, etree.XMLParser(recover=True))
    for node in tree.iter():
        if not isinstance(node.tag, str):
            continue
        hidden = node.tag in UNSEEN
        said = [node.get(a) for a in READ if not (hidden and a == "string")]
        said += [node.text if node.tag != "field" else "", node.tail]
        yield from (" ".join(text.split()) for text in said if text and text.strip())
