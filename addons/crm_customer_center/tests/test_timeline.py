"""The customer's timeline: what it shows, to whom, and what that costs."""

from datetime import datetime, timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import tagged

from .common import ROLE_GROUPS, CustomerCommon

START = datetime(2026, 1, 5, 9)


class TimelineCommon(CustomerCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.customer = cls.make_customer("Acme", owner=cls.rep)
        cls.contact = cls.make_contact(cls.customer, "Ms Li")

    def page(self, user, customer=None, **asked):
        with self.calling_as(user) as env:
            partner = env["res.partner"].browse((customer or self.customer).id)
            return partner.get_customer_timeline(**asked)

    def events(self, user, customer=None, **asked):
        """Every event that a reader sees, page by page."""
        found, cursor = [], False
        while True:
            page = self.page(user, customer, cursor=cursor, **asked)
            found += page["events"]
            cursor = page["cursor"]
            if not cursor:
                return found

    def ids(self, user, customer=None, **asked):
        return [event["id"] for event in self.events(user, customer, **asked)]

    def write_note(self, record, text, author=None, **values):
        return record.message_post(
            body=text,
            author_id=(author or self.rep).partner_id.id,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
            **values,
        )

    def searched(self, env, customer):
        """What a reader may search in each source, by the rules of its model alone."""
        partner = env["res.partner"].browse(customer.id)
        found = set()
        sources = partner._readable_timeline_sources()
        for source in sources:
            model = partner._timeline_model(source)
            domain = source.domain
            domain &= partner._uncovered_timeline_domain(source, sources)
            if source.threads:
                # Odoo's own rule on messages, not ours
                model = model.sudo(False)
                domain &= Domain.OR(
                    Domain("model", "=", name)
                    & Domain(
                        "res_id",
                        "in",
                        env[name].with_context(active_test=False).search(which).ids,
                    )
                    for name, which in partner._customer_timeline_threads().items()
                    if env[name].has_access("read")
                )
            records = model.search(domain & Domain(source.moment, "!=", False))
            found |= {f"{source.key}:{id_}" for id_ in records.ids}
        return found


@tagged("post_install", "-at_install")
class TestTimeline(TimelineCommon):
    def test_newest_first_with_whom_and_what(self):
        """# C5: a note on the customer, one on its contact, a lead, won."""
        self.write_note(self.customer, "Wants a quotation")
        self.write_note(self.contact, "Is on holiday")
        lead = self.make_lead("Sensors", self.rep, self.contact, expected_revenue=5000)
        lead.action_set_won()
        events = self.events(self.rep)
        moments = [(event["day"], event["time"]) for event in events]
        self.assertEqual(moments, sorted(moments, reverse=True))
        by_text = {event["text"]: event for event in events}
        note = by_text["Wants a quotation"]
        self.assertEqual(note["title"], "Note")
        self.assertEqual(note["person"]["name"], "rep user")
        self.assertFalse(note["about"])
        self.assertEqual(by_text["Is on holiday"]["about"]["id"], self.contact.id)
        self.assertIn(f"lead_created:{lead.id}", self.ids(self.rep))
        self.assertIn(f"lead_closed:{lead.id}", self.ids(self.rep))

    def test_pages_together_are_the_whole(self):
        """# C5: many events of the same second, by pages of three and of fifty."""
        for number in range(8):
            self.write_note(self.customer, f"Note {number}", date=START)
            self.make_lead(f"Lead {number}", self.rep, self.customer)
        few, many = self.ids(self.rep, limit=3), self.ids(self.rep, limit=50)
        self.assertEqual(few, many)
        self.assertEqual(len(few), len(set(few)))
        self.assertGreaterEqual(len(few), 16)

    def test_what_happens_meanwhile_moves_no_page(self):
        """# C5: one reads on, a colleague writes."""
        for number in range(6):
            self.write_note(self.customer, f"Note {number}", date=START)
        first = self.page(self.rep, limit=3)
        second = self.page(self.rep, limit=3, cursor=first["cursor"])
        self.write_note(self.customer, "New", date=START + timedelta(days=1))
        again = self.page(self.rep, limit=3, cursor=first["cursor"])
        self.assertEqual(again, second)

    def test_filters_by_kind_person_and_words(self):
        """# C5: chips, people, and words anywhere in it."""
        self.write_note(self.customer, "Pump is loud")
        self.write_note(self.customer, "Pump is sold", author=self.manager)
        self.make_lead("Pump", self.rep, self.customer)
        kinds = {e["kind"] for e in self.events(self.crm_admin, kinds=["mail"])}
        self.assertEqual(kinds, {"mail"})
        by_manager = self.events(
            self.crm_admin, kinds=["mail"], person=self.manager.partner_id.id
        )
        self.assertEqual([e["text"] for e in by_manager], ["Pump is sold"])
        found = self.events(self.crm_admin, text="loud pump")
        self.assertEqual([e["text"] for e in found], ["Pump is loud"])
        self.write_note(self.customer, "1000 pumps")
        found = self.events(self.crm_admin, text="100%")
        self.assertFalse(found, "a sign is a sign")

    def test_kinds_are_counted_as_far_as_one_may_read(self):
        """# C5 G1: counters, too."""
        self.write_note(self.make_lead("Other's", self.other_rep, self.customer), "x")
        self.write_note(self.customer, "y")
        with self.calling_as(self.rep) as env:
            kinds = env["res.partner"].browse(self.customer.id)
            kinds = {k["key"]: k for k in kinds.get_customer_timeline_kinds()}
        self.assertEqual(kinds["mail"]["count"], 1)
        self.assertNotIn("opportunity", kinds)
        counted = sum(kind["count"] for kind in kinds.values())
        self.assertEqual(counted, len(self.ids(self.rep)))

    def track(self, field, text, record=None):
        """A change as Odoo writes it down."""
        message = (record or self.customer).message_post(
            body="", message_type="notification", subtype_xmlid="mail.mt_note"
        )
        field = self.env["ir.model.fields"]._get("res.partner", field)
        self.env["mail.tracking.value"].create(
            {
                "mail_message_id": message.id,
                "field_id": field.id,
                "old_value_char": "before",
                "new_value_char": text,
            }
        )
        return message

    def test_changes_of_the_system_are_noise_a_new_owner_is_not(self):
        """# C5: noise is folded by the client."""
        self.track("user_id", "Successor")
        self.track("phone", "12345")
        changes = self.events(self.crm_admin, kinds=["change"])
        [owner] = [e for e in changes if "before → Successor" in e["text"]]
        self.assertFalse(owner["noise"])
        [phone] = [e for e in changes if "before → 12345" in e["text"]]
        self.assertTrue(phone["noise"])

    def test_contacts_that_only_follow_their_company_are_one_line(self):
        """# C5: a new owner of a company is the owner of its contacts."""
        contacts = self.contact | self.make_contact(self.customer, "Mr Wu")
        told = self.customer | contacts
        for record in told:
            self.track("user_id", "Successor", record)
        self.track("phone", "12345", self.contact)
        self.track("user_id", "Somebody else", contacts[1])
        changes = self.events(self.rep, kinds=["change"], limit=2)
        same = [e for e in changes if "before → Successor" in e["text"]]
        self.assertEqual([e["folded"] for e in same], [len(contacts)])
        told = " ".join(e["text"] for e in changes)
        self.assertIn("before → 12345", told)
        self.assertIn("before → Somebody else", told)
        number = int(same[0]["id"].split(":")[1])
        with self.calling_as(self.rep) as env:
            partner = env["res.partner"].browse(self.customer.id)
            behind = partner.get_customer_timeline_folded(number)
            self.assertFalse(partner.get_customer_timeline_folded(number + 1))
            [kind] = [
                k for k in partner.get_customer_timeline_kinds() if k["key"] == "change"
            ]
        self.assertEqual({e["about"]["id"] for e in behind}, set(contacts.ids))
        self.assertEqual(kind["count"], len(changes))
        [own] = [
            e
            for e in self.events(self.rep, self.contact, kinds=["change"])
            if "before → Successor" in e["text"]
        ]
        self.assertFalse(own["folded"])

    def test_who_does_not_read_a_customer_unfolds_nothing(self):
        """# C5 G1."""
        message = self.track("user_id", "Successor")
        with self.calling_as(self.other_rep) as env, self.assertRaises(AccessError):
            env["res.partner"].browse(self.customer.id).get_customer_timeline_folded(
                message.id
            )

    def test_a_hidden_field_is_not_told_by_its_change(self):
        """# C5 G3: tracked values of fields one may not read."""
        self.track("id_number", "SECRET")
        self.assertIn("SECRET", str(self.events(self.rep)))
        self.assertNotIn("SECRET", str(self.events(self.marketing)))

    def test_days_are_those_of_the_reader(self):
        """# C5: half past midnight in Shanghai is the evening before in Berlin."""
        self.write_note(self.customer, "Late", date=datetime(2026, 3, 1, 16, 30))
        self.rep.tz, self.crm_admin.tz = "Asia/Shanghai", "Europe/Berlin"
        [event] = self.events(self.rep, text="Late")
        self.assertEqual((event["day"], event["time"]), ("2026-03-02", "00:30"))
        [event] = self.events(self.crm_admin, text="Late")
        self.assertEqual((event["day"], event["time"]), ("2026-03-01", "17:30"))

    def test_a_private_meeting_stays_private(self):
        """# C5 G1: a colleague sees that of another neither here nor in counters."""
        values = {
            "name": "Salary",
            "start": START,
            "stop": START + timedelta(hours=1),
            "partner_ids": [(6, 0, (self.customer | self.rep.partner_id).ids)],
            "user_id": self.rep.id,
        }
        meetings = self.env["calendar.event"].create(
            [{**values, "privacy": "private"}, {**values, "name": "Visit"}]
        )
        mine = {f"meetings:{meeting.id}" for meeting in meetings}
        self.assertLessEqual(mine, set(self.ids(self.rep)))
        seen = mine & set(self.ids(self.manager))
        self.assertEqual(seen, {f"meetings:{meetings[1].id}"})

    def test_a_meeting_to_come_has_not_happened(self):
        """# C5: the headline tells what is planned."""
        meeting = self.env["calendar.event"].create(
            {
                "name": "Visit",
                "start": fields.Datetime.now() + timedelta(days=2),
                "stop": fields.Datetime.now() + timedelta(days=2, hours=1),
                "partner_ids": [(6, 0, self.customer.ids)],
            }
        )
        self.assertNotIn(f"meetings:{meeting.id}", self.ids(self.rep))

    def test_a_finished_activity_is_one_event(self):
        """# C5: and says what was said, not how Odoo lays it out."""
        activity = self.customer.activity_schedule(
            "mail.mail_activity_data_todo", summary="Offer", user_id=self.rep.id
        )
        activity.with_user(self.rep).action_feedback("Sent it")
        # who reads no follow-ups: where there are such, they stand for activities
        found = self.events(self.plain, kinds=["activity"])
        self.assertEqual(len(found), 1)
        self.assertIn("Offer", found[0]["text"])
        self.assertIn("Sent it", found[0]["text"])

    def test_a_broken_cursor_is_refused_with_a_sentence(self):
        """# C5: whatever a client sends."""
        for cursor in (["x"], ["2026-01-01", "nothing", 1], ["never", "mails", 1]):
            with self.assertRaises(UserError):
                self.page(self.rep, cursor=cursor)

    def test_the_timeline_of_a_hidden_customer_is_refused(self):
        """# C5 G1: with its counters and its headline."""
        with self.calling_as(self.other_rep) as env:
            partner = env["res.partner"].browse(self.customer.id)
            for method in (
                "get_customer_timeline",
                "get_customer_timeline_kinds",
                "get_customer_headline",
            ):
                with self.assertRaises(AccessError):
                    getattr(partner, method)()

    def test_the_customer_does_not_read_what_we_write_about_him(self):
        """# C5 G1: nor does any other portal user."""
        portal = self.make_portal_user("portal_tl", self.contact)
        with self.assertRaises(AccessError):
            self.page(portal)


@tagged("post_install", "-at_install")
class TestTimelineRights(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.unowned = cls.make_customer("Unowned")
        cls.others = cls.make_customer("Beta", owner=cls.other_rep)
        for customer in (cls.customer, cls.unowned, cls.others):
            cls.fill(customer)

    @classmethod
    def fill(cls, customer):
        """Events of every kind by owners, strangers and nobody."""
        for user in (cls.rep, cls.other_rep, cls.manager, None):
            lead = cls.make_lead(f"Of {user and user.login}", user, customer)
            for record in (customer, lead):
                record.message_post(
                    body=f"By {user and user.login}",
                    message_type="comment",
                    author_id=user.partner_id.id if user else False,
                )
            lead.message_notify(
                body="To one person", partner_ids=cls.manager.partner_id.ids
            )
            for privacy in ("public", "private", "confidential"):
                cls.env["calendar.event"].create(
                    {
                        "name": privacy,
                        "privacy": privacy,
                        "start": START,
                        "stop": START + timedelta(hours=1),
                        "user_id": user.id if user else False,
                        "partner_ids": [(6, 0, customer.ids)],
                    }
                )
        customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=cls.rep.id
        ).action_feedback("Done")

    def test_each_role_sees_what_it_may_search_and_nothing_else(self):
        """# C5 G1: the union of what a reader may search in each source, for every
        role and customer."""
        seen_something = set()
        for role in ROLE_GROUPS:
            for customer in (self.customer, self.unowned, self.others):
                with self.subTest(role=role, customer=customer.name):
                    user = self.roles[role]
                    with self.calling_as(user) as env:
                        partner = env["res.partner"].browse(customer.id)
                        if not partner.has_access("read"):
                            with self.assertRaises(AccessError):
                                partner.get_customer_timeline()
                            continue
                        may = self.searched(env, customer)
                    shown = self.ids(user, customer, limit=7)
                    self.assertEqual(set(shown), may)
                    self.assertEqual(len(shown), len(may))
                    seen_something.add(role)
        self.assertEqual(seen_something, set(ROLE_GROUPS))

    def test_without_a_right_on_messages_not_even_their_number_is_shown(self):
        """# C5 G1: whoever may not read mails."""
        rights = self.env["ir.model.access"].search(
            [("model_id.model", "=", "mail.message")]
        )
        rights.perm_read = False
        self.env.registry.clear_cache()
        kinds = {event["kind"] for event in self.events(self.rep)}
        self.assertLessEqual(kinds, {"opportunity", "meeting"} | self.other_kinds())
        with self.calling_as(self.rep) as env:
            partner = env["res.partner"].browse(self.customer.id)
            counted = {k["key"] for k in partner.get_customer_timeline_kinds()}
        self.assertFalse({"mail", "activity"} & counted)
        self.assertFalse({"mail", "activity"} & kinds)

    def other_kinds(self):
        """Kinds of other modules, and changes told by other models than messages."""
        kinds = {kind.key for kind in self.customer._customer_timeline_kinds()}
        return kinds - {"mail", "activity"}


@tagged("post_install", "-at_install")
class TestTimelineFamily(TimelineCommon):
    def test_a_contact_has_a_timeline_of_its_own(self):
        """# C5: on the page of a contact stands what concerns this person."""
        self.write_note(self.customer, "Of the company")
        self.write_note(self.contact, "Of the person")
        texts = [e["text"] for e in self.events(self.rep, self.contact, kinds=["mail"])]
        self.assertEqual(texts, ["Of the person"])

    def test_archived_records_have_happened(self):
        """# C5: a lost deal, a contact who left, the customer itself."""
        lead = self.make_lead("Lost", self.rep, self.contact)
        lead.action_set_lost()
        self.write_note(self.contact, "Leaves the company")
        self.contact.active = False
        before = set(self.ids(self.rep))
        self.assertIn(f"lead_closed:{lead.id}", before)
        self.assertIn("Leaves the company", [e["text"] for e in self.events(self.rep)])
        self.customer.active = False
        self.assertLessEqual(before, set(self.ids(self.rep)))

    def test_an_anonymised_person_stays_without_name(self):
        """# C5 C16: events say the name that is there now."""
        self.customer.message_post(
            body="We need it on Monday",
            message_type="email",
            author_id=self.contact.id,
        )
        self.contact.write({"name": "(erased)", "email": False, "phone": False})
        [event] = self.events(self.rep, kinds=["mail"])
        self.assertIn("(erased)", event["person"]["name"])
        self.assertNotIn("Li", str(self.events(self.rep, text="Monday")))

    def test_a_large_family_costs_as_many_queries_as_a_small_one(self):
        """# C5: 2 000 contacts; no list of them is ever made."""
        self.write_note(self.contact, "By the only one")
        few = self.count_queries(self.customer)
        large = self.make_customer("Large", owner=self.rep)
        contacts = self.env["res.partner"].create(
            [{"name": f"P{n}", "parent_id": large.id} for n in range(2000)]
        )
        self.write_note(contacts[1999], "By the last one")
        texts = [e["text"] for e in self.events(self.rep, large, kinds=["mail"])]
        self.assertEqual(texts, ["By the last one"])
        self.assertEqual(self.count_queries(large), few)

    def count_queries(self, customer, **asked):
        with self.calling_as(self.rep) as env:
            partner = env["res.partner"].browse(customer.id)
            partner.get_customer_timeline(**asked)
            env.invalidate_all()
            before = env.cr.sql_log_count
            partner.get_customer_timeline(**asked)
            return env.cr.sql_log_count - before

    def test_a_source_adds_at_most_two_queries(self):
        """# C5: one that looks for events, one that reads those shown."""
        for number in range(4):
            self.write_note(self.customer, f"n{number}")
            lead = self.make_lead(f"L{number}", self.rep, self.customer)
            self.write_note(lead, f"m{number}")
        self.customer.activity_schedule(
            "mail.mail_activity_data_call", user_id=self.rep.id
        ).action_feedback("Done")
        everything = self.count_queries(self.customer)
        keys = [s.key for s in self.customer._customer_timeline_sources()]
        readable = type(self.customer)._readable_timeline_sources
        for key in keys:
            with (
                self.subTest(source=key),
                patch.object(
                    type(self.customer),
                    "_readable_timeline_sources",
                    lambda partner, key=key: [
                        s for s in readable(partner) if s.key != key
                    ],
                ),
            ):
                without = self.count_queries(self.customer)
                self.assertLessEqual(everything - without, 2)

    def test_the_number_of_events_does_not_change_the_queries(self):
        """# C5: a page costs the same, however much there is."""
        self.write_note(self.customer, "one")
        few = self.count_queries(self.customer)
        for number in range(40):
            self.write_note(self.customer, f"n{number}")
        self.assertLessEqual(self.count_queries(self.customer), few)


@tagged("post_install", "-at_install")
class TestHeadline(TimelineCommon):
    def headline(self, user, customer=None):
        with self.calling_as(user) as env:
            partner = env["res.partner"].browse((customer or self.customer).id)
            return partner.get_customer_headline()

    def facts(self, user, customer=None):
        facts = self.headline(user, customer)["facts"]
        return {fact["key"]: fact for fact in facts}

    def test_the_open_amount_is_what_the_reader_may_see(self):
        """# C5 G1: of opportunities, in the company's currency."""
        self.make_lead("Own", self.rep, self.contact, expected_revenue=1000)
        self.make_lead("Other's", self.other_rep, self.customer, expected_revenue=500)
        self.make_lead("Won", self.rep, self.customer).action_set_won()
        money = self.env.company.currency_id
        self.assertEqual(
            self.facts(self.rep)["open_amount"]["value"], money.format(1000)
        )
        self.assertEqual(
            self.facts(self.crm_admin)["open_amount"]["value"], money.format(1500)
        )
        self.assertNotIn("open_amount", self.facts(self.agent))

    def test_the_open_amount_of_two_currencies(self):
        """# C5 A9: at today's rate; what has no rate is left out, as is said."""
        own, rates = self.env.company, self.env["res.currency.rate"]
        money = self.env["res.currency"].create({"name": "XTT", "symbol": "T"})
        abroad = self.env["res.company"].create(
            {"name": "Abroad", "currency_id": money.id}
        )
        self.crm_admin.company_ids |= abroad
        rates.search([("currency_id", "=", own.currency_id.id)]).unlink()
        for currency, rate in ((own.currency_id, 1), (money, 0.5)):
            rates.create(
                {"currency_id": currency.id, "name": "2020-01-01", "rate": rate}
            )
        for company, amount in ((own, 1000), (abroad, 80)):
            values = {"company_id": company.id, "expected_revenue": amount}
            self.make_lead("Open", None, self.customer, **values)
        reader = self.customer.with_user(self.crm_admin).with_context(
            allowed_company_ids=[own.id, abroad.id]
        )

        def fact():
            facts = reader.get_customer_headline()["facts"]
            return next(one for one in facts if one["key"] == "open_amount")

        self.assertEqual(fact()["value"], own.currency_id.format(1160))
        rates.search([("currency_id", "=", money.id)]).name = "2999-01-01"
        self.assertEqual(fact()["value"], own.currency_id.format(1000))
        self.assertIn("XTT", fact()["hint"])

    def test_an_unknown_decision_maker_is_said(self):
        """# C5: until one is known."""
        self.assertEqual(self.facts(self.rep)["decision"]["tone"], "orange")
        self.contact.decision_role = "decision_maker"
        self.assertNotIn("decision", self.facts(self.rep))

    def test_facts_lead_to_sections_that_are_there(self):
        """# C5: a click on a fact opens a tile's list."""
        self.make_lead("Own", self.rep, self.contact, expected_revenue=1000)
        with self.calling_as(self.rep) as env:
            partner = env["res.partner"].browse(self.customer.id)
            for fact in partner.get_customer_headline()["facts"]:
                if fact["section"]:
                    partner.action_open_customer_360_section(fact["section"])

    def test_actions_are_those_the_user_may_do(self):
        """# C5: and each can be run."""
        self.contact.phone = "+86 512 6550 0101"
        self.customer.primary_contact_id = self.contact
        with self.calling_as(self.rep) as env:
            partner = env["res.partner"].browse(self.customer.id)
            actions = {a["key"]: a for a in partner.get_customer_headline()["actions"]}
            self.assertEqual(actions["call"]["url"], "tel:+8651265500101")
            for action in actions.values():
                if action["method"]:
                    self.assertTrue(getattr(partner, action["method"])()["type"])
        keys = {a["key"] for a in self.headline(self.agent)["actions"]}
        self.assertNotIn("opportunity", keys)

    def test_days_are_said_as_one_says_them(self):
        """# C5: by the company's day."""
        today = self.env.company._today()
        words = [
            self.customer._days_in_words(today + timedelta(days=days))
            for days in (-12, -1, 0, 1, 3)
        ]
        self.assertEqual(
            words, ["12 days ago", "Yesterday", "Today", "Tomorrow", "In 3 days"]
        )
