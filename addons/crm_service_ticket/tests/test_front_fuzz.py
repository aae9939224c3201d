import json
import logging
import os
import random
import string
import threading
from unittest.mock import patch
from urllib.parse import quote

from odoo import http
from odoo.tests import HttpCase, tagged

from ..tools.ticket_form import MAX_LENGTHS
from .front_common import TICKET, FrontCommon

SEED = 20261124
# the same ones in every run; more of them look further
ROUNDS = int(os.environ.get("CRM_SUITE_FUZZ_ROUNDS") or 40)
NASTY = [
    "",
    " ",
    "\x00",
    "a\x00b",
    "\ud7ff\ue000\uffff",
    "\u202eexe.txt",
    "𠮷野家",
    "<script>alert(1)</script>",
    "{{ object.env }}",
    "${7*7}",
    "%s%n%(x)s",
    "' OR 1=1 --",
    "../../etc/passwd",
    "\r\nBcc: x@y.example",
    "0",
    "-1",
    "1e309",
    "NaN",
    "9" * 30,
    "x" * 70_000,
    "é" * 300,
    "１３８００１３８０００",
    "a@b",
    "a@b@c",
    "@",
    "ａ＠ｂ．ｃｎ",
    "None",
    "[]",
    '{"a": 1}',
    "\ufeff",
]


class Fuzz:
    """Values of strangers, the same in every run."""

    def __init__(self, seed):
        self.random = random.Random(seed)

    def text(self):
        if self.random.random() < 0.6:
            return self.random.choice(NASTY)
        size = self.random.choice((1, 5, 40, 400))
        pools = (
            string.printable,
            "传感器没有读数　，。",
            "".join(map(chr, range(1, 300))),
        )
        pool = self.random.choice(pools)
        return "".join(self.random.choice(pool) for _n in range(size))

    def json(self, depth=2):
        kinds = [
            self.text,
            lambda: self.random.choice([None, True, False]),
            lambda: self.random.choice([0, -1, 1, 2**31, 2**63, 10**40]),
            lambda: self.random.random() * 10**6,
        ]
        if depth:
            kinds += [
                lambda: [
                    self.json(depth - 1) for _n in range(self.random.randint(0, 3))
                ],
                lambda: {
                    self.text()[:20]: self.json(depth - 1)
                    for _n in range(self.random.randint(0, 3))
                },
            ]
        return self.random.choice(kinds)()


