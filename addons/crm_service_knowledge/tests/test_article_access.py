from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.crm_customer_center.tests.common import AccessTable
from odoo.addons.crm_service_ticket.tests.common import TicketCommon

from .common import ARTICLE, ArticleBuilders

ROLES = [
    "agent",
    "technician",
    "other_agent",
    "service_manager",
    "rep",
    "marketing",
    "crm_admin",
    "plain",
    "portal",
    "public",
]
# R: read, search, count, group, export, name; W: change; D: delete.
# The articles are the team ``service``'s and the agent's but where it is said.
TABLE = """
kind            agt tech oagt smgr rep mkt adm pln por pub
published       R   R    R    RWD  -   -   RWD -   -   -
internal        R   R    R    RWD  -   -   RWD -   -   -
draft           RW  RW   -    RWD  -   -   RWD -   -   -
review          R   R    -    RWD  -   -   RWD -   -   -
archived        R   R    -    RWD  -   -   RWD -   -   -
other-team's    RW  -    RW   RWD  -   -   RWD -   -   -
others'-review  -   -    R    RWD  -   -   RWD -   -   -
no-team         RW  RW   RW   RWD  -   -   RWD -   -   -
other-company   -   -    -    -    -   -   -   -   -   -
"""
# other-team's: the agent's own draft


@tagged("post_install", "-at_install")
class TestArticleAccess(ArticleBuilders, AccessTable, TicketCommon):
    """# V5 G1: agents write drafts, managers decide, nobody outside reads the model."""

    ACCESS_ROLES, ACCESS_TABLE = ROLES, TABLE

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.roles["portal"] = cls.make_portal_user("portal", cls.contact)
        cls.roles["public"] = cls.env.ref("base.public_user")
        elsewhere = cls.env["res.company"].create({"name": "Elsewhere"})
        own = {"team_id": cls.service.id, "author": cls.agent}
        other = {"team_id": cls.other_service.id}
        cls.records = {
            "published": cls.make_article("aq", **own),
            "internal": cls.make_article("bq", visibility="internal", **own),
            "draft": cls.make_article("cq", "draft", **own),
            "review": cls.make_article("dq", "review", **own),
            "archived": cls.make_article("eq", "archived", **own),
            "other-team's": cls.make_article("fq", "draft", author=cls.agent, **other),
            "others'-review": cls.make_article(
                "gq", "review", author=cls.other_agent, **other
            ),
            "no-team": cls.make_article("hq", "draft", author=cls.other_agent),
            "other-company": cls.make_article("iq", company_id=elsewhere.id),
        }
        cls.env.flush_all()

    def test_reading_obeys_the_table_through_every_door(self):
        self.assert_reading_obeys("name", "state", "name")

    def test_changing_obeys_the_table(self):
        self.assert_changing_obeys(
            {
                "W": lambda article: article.write({"name": "Other"}),
                "D": lambda article: article.unlink(),
            }
        )

    def test_agents_and_managers_begin_new_ones(self):
        for role in ROLES:
            with self.subTest(role), self.calling_as(self.roles[role]) as env:
                may = role in (
                    *("agent", "technician", "other_agent"),
                    *("service_manager", "crm_admin"),
                )
                try:
                    made = env[ARTICLE].create({"name": "New"})
                    self.assertTrue(may and made)
                except AccessError:
                    self.assertFalse(may)

    def test_readers_are_nobody_s_to_write(self):
        article = self.records["published"]
        readings = self.env["crm.service.article.reading"]
        readings._note(article, "somebody")
        row = readings.search([("article_id", "=", article.id)])
        for role in ROLES:
            mine = row.with_user(self.roles[role])
            for change in (
                lambda mine=mine: mine.write({"vote": "yes"}),
                lambda mine=mine: mine.unlink(),
                lambda mine=mine: mine.create({"article_id": article.id}),
                lambda mine=mine: mine.read(["visitor"]),
            ):
                with self.subTest(role), self.assertRaises(AccessError):
                    change()

    def test_a_ticket_that_one_may_not_read_is_no_source(self):
        hidden = self.make_ticket("Hidden", team_id=self.other_service.id)
        draft = self.records["draft"].with_user(self.agent)
        with self.assertRaises(AccessError):
            draft.ticket_ids = [(4, hidden.id)]
        self.records["published"].ticket_ids = [(4, hidden.id)]
        self.env.flush_all()
        self.env.invalidate_all()
        seen = self.records["published"].with_user(self.agent)
        self.assertFalse(seen.ticket_ids)
        found = seen.search([("ticket_ids.name", "=", "Hidden")])
        self.assertFalse(found)
