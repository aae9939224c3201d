"""What happens at a write happens in a declared order. See docs/adr/0042."""

import re
from pathlib import Path

from odoo.tests import TransactionCase, tagged

from odoo.addons.crm_suite_base.models.base_system_fields import _is_ours
from odoo.addons.crm_suite_base.tools.changes import EVERYTHING

PAGE = Path(__file__).resolve().parents[2] / "docs" / "order-of-writes.md"
MODELS = ("crm.lead", "res.partner", "crm.service.ticket")
# what stays beside the order wraps it, or changes the values; the page says why
OVERRIDE = re.compile(r"^\| `([\w.]+)` \| `(\w+)` \| `(\w+)` \|", re.MULTILINE)


def written(hook):
    """Return the line of the page for one hook."""
    wakes = [] if EVERYTHING in hook.watched else sorted(hook.watched)
    words = [f"`{name}`" for name in wakes]
    if EVERYTHING in hook.watched:
        words = ["every write"]
    if hook.new:
        words.insert(0, "new")
    return (
        f"| {hook.phase} | {hook.order} | `{hook.module}` | `{hook.name}` "
        f"| {', '.join(words)} |"
    )


@tagged("post_install", "-at_install")
class TestOrderOfWrites(TransactionCase):
    """The page says what the code does, place by place."""

    def test_the_order_of_each_model_is_on_the_page(self):
        page = PAGE.read_text(encoding="utf-8")
        for model in MODELS:
            with self.subTest(model):
                lines = [written(one) for one in self.env[model]._change_hooks()]
                part = page.partition(f"## `{model}`\n")[2].partition("\n## ")[0]
                said = [
                    line
                    for line in part.splitlines()
                    if line.startswith(("| before", "| after"))
                ]
                self.assertGreater(len(lines), 5)
                self.assertEqual(said, lines, "\n".join(["", *lines]))

    def test_what_else_overrides_is_on_the_page(self):
        found = {
            (model, part.__module__.split(".")[2], method)
            for model in MODELS
            for part in self.env.registry[model].__mro__
            for method in ("create", "write")
            if method in vars(part)
            and _is_ours(part.__module__.removeprefix("odoo.addons.").split(".")[0])
        }
        # the mixin itself, and the guards of every model
        found = {one for one in found if one[1] != "crm_suite_base"}
        said = set(OVERRIDE.findall(PAGE.read_text(encoding="utf-8")))
        self.assertTrue(said)
        self.assertEqual(said, found)

    def test_what_is_named_is_there(self):
        for model in MODELS:
            for hook in self.env[model]._change_hooks():
                with self.subTest(hook.name):
                    records = self.env[model]
                    self.assertTrue(callable(getattr(records, hook.before or "read")))
                    self.assertLessEqual(hook.reads, records._fields.keys())
                    watched = hook.watched - {EVERYTHING}
                    self.assertLessEqual(watched, records._fields.keys())

    def test_the_mixin_calls_in_that_order(self):
        """Of a lead: each hook is called once, where it stands."""
        calls = []
        leads = self.env.registry["crm.lead"]
        hooks = self.env["crm.lead"]._change_hooks()
        lead = self.env["crm.lead"].create({"name": "L"})
        for hook in hooks:

            def call(_self, _told, name=hook.name):
                calls.append(name)

            self.patch(leads, hook.name, call)
        lead.write({"stage_id": lead.stage_id.id, "partner_id": False, "active": True})
        awake = {"stage_id", "partner_id", "active"}
        wanted = [hook.name for hook in hooks if not hook.watched.isdisjoint(awake)]
        self.assertEqual(calls, wanted)
        calls.clear()
        self.env["crm.lead"].create({"name": "M"})
        self.assertEqual(calls, [hook.name for hook in hooks if hook.new])


@tagged("post_install", "-at_install")
class TestNotesTogether(TransactionCase):
    """# V4: a change of many records notes what it changed in two statements."""

    def queries(self, records, vals):
        """Return the queries of a write, its notes included, and the notes."""
        self.env.flush_all()
        self.env.cr.precommit.run()
        known = records.message_ids
        self.env.invalidate_all()
        before = self.env.cr.sql_log_count
        records.write(vals)
        self.env.flush_all()
        self.env.cr.precommit.run()
        return self.env.cr.sql_log_count - before, records.message_ids - known

    def assert_no_query_each(self, records, vals, again):
        """:param again: values of the second write, which finds caches filled"""
        self.queries(records[:1], vals)
        self.queries(records[:1], again)
        few, _notes = self.queries(records[:10], vals)
        many, notes = self.queries(records[10:], vals)
        self.assertLessEqual(many, few + 2)
        self.assertEqual(len(notes), len(records) - 10)
        lines = notes.sudo().tracking_value_ids
        self.assertEqual(len(lines.mail_message_id), len(notes))
        self.assertEqual(
            {note.res_id: note.author_id for note in notes},
            dict.fromkeys(records[10:].ids, self.env.user.partner_id),
        )

    def test_leads(self):
        leads = self.env["crm.lead"].create([{"name": f"L{n}"} for n in range(110)])
        self.assert_no_query_each(
            leads, {"expected_revenue": 5}, {"expected_revenue": 6}
        )

    def test_customers(self):
        customers = self.env["res.partner"].create(
            [{"name": f"C{n}", "lifecycle_state": "active"} for n in range(110)]
        )
        self.assert_no_query_each(
            customers, {"lifecycle_state": "dormant"}, {"lifecycle_state": "lost"}
        )

    def test_tickets(self):
        tickets = self.env["crm.service.ticket"].create(
            [{"name": f"T{n}"} for n in range(110)]
        )
        self.assert_no_query_each(tickets, {"priority": "2"}, {"priority": "1"})
