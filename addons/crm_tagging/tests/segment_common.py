"""Builders for the tests of segments and of the search panel."""

from contextlib import contextmanager
from typing import ClassVar

from odoo.tests import new_test_user

from odoo.addons.base.tests.common import BaseCommon

EMPLOYEE = "base.group_user,base.group_partner_manager"


class SegmentCommon(BaseCommon):
    """Tags ``vip`` and ``plain`` of the exclusive group Level, ``fair`` and ``web`` of
    the group Source, ``lost`` of no group. Partners ``a`` … ``e``; who has which tag is
    said in ``WORN``. Users ``rep`` (sees the partners of Suzhou only), ``colleague``,
    ``sharer`` and ``manager``."""

    WORN: ClassVar = {
        "a": "vip fair",
        "b": "vip web",
        "c": "plain fair",
        "d": "plain web lost",
        "e": "",
    }

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.level = cls.env["crm.tag.group"].create(
            {"name": "Seg Level", "sequence": 501, "exclusive": True}
        )
        cls.source = cls.env["crm.tag.group"].create(
            {"name": "Seg Source", "sequence": 500}
        )
        for name, group in (
            ("vip", cls.level),
            ("plain", cls.level),
            ("fair", cls.source),
            ("web", cls.source),
            ("lost", cls.env["crm.tag.group"]),
        ):
            setattr(cls, name, cls.make_tag(name.title(), group))
        cls.partners = cls.env["res.partner"]
        for name, worn in cls.WORN.items():
            partner = cls.make_partner(name, *worn.split())
            setattr(cls, name, partner)
            cls.partners |= partner
        (cls.a | cls.c).city = "Suzhou"
        cls.rep, cls.colleague = cls.make_user("rep"), cls.make_user("colleague")
        cls.sharer = cls.make_user("sharer", "crm_tagging.group_segment_sharer")
        cls.manager = cls.make_user("manager", "crm_tagging.group_tag_manager")
        cls.hide_other_cities(cls.rep)
        cls.env.flush_all()

    @classmethod
    def make_tag(cls, name, group=None):
        return cls.env["res.partner.category"].create(
            {"name": f"Seg {name}", "tag_group_id": group.id if group else False}
        )

    @classmethod
    def make_partner(cls, name, *tags, **values):
        return cls.env["res.partner"].create(
            {
                "name": f"Partner {name}",
                "ref": "segment-test",
                "category_id": [(6, 0, [getattr(cls, tag).id for tag in tags])],
                **values,
            }
        )

    @classmethod
    def make_user(cls, name, groups=""):
        return new_test_user(
            cls.env,
            f"segment_{name}",
            groups=",".join(filter(None, (EMPLOYEE, groups))),
        )

    @classmethod
    def hide_other_cities(cls, user):
        """Give the user a record rule, as a role of another module would."""
        group = cls.env["res.groups"].create({"name": "Suzhou only"})
        user.group_ids |= group
        cls.env["ir.rule"].create(
            {
                "name": "Suzhou only",
                "model_id": cls.env["ir.model"]._get_id("res.partner"),
                "groups": [(4, group.id)],
                "domain_force": "['|', ('city', '=', 'Suzhou'),"
                " ('ref', '!=', 'segment-test')]",
            }
        )

    @classmethod
    def expression(cls, *rows, match="all"):
        """``expression(("any", vip, fair), ("none", lost))``: one block of rows."""
        return {
            "match": "all",
            "blocks": [
                {
                    "match": match,
                    "rows": [
                        {"match": how, "tags": [tag.id for tag in tags]}
                        for how, *tags in rows
                    ],
                }
            ],
        }

    @classmethod
    def make_segment(cls, *rows, user=None, **values):
        """A segment of the user (the superuser's by default)."""
        env = cls.env(user=user) if user else cls.env
        vals = {"name": "Test Segment", **values}
        if rows:
            vals["expression"] = cls.expression(*rows)
        return env["crm.segment"].create(vals).with_env(cls.env)

    def members(self, segment, user=None):
        """Return who of the test's partners a search for the segment finds."""
        env = self.env(user=user) if user else self.env
        return (
            env["res.partner"]
            .search([("segment_ids", "in", segment.ids), ("ref", "=", "segment-test")])
            .with_env(self.env)
        )

    def kept(self, segment):
        """Return who of the test's partners the last refresh found."""
        return segment.sudo().member_ids & self.partners

    @contextmanager
    def refused(self, error, reason):
        """Expect the error with the reason, and undo what led to it."""
        with self.assertRaisesRegex(error, reason), self.env.cr.savepoint():
            yield

    @contextmanager
    def as_user(self, user):
        """Flush, forget the cache, and give the environment of the user."""
        self.env.flush_all()
        self.env.invalidate_all()
        yield self.env(user=user)
        self.env.invalidate_all()
