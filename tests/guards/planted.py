"""A customer nobody of the spies may see, planted with all that hangs on one.

Every text of every planted record holds a marker of its kind; a spy who may not read a
kind must meet its marker nowhere. Found by introspection: a model, a field, a method or
a route of tomorrow is asked by itself.
"""

import base64
import json
import logging
from contextlib import contextmanager

from odoo import Command
from odoo.exceptions import AccessError
from odoo.service.model import call_kw, get_public_method
from odoo.tests import tagged
from odoo.tools import SQL

from odoo.addons.crm_customer_center.tests.common import CustomerCommon

# what a spy has by work: the own customer, lead and ticket; to be written to
SPIES = ("rep", "manager", "agent", "plain", "portal")
TEXT = ("char", "text", "html")
# texts with a form of their own, or that a lead gives to its customer
OTHER_WORDS = (
    *("phone", "second_phone", "vat", "message_", "website", "email", "lang", "tz"),
)
# where a marker may be met: what a readable record points at shows its name, and a
# meeting, which everybody in the house reads, says which deal it is about
NAMED = {
    ("calendar.event", "opportunity_id"),
    ("crm.followup", "lead_id"),
    ("crm.lead.approval", "lead_id"),
    ("crm.lead.approval", "display_name"),
    ("crm.followup", "display_name"),
}


class Leaks(list):
    """What was met, as sentences; each once."""

    def note(self, role, how, markers):
        line = f"{role}: {how} shows {', '.join(sorted(markers))}"
        if line not in self:
            self.append(line)


def method_for_clients(model, name):
    """Return the method an outside client may call by a name, or ``None``."""
    try:
        return get_public_method(model, name)
    except (AccessError, AttributeError):
        return None


@contextmanager
def silence():
    """Calls that fail in every way log that they do."""
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(logging.NOTSET)


