"""# A6: no page and no file tells of a hidden record."""

import json
import re
import threading

from planted import Leaks, PlantedCase, silence

from odoo.tests import HttpCase

ROLES = ("rep", "agent", "portal")
# these sign out, install, stop or wait for ever
PASSED_OVER = re.compile(
    r"logout|/web/database|/web/become|websocket|/web/tests|/web/bundle|/_assets|"
    r"/web/assets|longpolling|/web/service-worker|/bus/|install|update_website"
)
QUERIES = (
    "/web/content?model={model}&id={id}&field={text}",
    "/web/image?model={model}&id={id}&field=image_128",
    "/web/content/{file}",
    "/web/content/{file}?download=true",
    "/odoo/{model}/{id}",
    "/web/partner/vcard?partner_ids={id}",
    "/web_enterprise/partner/{id}/vcard",
    "/mail/view?model={model}&res_id={id}",
    "/report/html/{report}/{id}",
    "/report/text/{report}/{id}",
)
CALLS = {
    "/mail/data": {"fetch_params": ["failures", "systray_get_activities"]},
    "/mail/thread/data": {
        "thread_model": "{model}",
        "thread_id": "{id}",
        "request_list": [
            "followers",
            "attachments",
            "activities",
            "suggestedRecipients",
        ],
    },
    "/mail/thread/messages": {"thread_model": "{model}", "thread_id": "{id}"},
    "/mail/partner/from_email": {
        "thread_model": "crm.lead",
        "thread_id": "{own}",
        "emails": ["{email}"],
    },
    "/mail/message/post": {
        "thread_model": "crm.lead",
        "thread_id": "{own}",
        "post_data": {
            "body": "x",
            "partner_ids": ["{customer}"],
            "message_type": "comment",
        },
    },
}


class TestPlantedRoutes(HttpCase, PlantedCase):
    """Every address of the server, with the ids of what is hidden."""

    def addresses(self):
        """Every route that is read, its parameters leading to what is hidden."""
        known = set()
        for rule in self.env["ir.http"].routing_map().iter_rules():
            if "GET" not in (rule.methods or {"GET"}):
                continue
            for record in (self.planted["customer"], self.planted["ticket"]):
                address = self.filled(rule, record)
                if address not in known and not PASSED_OVER.search(address):
                    known.add(address)
                    yield address
        reports = self.env["ir.actions.report"].search([])
        for record in self.planted.values():
            own = reports.filtered(lambda one, record=record: one.model == record._name)
            for query in QUERIES:
                for report in own.mapped("report_name") or ["x"]:
                    address = query.format(
                        model=record._name,
                        id=record.id,
                        text="display_name",
                        file=self.planted["file"].id,
                        report=report,
                    )
                    if address not in known:
                        known.add(address)
                        yield address

    def filled(self, rule, record):
        def value(match):
            return str(record.id) if match[1] != "string" else record._name

        text = re.sub(r"<(\w+)?(?:\([^>]*\))?:?\w*>", value, rule.rule)
        return text.replace("%", "")

    def test_no_page_tells(self):
        leaks = Leaks()
        for role in ROLES:
            self.probe_pages(leaks, role)
        self.assertFalse(leaks, "\n".join(leaks))

    def test_the_owner_sees_pages_and_chatter(self):
        """Or the other tests would find nothing because they ask nothing."""
        pages, calls = Leaks(), Leaks()
        self.probe_pages(pages, "other_rep")
        self.assertGreater(len(pages), 1, pages)
        for address, params in CALLS.items():
            customer = self.planted["customer"]
            self.probe_call(calls, "other_rep", address, params, customer)
        self.assertTrue(calls)

    def probe_pages(self, leaks, role):
        self.sign_in(role)
        for address in self.addresses():
            with silence():
                answer = self.url_open(address, timeout=30, allow_redirects=False)
            found = self.met(role, answer.text)
            if found:
                leaks.note(role, address, found)

    def test_no_call_of_the_chatter_tells(self):
        leaks = Leaks()
        for role in ROLES:
            self.sign_in(role)
            for record in self.planted.values():
                for address, params in CALLS.items():
                    self.probe_call(leaks, role, address, params, record)
        self.assertFalse(leaks, "\n".join(leaks))

    def probe_call(self, leaks, role, address, params, record):
        customer = self.planted["customer"]
        text = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        for name, value in {
            '"{id}"': record.id,
            '"{own}"': self.own_lead.id,
            '"{customer}"': customer.id,
            "{model}": record._name,
            "{email}": customer.email,
        }.items():
            text = text.replace(name, str(value))
        with silence():
            answer = self.url_open(
                address,
                text.encode(),
                timeout=30,
                headers={"Content-Type": "application/json"},
            )
        # the address that was asked for may be said again
        found = self.met(role, answer.text.replace(customer.email, ""))
        if found:
            leaks.note(role, f"{address} of {record._name}", found)

    def sign_in(self, role):
        # what Odoo's own runner sets, and signing in asks for
        threading.current_thread().dbname = self.cr.dbname
        user = self.roles[role]
        user.sudo().password = "a long enough one"
        self.env.flush_all()
        self.authenticate(user.login, "a long enough one")
