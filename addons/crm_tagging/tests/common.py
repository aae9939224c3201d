"""Builders for tests with tags, of this and of other modules.

``TaggingCommon`` gives users of every role and functions that make groups, tags,
customers, leads and rules::

    class TestX(TaggingCommon):
        def test_x(self):
            level = self.make_group("Level", exclusive=True)
            vip = self.make_tag("VIP", level)
            rule = self.make_rule("Shanghai", [("city", "=", "上海")], add=vip)
            self.run_rules(rule)
"""

from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

EMPLOYEE = "base.group_user,base.group_partner_manager"


class TaggingCommon(BaseCommon):
    """Users ``plain`` (an employee), ``rep`` (own leads), ``manager`` (sales
    administrator, so tag administrator), ``portal``."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.plain = cls.make_user("plain")
        cls.rep = cls.make_user("rep", "sales_team.group_sale_salesman")
        cls.manager = cls.make_user("manager", "sales_team.group_sale_manager")
        cls.portal = new_test_user(cls.env, "tag_portal", groups="base.group_portal")
        # the rules of demo data are not what is tested
        cls.env["crm.tag.rule"].search([]).action_archive()

    # ------------------------------------------------------------
    # BUILDERS
    # ------------------------------------------------------------

    @classmethod
    def make_user(cls, login, groups="", **values):
        """An internal user; ``groups`` are xml ids separated by commas."""
        return new_test_user(
            cls.env,
            f"tag_{login}",
            groups=",".join(filter(None, (EMPLOYEE, groups))),
            name=f"{login} user",
            **values,
        )

    @classmethod
    def make_group(cls, name, **values):
        return cls.env["crm.tag.group"].create({"name": name, **values})

    @classmethod
    def make_tag(cls, name, group=None, **values):
        """A tag on partners; its twin on leads comes by itself."""
        return cls.env["res.partner.category"].create(
            {"name": name, "tag_group_id": group.id if group else False, **values}
        )

    @classmethod
    def make_partner(cls, name="Customer", tags=None, **values):
        if tags:
            values["category_id"] = [Command.set(tags.ids)]
        return cls.env["res.partner"].create({"name": name, **values})

    @classmethod
    def make_lead(cls, name="Lead", tags=None, **values):
        """A lead; ``tags`` are tags on partners, their twins are put on."""
        if tags:
            values["tag_ids"] = [Command.set(tags.crm_tag_ids.ids)]
        return cls.env["crm.lead"].create({"name": name, "user_id": False, **values})

    @classmethod
    def make_rule(cls, name, domain, add=None, remove=None, **values):
        """A rule in use; ``add`` and ``remove`` are tags on partners."""
        return cls.env["crm.tag.rule"].create(
            {
                "name": name,
                "domain": repr(domain),
                "add_tag_ids": [Command.set(add.ids if add else [])],
                "remove_tag_ids": [Command.set(remove.ids if remove else [])],
                "state": "ok",
                **values,
            }
        )

    @classmethod
    def make_draft(cls, name, domain, add=None, remove=None, **values):
        """A rule that is not in use yet, so does nothing on change."""
        return cls.make_rule(name, domain, add, remove, state="draft", **values)

    # ------------------------------------------------------------
    # WHAT HAPPENS
    # ------------------------------------------------------------

    def run_rules(self, rules):
        """Put the rules in use and run them now; return the run."""
        action = rules.action_run()
        return self.env["crm.tag.run"].browse(action["res_id"])

    def rehearse(self, rules):
        """Return the rehearsal of the rules."""
        action = rules.action_rehearse()
        return self.env["crm.tag.run"].browse(action["res_id"])

    @contextmanager
    def assertDenied(self, text):
        """Refused by rights, and nothing of it stays."""
        with self.assertRaisesRegex(AccessError, text), self.env.cr.savepoint():
            yield

    def kind_of(self, record, tag):
        """Return the kind of the tag's reason on a record, ``None`` without."""
        reasons = self.env[record._tagging_reason_model].sudo()
        reason = reasons.search(
            [("record_id", "=", record.id), ("tag_id", "=", tag.id)]
        )
        return reason.kind or None

    def state_of(self, records):
        """Return all that is kept of the tags of records: pairs and reasons."""
        self.env.flush_all()
        spec = records._tagging_spec()
        self.env.cr.execute(
            f"""SELECT r.{spec.record_column}, r.{spec.tag_column}, x.kind, x.rule_id,
                       x.run_id, x.user_id, x.lead_id, x.date
                  FROM {spec.relation} r
             LEFT JOIN {spec.reason_table} x ON x.record_id = r.{spec.record_column}
                                            AND x.tag_id = r.{spec.tag_column}
                 WHERE r.{spec.record_column} = ANY(%s) ORDER BY 1, 2""",
            [records.ids],
        )
        return self.env.cr.fetchall()
