from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import Form, tagged

from .common import CustomerCommon

MARKER = "Zebrafisch"


@tagged("post_install", "-at_install")
class TestLinkGate(CustomerCommon):
    """A1: a link that a person sets leads only to what this person may read."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.hidden = cls.make_customer(MARKER, owner=cls.other_rep)
        cls.hidden.write({"phone": "+86 10 5555 7777", "email": "zebrafisch@x.example"})
        cls.own = cls.make_customer("Open Ltd.", owner=cls.rep)
        cls.lead = cls.make_lead("Mine", owner=cls.rep)
        cls.held = cls.make_lead("Held", owner=cls.rep, partner=cls.hidden)
        cls.env.flush_all()

    def refused(self, call):
        """The call is refused, the refusal names nothing, says what to do."""
        with self.assertRaises(AccessError) as caught, self.cr.savepoint():
            call()
        self.assertNotIn(MARKER, str(caught.exception))
        self.assertIn("ask its owner or your manager", str(caught.exception))

    def as_rep(self, record):
        return record.with_user(self.rep).with_context(allowed_company_ids=[1])

    def test_create_and_write_are_refused_in_every_shape(self):
        Lead = self.as_rep(self.env["crm.lead"])
        for name, value in (
            ("partner_id", self.hidden.id),
            ("partner_id", (self.hidden.id, "x")),
            ("partner_id", self.hidden),
        ):
            with self.subTest(value=value):
                vals = {name: value}
                self.refused(lambda vals=vals: Lead.create({"name": "x", **vals}))
                self.refused(lambda vals=vals: self.as_rep(self.lead).write(vals))

    def test_an_id_that_does_not_exist_is_answered_like_a_hidden_one(self):
        Lead = self.as_rep(self.env["crm.lead"])
        for id_ in (2**31 - 1, 2**40, -4):
            with self.subTest(id_=id_):
                self.refused(
                    lambda id_=id_: Lead.create({"name": "x", "partner_id": id_})
                )

    def test_a_form_that_is_not_saved_says_nothing(self):
        spec = {"partner_id": {}, "phone": {}, "email_from": {}, "partner_name": {}}
        Lead = self.as_rep(self.env["crm.lead"])
        for record in (Lead, self.as_rep(self.lead)):
            with self.subTest(record=record):
                self.refused(
                    lambda record=record: record.onchange(
                        {"partner_id": self.hidden.id}, ["partner_id"], spec
                    )
                )
        self.refused(lambda: Lead.onchange({"partner_id": self.hidden.id}, [], spec))

    def test_defaults_pass_the_same_gate(self):
        Lead = self.as_rep(self.env["crm.lead"])
        theirs = Lead.with_context(default_partner_id=self.hidden.id)
        spec = {"partner_id": {}, "phone": {}}
        self.refused(lambda: theirs.create({"name": "x"}))
        self.refused(lambda: theirs.name_create("x"))
        self.refused(lambda: theirs.onchange({}, [], spec))
        self.refused(lambda: theirs.default_get(["partner_id"]))
        answer = theirs.load(["name"], [["x"]])
        self.assertFalse(answer["ids"])
        self.assertNotIn(MARKER, str(answer))

    def test_a_default_kept_by_the_person_passes_it_too(self):
        IrDefault = self.as_rep(self.env["ir.default"])
        IrDefault.sudo().set(
            "crm.lead", "partner_id", self.hidden.id, user_id=self.rep.id
        )
        self.refused(lambda: self.as_rep(self.env["crm.lead"]).create({"name": "x"}))

    def test_lines_pass_it(self):
        """A line of a form nobody saves, and of one that is saved."""
        Partner = self.as_rep(self.env["res.partner"])
        for command in (
            Command.link(self.hidden.id),
            Command.set([self.hidden.id]),
            Command.update(self.hidden.id, {"name": "x"}),
        ):
            with self.subTest(command=command):
                vals = {"child_ids": [command]}
                spec = {"child_ids": {"fields": {"name": {}, "phone": {}}}}
                self.refused(
                    lambda vals=vals, spec=spec: Partner.onchange(
                        vals, ["child_ids"], spec
                    )
                )
        nested = {"child_ids": [Command.create({"parent_id": self.hidden.id})]}
        self.refused(
            lambda: Partner.onchange(
                nested, ["child_ids"], {"child_ids": {"fields": {"name": {}}}}
            )
        )
        self.refused(
            lambda: self.as_rep(self.own).write(
                {"child_ids": [Command.link(self.hidden.id)]}
            )
        )

    def test_a_reference_without_fixed_model_passes_it(self):
        """An activity shows the name of what it is about."""
        Activity = self.as_rep(self.env["mail.activity"])
        model = self.env["ir.model"]._get_id("res.partner")
        self.refused(
            lambda: Activity.onchange(
                {"res_model_id": model, "res_id": self.hidden.id},
                ["res_id"],
                {"res_name": {}},
            )
        )
        self.refused(
            lambda: Activity.onchange(
                {"res_model": "res.partner", "res_id": self.hidden.id},
                [],
                {"res_name": {}},
            )
        )

    def test_a_copy_brings_no_link_along_that_is_hidden(self):
        self.refused(lambda: self.as_rep(self.held).copy())
        self.refused(
            lambda: self.as_rep(self.lead).copy({"partner_id": self.hidden.id})
        )

    def test_what_a_record_has_already_may_stay(self):
        """A rep edits an own deal of a customer who is not the rep's."""
        held = self.as_rep(self.held)
        held.write({"partner_id": self.hidden.id, "description": "x"})
        held.onchange(
            {"partner_id": self.hidden.id, "name": "y"}, ["name"], {"name": {}}
        )
        self.refused(
            lambda: (held | self.as_rep(self.lead)).write(
                {"partner_id": self.hidden.id}
            )
        )

    def test_what_one_may_read_and_what_one_takes_away_passes(self):
        deals = self.as_rep(self.env["crm.lead"]).with_context(
            default_type="opportunity"
        )
        with Form(deals) as form:
            form.name = "New"
            form.partner_id = self.own
        form.record.write({"partner_id": False})
        self.as_rep(self.held).write({"partner_id": False})

    def test_the_system_and_who_reads_all_pass(self):
        self.lead.with_user(self.rep).sudo().partner_id = self.hidden
        self.make_lead("x", owner=self.crm_admin).with_user(
            self.crm_admin
        ).partner_id = self.hidden

    def test_a_known_customer_costs_no_query(self):
        self.env.flush_all()
        lead, own = self.as_rep(self.lead), self.as_rep(self.own)
        own.check_access("read")
        with self.assertQueryCount(0):
            lead._check_links([{"partner_id": own.id}] * 100)
        with self.assertQueryCount(0):
            lead.sudo()._check_links([{"partner_id": self.hidden.id}])

    def test_one_query_for_a_whole_batch(self):
        many = self.env["res.partner"].concat(
            *(self.make_customer(f"c{n}", owner=self.rep) for n in range(50))
        )
        Lead = self.as_rep(self.env["crm.lead"])
        Lead._check_links([{"partner_id": many[0].id}])
        self.env.flush_all()
        self.env.invalidate_all()
        with self.assertQueryCount(1):
            Lead._check_links([{"partner_id": partner.id} for partner in many])


@tagged("post_install", "-at_install")
class TestSystemFields(CustomerCommon):
    """A4: the columns that record rules compare are nobody's to write."""

    def test_guard_columns_are_refused_with_advice(self):
        own = self.make_customer("Own", owner=self.rep)
        theirs = self.make_customer("Theirs", owner=self.other_rep)
        self.env.flush_all()
        for vals in (
            {"customer_owner_id": self.rep.id},
            {"is_customer": False},
            {"commercial_partner_id": theirs.id},
        ):
            for who in (self.rep, self.crm_admin):
                with self.subTest(vals=vals, who=who.login):
                    with self.assertRaisesRegex(AccessError, "not to be typed"):
                        own.with_user(who).write(vals)
                    with self.assertRaises(AccessError):
                        self.env["res.partner"].with_user(who).create(
                            {"name": "x", **vals}
                        )

    def test_a_default_sets_no_guard_column(self):
        Partner = self.env["res.partner"].with_user(self.rep)
        Partner = Partner.with_context(default_is_customer=True)
        self.assertFalse(Partner.create({"name": "x"}).is_customer)
        self.assertNotIn("is_customer", Partner.default_get(["is_customer"]))
