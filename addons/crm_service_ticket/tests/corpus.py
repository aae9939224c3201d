"""A thousand mails as they come: made from a seed, each with where it should land.

``build()`` returns cases in order of arrival. A case makes its mail when it is its
turn, because answers name the number or a Message-ID of a ticket that was made before::

    for case in build(seed=5):
        ticket = deliver(case.make(tickets))
        ...

The styles follow what the programs really send: Outlook's HTML with a plain twin and
``Thread-Index``, Gmail's ``references``, QQ Mail's GB18030 in base64, 163's GBK
subjects, quoted-printable UTF-8, forwards with the original inside.
"""

import base64
import quopri
import random
from collections.abc import Callable
from typing import NamedTuple

NEW, SAME, STOPPED, TWICE = "new", "same", "stopped", "twice"
STYLES = ("outlook", "gmail", "qq", "netease", "foxmail", "quoted", "plain", "forward")
SUBJECTS = (
    "压力传感器零点漂移",
    "Sensor HC-200 drifts at 80 °C",
    "温度变送器通讯中断",
    "Rechnung fehlt",
    "关于校准证书的咨询",
    "Calibration certificate",
    "现场法兰尺寸不符，请尽快回复",
    "Feature wish: Modbus map",
)
BIG = 25 * 1024 * 1024


class Case(NamedTuple):
    """``make``: (tickets by conversation) → mail as bytes; ``expect``: one of the
    constants; ``conversation``: whose ticket it is about."""

    make: Callable
    expect: str
    conversation: int
    label: str


class Sender(NamedTuple):
    name: str
    address: str
    subject: str


def build(to: str, source: str, seed: int = 20260302) -> list[Case]:
    """The thousand cases; the same for the same seed.

    :param to: address of the team
    :param source: what our own mails carry in ``X-Service-Source``
    """
    return Corpus(to, source, seed).cases()