class LogCatcher(logging.Handler):
    """Collects what would be a traceback in the log."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.lines = []

    def emit(self, record):
        self.lines.append(self.format(record)[-2000:])


@tagged("post_install", "-at_install")
class TestFrontFuzz(HttpCase, FrontCommon):
    """# V2 V6 V9: whatever a stranger sends: no 500, no traceback, nothing lost,
    nothing half done."""

    def setUp(self):
        super().setUp()
        self.env.company.write(
            {"service_form_limit_address": 0, "service_form_limit_contact": 0}
        )
        self.ticket = self.make_ticket(self.anna)
        self.survey = self.make_survey(self.ben)
        self.env.flush_all()
        self.authenticate(None, None)
        self.fuzz = Fuzz(SEED)
        self.catcher = LogCatcher()
        logger = logging.getLogger()
        logger.addHandler(self.catcher)
        self.addCleanup(logger.removeHandler, self.catcher)

    def check(self, response, what):
        self.assertLess(response.status_code, 500, what)
        self.assertFalse(self.catcher.lines, (what, self.catcher.lines))

    def test_the_form(self):
        """# V2: a ticket with number and text, or the form with what was typed."""
        for _n in range(ROUNDS):
            values = {name: self.fuzz.text() for name in MAX_LENGTHS}
            for name in self.fuzz.random.sample(sorted(values), 2):
                values.pop(name)
            values["ticket_type"] = self.fuzz.random.choice(["fault", "x", "\x00"])
            values["kept"] = self.fuzz.text()
            values[self.fuzz.text()[:30] or "x"] = self.fuzz.text()
            values["csrf_token"] = http.Request.csrf_token(self)
            files = [
                (
                    "attachments",
                    (
                        self.fuzz.text()[:80].replace("\x00", "") or "x",
                        self.fuzz.text().encode("utf-8", "replace"),
                    ),
                )
                for _f in range(self.fuzz.random.randint(0, 2))
            ]
            before = self.tickets.search([])
            partners = self.env["res.partner"].search_count([])
            response = self.url_open(
                "/service/ticket/new", data=values, files=files or None
            )
            self.check(response, values)
            self.env.invalidate_all()
            ticket = self.tickets.search([]) - before
            if ticket:
                self.assertTrue(ticket.number and ticket.name and ticket.description)
                self.assertIn(ticket.number, response.text)
            else:
                self.assertEqual(response.status_code, 422)
                self.assertEqual(self.env["res.partner"].search_count([]), partners)

    def test_good_forms_among_bad_ones_get_through(self):
        """# V2: every sent form that is right is a ticket, word for word."""
        for number in range(8):
            text = f"{self.fuzz.text()[:200]} end {number}"
            response = self.url_open(
                "/service/ticket/new",
                data={
                    "partner_name": "Li",
                    "partner_email": f"li{number}@x.example",
                    "name": f"Subject {number}",
                    "description": text,
                    "csrf_token": http.Request.csrf_token(self),
                },
            )
            self.check(response, text)
            ticket = self.tickets.search([("name", "=", f"Subject {number}")])
            self.assertEqual(len(ticket), 1)
            self.assertIn(f"end {number}", ticket.description)
            self.assertNotIn("<script", ticket.description)

    def test_the_satisfaction_page(self):
        """# V6: tokens, scores and comments of any kind; the state stays sound."""
        for _n in range(ROUNDS):
            token = self.fuzz.random.choice([self.survey.token, self.fuzz.text()[:200]])
            path = quote(token.replace("/", "") or "x", safe="")
            url = f"/service/rate/{path}"
            score, comment = self.fuzz.text()[:50], self.fuzz.text()
            if self.fuzz.random.random() < 0.3:
                score = self.fuzz.random.choice("12345")
            self.check(
                self.url_open(url, data={"score": score, "comment": comment}), token
            )
            self.check(self.url_open(f"{url}?score={quote(score)}"), token)
            self.env.invalidate_all()
            self.assertIn(self.survey.score, range(6))
            answered = self.survey.state == "answered"
            self.assertEqual(answered, bool(self.survey.score))
            self.assertEqual(
                self.survey.ticket_id.satisfaction_score, self.survey.score
            )

    def test_the_portal(self):
        """# V9: choices of the list, numbers and tokens in addresses."""
        self.authenticate(self.logins["anna"].login, self.logins["anna"].login)
        for _n in range(ROUNDS):
            quoted = [quote(self.fuzz.text()[:200]) for _i in range(5)]
            number = self.fuzz.random.choice([self.ticket.id, 0, 2**31, 10**30])
            for url in (
                "/my/tickets?sortby={}&filterby={}&search={}&search_in={}".format(
                    *quoted
                ),
                f"/my/tickets/page/{number}?search={quoted[0]}",
                f"/my/tickets/{number}?access_token={quoted[0]}&done={quoted[1]}",
                f"/my/tickets/new?name={quoted[0]}",
            ):
                self.check(self.url_open(url), url)
            for move in ("close", "reopen", "rate"):
                response = self.url_open(
                    f"/my/tickets/{number}/{move}",
                    data={
                        "access_token": self.fuzz.text()[:100],
                        "reason": self.fuzz.text(),
                        "score": self.fuzz.text()[:20],
                        "comment": self.fuzz.text(),
                        "csrf_token": http.Request.csrf_token(self),
                    },
                )
                self.check(response, move)
        self.env.invalidate_all()
        self.assertTrue(self.ticket.exists().number)

    def test_the_conversation_s_routes(self):
        """# V9: JSON of any shape about a ticket opens nothing, and tokens, hashes
        and contacts of any kind break nothing of ours."""
        before = self.ticket.message_ids
        for _n in range(ROUNDS):
            params = {
                "thread_model": TICKET,
                "thread_id": self.ticket.id,
                "token": self.fuzz.json(),
                "hash": self.fuzz.json(),
                "pid": self.fuzz.json(),
            }
            for route in ("/portal/chatter_init", "/mail/message/post"):
                response = self.url_open(
                    route,
                    data=json.dumps(
                        {
                            "jsonrpc": "2.0",
                            "params": {**params, "post_data": {"body": "intruder"}}
                            if "post" in route
                            else params,
                        }
                    ),
                    headers={"Content-Type": "application/json"},
                )
                self.check(response, params)
        self.env.invalidate_all()
        self.assertEqual(self.ticket.message_ids, before)

    def test_every_route_of_ours_by_odd_bytes(self):
        """# V2 V6 V9: found by introspection, as a stranger, a customer and an agent: a
        page, a redirect or a refusal, never an error of ours."""
        odd = ["%00" * 20, "%ED%A0%80" * 9, "%E2%80%A8", "%FF%FE", "x" * 64, "-1"]
        numbers = ["0", "-1", str(2**31), "9" * 40, "%00", "%D9%A1"]
        thread = threading.current_thread()
        with patch.object(thread, "dbname", self.env.cr.dbname, create=True):
            rules = list(self.env["ir.http"].routing_map().iter_rules())
        routes = [
            (rule, rule.endpoint)
            for rule in rules
            if ".crm_service" in rule.endpoint.func.__module__
        ]
        self.assertGreaterEqual(len(routes), 9)
        self.agent.password = self.agent.login
        self.env.flush_all()
        for login in (None, self.logins["anna"].login, self.agent.login):
            self.authenticate(login, login)
            for rule, endpoint in routes:
                names = [part for part in rule.arguments]
                for place, value in enumerate(odd):
                    url = rule.rule
                    for name in names:
                        number = numbers[place]
                        url = url.replace(f"<int:{name}>", number)
                        url = url.replace(f"<string:{name}>", value)
                    self.assertNotIn("<", url)
                    names_ = ("page", "search", "access_token", "score", "done", "kept")
                    query = "&".join(f"{name}={value}" for name in names_)
                    if "POST" in (endpoint.routing["methods"] or ()):
                        token = http.Request.csrf_token(self)
                        data = f"{query}&form_key={value}&name={value}&comment={value}"
                        response = self.url_open(
                            url,
                            data=f"{data}&csrf_token={token}",
                            headers={
                                "Content-Type": "application/x-www-form-urlencoded"
                            },
                        )
                    else:
                        response = self.url_open(f"{url}?{query}")
                    self.check(response, f"{login} {url}")

    def test_numbers_beyond_the_database(self):
        """# V9: of a conversation."""
        for number in (2**31, 2**63, -1, 0, 10**40, str(2**31), True):
            with self.subTest(number=number):
                response = self.url_open(
                    "/portal/chatter_init",
                    data=json.dumps(
                        {
                            "jsonrpc": "2.0",
                            "params": {"thread_model": TICKET, "thread_id": number},
                        }
                    ),
                    headers={"Content-Type": "application/json"},
                )
                self.check(response, number)
