"""A report to a dozen people by real mail, the server killed in the middle. Row A11,
threat B10: sent, then noted.

What was handed over when the server died is in doubt: nobody can know whether it
arrived. It is not sent again by itself but shown; everything else goes on and arrives
once.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from collections import Counter

import pytest
from aiosmtpd.controller import Controller
from killed_server import free_port

PEOPLE = 12
# the first of them that are served before the server is killed
SERVED = 3
SUBSCRIPTION, DELIVERY = "crm.report.subscription", "crm.report.delivery"
COUNT = "SELECT count(*) FROM crm_report_delivery WHERE state = %s"


class Postbox:
    """A mail server that counts the reports it takes, by recipient, and takes its time.

    Other mail to the same people is none of its business: Odoo's own digest goes to
    whoever is new.
    """

    def __init__(self) -> None:
        self.taken: Counter[str] = Counter()
        self.files: set[tuple[str, ...]] = set()
        self.port = free_port()
        self.controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope):
        """Keep a mail; called by aiosmtpd, which names it."""
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        names = [part.get_filename("") for part in mail.iter_attachments()]
        if names:
            self.files.add(tuple(sorted(name.rpartition(".")[2] for name in names)))
            self.taken.update(envelope.rcpt_tos)
        # long enough for a kill to fall between taking a mail and saying so
        await asyncio.sleep(0.2)
        return "250 kept"


@pytest.fixture
def postbox():
    box = Postbox()
    box.controller.start()
    yield box
    box.controller.stop()


def subscribe(server) -> int:
    """People with a role, and a report for all of them."""
    group = server.ask(
        "SELECT res_id FROM ir_model_data WHERE module = 'crm_customer_center'"
        " AND name = 'group_sales_rep'"
    )
    people = server.call(
        "res.users",
        "create",
        [
            {
                "name": f"Reader {number}",
                "login": f"reader{number}",
                "email": f"reader{number}@hengce.example",
                "group_ids": [(4, group)],
            }
            for number in range(PEOPLE)
        ],
    )
    (subscription,) = server.call(
        SUBSCRIPTION,
        "create",
        [{"dashboard": "rep", "period": "this_month", "user_ids": [(6, 0, people)]}],
    )
    return subscription


def progress(server, subscription: int) -> tuple[int, int]:
    """(sent, of how many), as its owner sees it."""
    (row,) = server.call(
        SUBSCRIPTION, "read", [subscription], ["last_sent", "last_count"]
    )
    return row["last_sent"], row["last_count"]


def test_each_gets_one_mail_though_the_server_is_killed(server, postbox):
    server.words = ["--smtp=127.0.0.1", f"--smtp-port={postbox.port}"]
    server.start()
    subscription = subscribe(server)
    began = time.monotonic()
    server.call(SUBSCRIPTION, "action_send_now", [subscription])
    assert time.monotonic() - began < 10, "the job sends, not the request"
    server.wait_until(lambda: len(postbox.taken) >= SERVED)
    sent, count = progress(server, subscription)
    assert count == PEOPLE
    assert SERVED - 1 <= sent < PEOPLE, "killed too late to show anything"
    # in the middle of the next mail
    already = len(postbox.taken)
    server.wait_until(lambda: len(postbox.taken) > already)
    server.kill()
    doubtful = server.ask(COUNT, "sending")
    assert doubtful <= 1
    assert max(postbox.taken.values()) == 1

    server.start()
    server.wait_until(lambda: server.ask(COUNT, "sent") == PEOPLE - doubtful)
    assert progress(server, subscription) == (PEOPLE - doubtful, PEOPLE)
    assert max(postbox.taken.values()) == 1
    assert postbox.files == {("pdf", "xlsx")}

    # what was in doubt is said after a while, and is the owner's to decide
    server.execute(
        "UPDATE crm_report_delivery SET write_date = write_date - interval '1 hour'"
        " WHERE state = 'sending'"
    )
    server.call("ir.cron", "method_direct_trigger", [job(server)])
    server.wait_until(lambda: server.ask(COUNT, "unknown") == doubtful)
    # the postbox had it: as many mails as people
    assert len(postbox.taken) == PEOPLE
    assert max(postbox.taken.values()) == 1


def job(server) -> int:
    return server.ask(
        "SELECT res_id FROM ir_model_data WHERE module = 'crm_reports'"
        " AND name = 'ir_cron_send'"
    )