class Corpus:
    """Makes the cases; a counter keeps Message-IDs apart."""

    def __init__(self, to, source, seed):
        self.to, self.source = to, source
        self.random = random.Random(seed)
        self.serial = 0
        self.senders = [self.sender(number) for number in range(450)]

    def cases(self):
        new = [self.new(number) for number in range(450)]
        answers = [self.answer(number) for number in range(360)]
        twice = [self.twice(case) for case in new[:100]]
        machines = [self.stopped(number) for number in range(360, 440)]
        alarms = [self.alarm(number) for number in range(1000, 1010)]
        cases = [*answers, *twice, *machines, *alarms]
        self.random.shuffle(cases)
        return new + cases

    def sender(self, number):
        host = ("ruida", "huaxin", "qq", "163", "gmail", "steelworks")[number % 6]
        name = ("李工", "Ms Wang", "张经理", "Müller, Jörg")[number % 4]
        subject = f"{SUBJECTS[number % len(SUBJECTS)]} {number}"
        return Sender(name, f"person{number}@{host}-{number % 97}.example", subject)

    def message_id(self):
        self.serial += 1
        return f"<{self.serial}.{self.random.randrange(10**9)}@corpus.example>"

    # ------------------------------------------------------------
    # CASES
    # ------------------------------------------------------------

    def new(self, number):
        sender, style = self.senders[number], STYLES[number % len(STYLES)]
        big = number == 7
        body = "" if number % 50 == 11 else f"您好，{number} 号设备有问题。Please help."
        raw = self.render(style, sender, sender.subject, body, big=big)
        return Case(lambda _tickets: raw, NEW, number, style)

    def twice(self, case):
        raw = case.make({})
        return Case(lambda _tickets: raw, TWICE, case.conversation, "twice")

    def answer(self, number):
        kind = ("references", "in_reply_to", "number", "address", "subject")[number % 5]
        style = STYLES[(number + 3) % (len(STYLES) - 1)]
        sender, message_id = self.senders[number], self.message_id()

        def make(tickets):
            ticket = tickets[number]
            subject, extra, to = f"Re: {sender.subject}", {}, self.to
            if kind == "references":
                # Gmail and SES write long ones, ours in the middle
                extra["References"] = (
                    f"<a@x.example> {ticket['message_id']} <b@x.example>"
                )
                subject = "完全不同的标题"
            elif kind == "in_reply_to":
                extra["In-Reply-To"] = ticket["message_id"]
            elif kind == "number":
                subject = f"答复: [{ticket['number']}] 另外一件事"
            elif kind == "address":
                subject = "Else"
                to = self.to.replace("@", f"+{ticket['number'].lower()}@")
            else:
                subject = f"回复：{sender.subject}"
            return self.render(
                style, sender, subject, "还是不行", to=to, mid=message_id, extra=extra
            )

        return Case(make, SAME, number, f"answer by {kind}, {style}")

    def stopped(self, number):
        sender, message_id = self.senders[number], self.message_id()
        subject, extra = "Re: " + sender.subject, {}
        kind = number % 5
        if kind == 0:
            extra = {"Auto-Submitted": "auto-replied"}
        elif kind == 1:
            extra = {"X-Autoreply": "yes", "Precedence": "bulk"}
        elif kind == 2:
            subject = f"自动回复: {sender.subject}"
        elif kind == 3:
            subject = f"Automatic reply: {sender.subject}"
            extra = {"X-Auto-Response-Suppress": "All"}
        else:
            extra = {"X-Service-Source": self.source}
        style = STYLES[number % (len(STYLES) - 1)]
        raw = self.render(
            style, sender, subject, "不在办公室", mid=message_id, extra=extra
        )
        return Case(lambda _tickets: raw, STOPPED, number, f"stopped {kind}")

    def alarm(self, number):
        sender = Sender("PLC", f"plc{number}@plant.example", f"ALARM {number}")
        raw = self.render(
            "plain",
            sender,
            sender.subject,
            "Pressure high",
            extra={"Auto-Submitted": "auto-generated"},
        )
        return Case(lambda _tickets: raw, NEW, number, "alarm")

    # ------------------------------------------------------------
    # MAILS
    # ------------------------------------------------------------

    def render(
        self, style, sender, subject, body, to="", mid="", extra=None, big=False
    ):
        """The mail as bytes, headers and parts written the way the program does."""
        charset = {
            "qq": "gb18030",
            "netease": "gbk",
            "foxmail": "gb18030",
        }.get(style, "utf-8")
        headers = {
            "From": f"{word(sender.name, charset)} <{sender.address}>",
            "To": to or self.to,
            "Subject": word(subject, charset),
            "Date": "Mon, 02 Mar 2026 18:00:00 +0800",
            "Message-ID": mid or self.message_id(),
            "MIME-Version": "1.0",
            **PROGRAMS[style],
            **(extra or {}),
        }
        content_type, payload = getattr(self, f"body_{style}")(body, charset)
        if big:
            content_type, payload = mixed(content_type, payload)
        headers |= content_type
        lines = [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + payload

    def body_outlook(self, body, charset):
        html = (
            '<html xmlns:o="urn:schemas-microsoft-com:office:office"><body>'
            f"<p class=MsoNormal>{body}<o:p></o:p></p></body></html>"
        )
        return alternative(body, html, charset)

    def body_gmail(self, body, charset):
        return alternative(body, f'<div dir="ltr">{body}</div>', charset)

    def body_qq(self, body, charset):
        html = f'<div style="font-size:14px"><includetail>{body}</includetail></div>'
        return alternative(body, html, charset)

    def body_netease(self, body, charset):
        return base64_part(f"<div>{body}</div>", "text/html", charset)

    def body_foxmail(self, body, charset):
        return base64_part(body, "text/plain", charset)

    def body_quoted(self, body, charset):
        kind = {
            "Content-Type": f"text/plain; charset={charset}",
            "Content-Transfer-Encoding": "quoted-printable",
        }
        return kind, quopri.encodestring(body.encode(charset))

    def body_plain(self, body, charset):
        kind = {
            "Content-Type": f"text/plain; charset={charset}",
            "Content-Transfer-Encoding": "8bit",
        }
        return kind, body.encode(charset)

    def body_forward(self, body, charset):
        inner = (
            "From: Somebody <somebody@elsewhere.example>\r\nSubject: original\r\n"
            "Message-ID: <inner@elsewhere.example>\r\n\r\nThe original text.\r\n"
        )
        part_type, part = base64_part(body, "text/plain", charset)
        parts = [
            (part_type, part),
            ({"Content-Type": "message/rfc822"}, inner.encode()),
        ]
        return multipart("mixed", parts)


PROGRAMS = {
    "outlook": {
        "X-Mailer": "Microsoft Outlook 16.0",
        "Thread-Index": "AdqZl1x7vK3m1f2yTj+0",
        "X-MS-Exchange-CrossTenant-id": "1",
    },
    "gmail": {"X-Gm-Message-State": "AOJu0Yx"},
    "qq": {"X-Mailer": "QQMail 2.x", "X-QQ-mid": "xmweb1"},
    "netease": {"X-Mailer": "Coremail Webmail Server (163com)", "X-Priority": "3"},
    "foxmail": {"X-Mailer": "Foxmail 7.2.25.254[cn]"},
    "quoted": {"X-Mailer": "Apple Mail (2.3774)"},
    "plain": {},
    "forward": {"User-Agent": "Mozilla Thunderbird"},
}


def word(text, charset):
    """Return an encoded word of RFC 2047."""
    if text.isascii() and "," not in text:
        return text
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        charset = "utf-8"
    encoded = base64.b64encode(text.encode(charset)).decode()
    return f"=?{charset}?B?{encoded}?="


def base64_part(text, kind, charset):
    headers = {
        "Content-Type": f'{kind}; charset="{charset}"',
        "Content-Transfer-Encoding": "base64",
    }
    return headers, base64.encodebytes(text.encode(charset))


def multipart(kind, parts, boundary="----=_Part_1"):
    chunks = []
    for headers, payload in parts:
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        chunks.append(f"--{boundary}\r\n{lines}\r\n".encode() + payload + b"\r\n")
    end = f"--{boundary}--\r\n".encode()
    headers = {"Content-Type": f'multipart/{kind}; boundary="{boundary}"'}
    return headers, b"".join(chunks) + end


def alternative(body, html, charset):
    return multipart(
        "alternative",
        [
            base64_part(body, "text/plain", charset),
            base64_part(html, "text/html", charset),
        ],
    )


def mixed(content_type, payload):
    """Put a file of 25 MB beside the text."""
    file = {
        "Content-Type": 'application/octet-stream; name="log.bin"',
        "Content-Disposition": 'attachment; filename="log.bin"',
        "Content-Transfer-Encoding": "base64",
    }
    data = base64.encodebytes(b"\x00\x01\x02\x03" * (BIG // 4))
    return multipart(
        "mixed", [(content_type, payload), (file, data)], boundary="----=_Part_2"
    )
