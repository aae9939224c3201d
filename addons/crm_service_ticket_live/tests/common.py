"""What the bus was given, and two people in two browsers."""

import json
import time
from contextlib import ExitStack, contextmanager
from unittest.mock import patch
from urllib.parse import urljoin

from odoo.tests import HttpCase
from odoo.tests.common import (
    HOST,
    TEST_CURSOR_COOKIE_NAME,
    ChromeBrowser,
    _registry_test_lock,
)

from odoo.addons.bus.models.bus import BusBus
from odoo.addons.bus.websocket import CloseCode, WebsocketConnectionHandler, _kick_all
from odoo.addons.crm_service_ticket.tests.common import TicketCommon

from ..models.crm_service_live import DESK, MINE

WITHIN = 20
# the first page of a database has its scripts put together
OPENED_WITHIN = 300


class LiveCommon(TicketCommon):
    """Reads what was sent."""

    def setUp(self):
        super().setUp()
        self.heard()

    def heard(self, kind=None):
        """What has been sent since the last call, as ``(channel, payload)``.

        :param kind: of another type than that tickets have changed
        """
        self.env.cr.flush()
        rows = self.env["bus.bus"].sudo().search([], order="id")
        messages = [
            (tuple(json.loads(row.channel)[1:]), json.loads(row.message))
            for row in rows
        ]
        rows.unlink()
        return [
            (channel, message["payload"])
            for channel, message in messages
            if message["type"] in ([kind] if kind else [DESK, MINE])
        ]

    def desk(self, team, company=None):
        """The channel of a team's tickets, as the bus writes it."""
        company = company or self.env.company
        return ("res.company", company.id, f"service_team_{team.id or 0}")

    def own(self, user):
        return ("res.partner", user.partner_id.id)


class Person:
    """Somebody before a browser of his own."""

    def __init__(self, case, browser):
        self.case, self.browser = case, browser

    def ask(self, expression):
        """The value of an expression in the page."""
        answer = self.browser._websocket_request(
            "Runtime.evaluate",
            params={
                "expression": expression,
                "awaitPromise": True,
                "returnByValue": True,
            },
        )
        self.case.assertNotIn("exceptionDetails", answer, expression)
        return answer["result"].get("value")

    def call(self, model, method, args):
        """Call the server from the own page.

        :param args: as JSON
        """
        params = json.dumps({"model": model, "method": method, "kwargs": {}})
        return self.ask(
            "fetch('/web/dataset/call_kw', {method: 'POST', headers:"
            " {'Content-Type': 'application/json'}, body: JSON.stringify({params:"
            f" {{...{params}, args: {args}}}}})}})"
            ".then((answer) => answer.json()).then((answer) => answer.result ?? null)"
        )

    def sees(self, selector, text="", within=WITHIN):
        """Wait until something is on the screen."""
        self.waits_for(self._count(selector, text), f"{selector} {text}", within)

    def sees_no(self, selector, text=""):
        """Wait until it is not on the screen any more."""
        self.waits_for(f"!({self._count(selector, text)})", f"no {selector} {text}")

    def click(self, selector, text=""):
        self.sees(selector, text)
        self.ask(f"{self.found(selector, text)}[0].click()")

    def type(self, text):
        """Type where the cursor is."""
        self.browser._websocket_request("Input.insertText", params={"text": text})

    def _count(self, selector, text):
        return f"{self.found(selector, text)}.length > 0"

    @staticmethod
    def found(selector, text=""):
        """The expression for what is on the screen and has this text."""
        return (
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            f".filter((el) => el.textContent.includes({json.dumps(text)}))"
        )

    def waits_for(self, condition, what="", within=WITHIN):
        """Wait until an expression is true in the page."""
        begun = time.monotonic()
        while not self.ask(condition):
            if time.monotonic() - begun > within:
                self.browser.take_screenshot().result(timeout=5)
                self.case.fail(f"not within {within} s: {what or condition}")
            time.sleep(0.05)


class TwoBrowsers(LiveCommon, HttpCase):
    """Several people at once, each in an own browser, with the bus between them."""

    person_class = Person

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # the database is the browsers' while they are open
        cls.logins = {}

    @classmethod
    def with_password(cls, *users):
        """Let users log in: their password is their login."""
        for user in users:
            user.password = user.login
            cls.logins[user.id] = user.login

    @contextmanager
    def at_work(self):
        """Browsers may be opened by ``sit_down`` in here. The test itself may not use
        the database meanwhile: all share one connection."""
        with self.allow_requests(), ExitStack() as self.leaving:
            self._keep_to_requests()
            self.leaving.callback(self._wait_remaining_requests)
            self.leaving.callback(_kick_all, CloseCode.KILL_NOW)
            self._send_at_once()
            yield

    def _keep_to_requests(self):
        """Refuse what asks the database beside the requests, which it would disturb
        now and then only."""
        execute = self.cr.execute

        def asked(*args, **kwargs):
            if not _registry_test_lock._is_owned():
                self.fail("the database is the browsers' while they are open")
            return execute(*args, **kwargs)

        self.leaving.enter_context(patch.object(self.cr, "execute", asked))

    def _send_at_once(self):
        """The cursor of a test never commits: what is sent goes out when it is sent,
        as in Odoo's own tests with one browser."""
        send = BusBus._sendone

        def sent(bus, target, kind, message):
            send(bus, target, kind, message)
            bus.env.cr.precommit.run()
            bus.env.cr.postcommit.run()

        self.leaving.enter_context(patch.object(BusBus, "_sendone", sent))
        self.leaving.enter_context(
            patch.object(
                WebsocketConnectionHandler, "websocket_allowed", return_value=True
            )
        )

    def sit_down(self, user, path, ready):
        """Open a page as somebody, in a browser that is closed at the end.

        :param user: one of ``with_password``
        :param ready: what is on the screen when the page is there
        """
        login = self.logins[user.id]
        # the session of who came before goes on
        self.session = None
        browser = ChromeBrowser(self)
        self.leaving.callback(browser.stop)
        key = self.http_request_key
        # not while a page of somebody else reads: its cursor is this one, read-only
        with _registry_test_lock:
            self.authenticate(login, login, browser=browser)
        browser.set_cookie(TEST_CURSOR_COOKIE_NAME, key, "/", HOST)
        browser.navigate_to(urljoin(self.base_url(), path))
        person = self.person_class(self, browser)
        person.sees(ready, within=OPENED_WITHIN)
        return person