@tagged("post_install", "-at_install")
class PlantedCase(CustomerCommon):
    """Plants, and asks as each spy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.own = cls.make_customer("Own Ltd.", owner=cls.rep)
        cls.roles["portal"] = cls.make_portal_user(
            "spy", cls.make_contact(cls.own, "Portal Person")
        )
        cls.roles["public"] = cls.env.ref("base.public_user")
        cls.env["res.users"].browse(cls.rep.id).unowned_customer_access = "write"
        cls.planted = {}
        cls.before = cls._newest_ids()
        cls._plant()
        cls.env.flush_all()
        cls.env.invalidate_all()
        asked = {*SPIES, "marketing", "service_manager"}
        cls.forbidden = {role: cls._forbidden(role) for role in asked}
        # the owner meets the markers: a test that finds none has not asked
        cls.forbidden["other_rep"] = set(map(cls.marker, cls.planted))

    @classmethod
    def each_model(cls):
        """Names of all models that have a table or a query."""
        for name in sorted(cls.env.registry):
            model = cls.env[name]
            if not model._abstract and (model._auto or model._table_query):
                yield name

    @classmethod
    def _newest_ids(cls):
        """The last id of each table before anything was planted."""
        stored = [name for name in cls.each_model() if cls.env[name]._auto]
        cls.env.flush_all()
        return {
            name: cls.env.execute_query(
                SQL("SELECT max(id) FROM %s", SQL.identifier(cls.env[name]._table))
            )[0][0]
            or 0
            for name in stored
        }

    # ------------------------------------------------------------
    # PLANTING
    # ------------------------------------------------------------

    @classmethod
    def marker(cls, kind):
        return f"zq{kind}qz"

    @classmethod
    def _plant(cls):
        customer = cls.make_customer("x", owner=cls.other_rep)
        cls._mark("customer", customer, email=f"{cls.marker('customer')}@x.example")
        contact = cls.make_contact(customer, "x")
        cls._mark("contact", contact)
        bank = cls.env["res.partner.bank"].create(
            {"partner_id": customer.id, "acc_number": cls.marker("bank")}
        )
        cls.planted["bank"] = bank
        lead = cls.make_lead("x", owner=cls.other_rep, partner=customer)
        lead.team_id = cls.other_team
        cls._mark("lead", lead)
        cls._plant_follow_up(customer, lead)
        cls._plant_service(customer)
        cls._plant_around(customer, lead)
        cls._plant_tied(customer, lead)
        cls._plant_held()

    @classmethod
    def _plant_follow_up(cls, customer, lead):
        followup = cls.env["crm.followup"].create(
            {
                "partner_id": customer.id,
                "lead_id": lead.id,
                "user_id": cls.other_rep.id,
                "content": cls.marker("followup"),
                "feedback": cls.marker("followup"),
            }
        )
        cls.planted["followup"] = followup
        cls.planted["milestone"] = cls.env["crm.lead.milestone"].create(
            {
                "lead_id": lead.id,
                "name": cls.marker("milestone"),
                "date": "2099-01-01",
                "user_id": cls.other_rep.id,
            }
        )

    @classmethod
    def _plant_service(cls, customer):
        team = cls.env["crm.service.team"].create(
            {
                "name": "Other desk",
                "member_ids": [Command.create({"user_id": cls.service_manager.id})],
            }
        )
        ticket = cls.env["crm.service.ticket"].create(
            {
                "name": cls.marker("ticket"),
                "description": cls.marker("ticket"),
                "partner_id": customer.id,
                "team_id": team.id,
                "user_id": cls.service_manager.id,
            }
        )
        cls.planted["ticket"] = ticket

    @classmethod
    def _plant_around(cls, customer, lead):
        """What Odoo keeps beside a record."""
        cls.planted["activity"] = customer.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=cls.marker("activity"),
            note=cls.marker("activity"),
            user_id=cls.other_rep.id,
        )
        cls.planted["message"] = lead.message_post(
            body=cls.marker("message"), subject=cls.marker("message")
        )
        cls.planted["file"] = cls.env["ir.attachment"].create(
            {
                "name": f"{cls.marker('file')}.txt",
                "datas": base64.b64encode(cls.marker("file").encode()),
                "res_model": "crm.lead",
                "res_id": lead.id,
            }
        )

    @classmethod
    def _plant_tied(cls, customer, lead):
        """What a spy may see that hangs on what is hidden."""
        # of a deal that has gone to somebody else: what one asked for stays one's own
        cls.env["crm.lead.approval"].create(
            {"lead_id": lead.id, "requester_id": cls.rep.id, "state": "refused"}
        )
        # everybody sees the meetings of a house; what it says of the deal is another's
        cls.meeting = cls.env["calendar.event"].create(
            {
                "name": "Meeting",
                "start": "2099-01-01 10:00:00",
                "stop": "2099-01-01 11:00:00",
                "opportunity_id": lead.id,
                "user_id": cls.other_rep.id,
                "partner_ids": [Command.set(cls.other_rep.partner_id.ids)],
            }
        )

    @classmethod
    def _plant_held(cls):
        """A deal of the rep's with another's customer: the name shows, no more."""
        near = cls.make_customer("Near Ltd.", owner=cls.other_rep)
        marker = cls.marker("near")
        near.write({"ref": marker, "comment": marker})
        cls.planted["near"] = near
        cls.planted["near_contact"] = cls.make_contact(near, cls.marker("near_contact"))
        cls.held = cls.make_lead("Held", owner=cls.rep, partner=near)
        cls.own_lead = cls.make_lead("Own", owner=cls.rep, partner=cls.own)

    @classmethod
    def _mark(cls, kind, record, **values):
        """Write the marker into every text of a record."""
        marker = cls.marker(kind)
        texts = {
            name: marker
            for name, field in record._fields.items()
            if field.type in TEXT
            and field.store
            and not field.readonly
            and not field.related
            and not name.startswith(OTHER_WORDS)
            and not any(part in name for part in ("code", "number", "token"))
        }
        record.write({**texts, **values})
        cls.planted[kind] = record

    @classmethod
    def _forbidden(cls, role):
        """The markers of what the spy may not read."""
        user = cls.roles[role]
        return {
            cls.marker(kind)
            for kind, record in cls.planted.items()
            if not record.with_user(user).has_access("read")
        }

    # ------------------------------------------------------------
    # ASKING
    # ------------------------------------------------------------

    @contextmanager
    def undone(self):
        """What happens within leaves nothing behind."""
        savepoint = self.env.cr.savepoint(flush=False)
        try:
            yield
        finally:
            savepoint.close(rollback=True)
            self.env.transaction.clear()
            self.env.cr.precommit.clear()
            self.env.cr.postcommit.clear()

    def ask(self, role, model, method, *args, **kwargs):
        """Call as an outside client does; return what it would be told, as text."""
        spy = self.env[model].with_user(self.roles[role]).with_context({})
        self.failed = False
        with self.undone(), silence():
            try:
                answer = call_kw(spy, method, list(args), kwargs)
                self.env.flush_all()
                if method in ("create", "write", "copy") and answer:
                    answer = self._read_back(spy, method, args, answer)
            except Exception as error:  # noqa: BLE001  whatever is told is looked at
                self.failed = True
                return str(error)
            return json.dumps(answer, default=str, ensure_ascii=False)

    def _read_back(self, spy, method, args, answer):
        ids = args[0] if method == "write" else answer
        return spy.browse(ids).read()

    def met(self, role, text):
        return {marker for marker in self.forbidden[role] if marker in text}

    def probe(self, leaks, role, model, method, *args, **kwargs):
        """Ask, and note what is met."""
        found = self.met(role, self.ask(role, model, method, *args, **kwargs))
        if found:
            leaks.note(role, f"{model}.{method}({self._short(args, kwargs)})", found)

    def _short(self, args, kwargs):
        return f"{args!r} {kwargs!r}"[:160]

    def new_ids(self, role, model):
        """Ids of what the spy may see of the records that came with the planting."""
        spy = self.env[model].with_user(self.roles[role])
        domain = [("id", ">", self.before[model])] if model in self.before else []
        try:
            return spy.with_context(active_test=False).search(domain, limit=100).ids
        except Exception:  # noqa: BLE001  a report that wants to be asked otherwise
            return []

    def planted_ids(self, model):
        """Ids of planted records of a model."""
        return [r.id for r in self.planted.values() if r._name == model]

    def public_methods(self, model):
        """Names of the methods that an outside client may call."""
        for name in sorted(dir(type(self.env[model]))):
            if name.startswith("_"):
                continue
            method = method_for_clients(self.env[model], name)
            if callable(method) and not isinstance(method, type):
                yield name, method
