"""`make load`: what people ask for, and how it is judged."""

import random
from xml.etree import ElementTree

from devenv import load

from bench import people

MODELS = {
    "crm.lead": {
        "name": {"type": "char"},
        "partner_id": {"type": "many2one", "relation": "res.partner"},
        "tag_ids": {"type": "many2many", "relation": "crm.tag"},
        "order_ids": {"type": "one2many", "relation": "sale.order"},
        "state": {"type": "selection"},
    },
    "sale.order": {"name": {"type": "char"}, "state": {"type": "selection"}},
}
FORM = """
<form>
  <sheet><group>
    <field name="name"/><field name="partner_id"/>
    <field name="tag_ids" widget="many2many_tags"/>
    <field name="state" invisible="1"/>
    <field name="order_ids"><list><field name="name"/></list></field>
    <field name="not_here"/>
  </group></sheet>
</form>
"""


def test_a_form_asks_what_the_web_client_asks():
    form = ElementTree.fromstring(FORM)
    assert people.specification(form, "crm.lead", MODELS) == {
        "name": {},
        "partner_id": {"fields": {"display_name": {}}},
        "tag_ids": {"fields": {"display_name": {}}},
        "state": {},
        "order_ids": {"fields": {"name": {}}, "limit": 40},
    }


class Idle:
    """Somebody whose second step fails."""

    luck = random.Random(1)

    def steps(self):
        return {"list": lambda: None, "form": [].pop}


def test_nobody_stops_working_unnoticed():
    crowd = people.Crowd([Idle()], 0.2, (0, 0.01))
    crowd.work()
    assert len(crowd.times["list"]) > 2, "goes on after what failed"
    assert "form: IndexError: pop from empty list" in crowd.errors


def seconds(**by_case):
    return {("no pause", case, "list"): times for case, times in by_case.items()}


def judged(plain, same, own):
    times = seconds(without=plain)
    times |= {
        ("no pause", load.SAME, "list"): same,
        ("no pause", load.OWN, "list"): own,
    }
    return load.table(times)


def test_what_is_within_its_limits_is_not_named():
    lines, exceeded = judged([0.1] * 20, [0.11] * 20, [0.12] * 20)
    assert len(lines) == 2 + 3
    assert not exceeded


def test_each_limit_is_judged_by_itself():
    _lines, exceeded = judged([0.1] * 20, [0.12] * 20, [0.14] * 20)
    assert len(exceeded) == 2, "1.15 with the same columns, 1.3 with ours"
    _lines, exceeded = judged([4.0] * 20, [4.0] * 20, [4.0] * 20)
    assert len(exceeded) == 2, "nobody waits longer than three seconds"


def test_a_slow_tail_is_seen():
    tail = [0.1] * 18 + [0.9] * 2
    _lines, exceeded = judged([0.1] * 20, tail, [0.1] * 20)
    assert len(exceeded) == 1
