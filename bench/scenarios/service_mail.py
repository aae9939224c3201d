"""Mail that comes in: to a team, against the same mail to an address of leads.

Our reader, the search for the ticket a mail belongs to, the row of each mail and the
search for the customer stand against what Odoo's gateway does alone. Confirmations are
off: plain Odoo sends none.
"""

from __future__ import annotations

from email.message import EmailMessage
from typing import Any

from bench.harness import WITHOUT, Run, scenario
from bench.scenarios.service_ticket import ensure_tickets

MAILS = 40
DOMAIN = "bench.example"
ADDRESS = f"bench-mail@{DOMAIN}"
TEXT = "您好，{number} 号泵的密封漏水了，请尽快派人来看一下。\n" * 8
QUOTED = (
    "<p>{text}</p><div>------------------ 原始邮件 ------------------</div>"
    '<blockquote type="cite">' + "<p>之前的来往。</p>" * 60 + "</blockquote>"
)
FILE = bytes(range(256)) * 800


def _open_address(run: Run) -> None:
    """Give the side an address that mail goes to; the run's rollback takes it away."""
    env = run.env(user=1)
    domain = env["mail.alias.domain"].search([("name", "=", DOMAIN)], limit=1)
    domain = domain or env["mail.alias.domain"].create({"name": DOMAIN})
    values = {"alias_name": "bench-mail", "alias_domain_id": domain.id}
    if run.side == WITHOUT:
        model = env["ir.model"]._get_id("crm.lead")
        env["mail.alias"].create({**values, "alias_model_id": model})
        return
    team = env["crm.service.team"].create({"name": "Bench mail", **values})
    team.acknowledgement_active = False


def _mail(run: Run, number: int, html: bool = False, file: bool = False) -> bytes:
    message = EmailMessage()
    message["From"] = f"客户{number} <mail{run.number}-{number}@neu.example>"
    message["To"] = ADDRESS
    message["Subject"] = f"泵漏水 {run.number}-{number}"
    message["Message-ID"] = _name(run, number)
    message["Date"] = "Tue, 03 Nov 2026 09:12:00 +0800"
    text = TEXT.format(number=number)
    message.set_content(text)
    if html:
        message.add_alternative(QUOTED.format(text=text), subtype="html")
    if file:
        message.add_attachment(
            FILE, maintype="application", subtype="octet-stream", filename="录波.bin"
        )
    return message.as_bytes()


def _name(run: Run, number: int) -> str:
    return f"<bench-{run.number}-{number}@neu.example>"


def _answer(run: Run, number: int) -> bytes:
    """An answer to the mail of that number, from who wrote it."""
    name = _name(run, number)
    head = f"In-Reply-To: {name}\r\nReferences: {name}\r\n".encode()
    raw = _mail(run, number, html=True)
    return head + raw.replace(name.encode(), f"<re-{name[1:]}".encode(), 1)


def _deliver(run: Run, mails: list[bytes]) -> None:
    threads: Any = run.env(user=1)["mail.thread"]
    with run.clock():
        for raw in mails:
            threads.message_process(False, raw)


def _scenario(run: Run, **shape: bool) -> None:
    ensure_tickets(run)
    _open_address(run)
    _deliver(run, [_mail(run, number, **shape) for number in range(MAILS)])


@scenario("mail plain", users=("admin",), limit=None, extra_queries=None)
def plain(run: Run) -> None:
    """Forty mails of a few lines, each of somebody new."""
    _scenario(run)


@scenario("mail html", users=("admin",), limit=None, extra_queries=None)
def html(run: Run) -> None:
    """Forty mails in HTML with a history below."""
    _scenario(run, html=True)


@scenario("mail with file", users=("admin",), limit=None, extra_queries=None)
def with_file(run: Run) -> None:
    """Forty mails with a file of 200 kB."""
    _scenario(run, file=True)


@scenario("mail answer", users=("admin",), limit=None, extra_queries=None)
def answer(run: Run) -> None:
    """Forty answers to mails that came before."""
    ensure_tickets(run)
    _open_address(run)
    threads = run.env(user=1)["mail.thread"]
    for number in range(MAILS):
        threads.message_process(False, _mail(run, number))
    _deliver(run, [_answer(run, number) for number in range(MAILS)])
