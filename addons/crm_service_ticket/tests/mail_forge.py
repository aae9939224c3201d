"""Mails as any program may write them, broken as any program may break them, and the
truth beside each: which words a person wrote in it, and which files.

``forge(random, number)`` makes one mail. It is built by one of the kinds (plain, HTML,
both, with files, a mail in a mail, an invitation, signed, Outlook's), in one of the
charsets under one of its names, and then broken in ways that cost no word: headers
missing, twice, odd; lines ended differently; boundaries not closed or not those that
were said; bytes before, between and behind that belong to nothing.
"""

import base64
import quopri
import random as random_module
import struct
from email.utils import encode_rfc2231
from typing import NamedTuple

from asn1crypto import cms
from compressed_rtf import compress

SENTENCES = {
    "zh": "您好，{n} 号泵的密封漏水了，请尽快派人来看一下，谢谢。",
    "zh_name": "联系人是陶喆和朱镕基路的董赟，编号 {n}，机器已经停了两天。",
    "tw": "您好，第 {n} 號機器停止運轉，請儘速派人處理。",
    "ja": "お世話になっております。{n} 番のポンプが漏れています。至急ご連絡ください。",
    "de": "Guten Tag, Gerät {n} läuft nicht, bitte rufen Sie zurück. Grüße aus Köln",
    "en": "Good morning, sensor {n} drifts since yesterday. Please call us back soon.",
}
# language → (Python's codec, the names senders give it)
CHARSETS = {
    "zh": (
        (
            "gb18030",
            ("gb18030", "gb2312", "GBK", "x-gbk", "", "us-ascii", "iso-8859-1"),
        ),
        ("utf-8", ("utf-8", "UTF8", "", "gb2312", "x-unknown", "iso-8859-1")),
        ("utf-16", ("utf-16", "unicode", "")),
    ),
    "zh_name": (
        ("gb18030", ("gb18030", "gb2312", "gbk", "", "unknown-8bit")),
        ("utf-8", ("utf-8", "", "default")),
    ),
    "tw": (
        ("big5", ("big5", "Big5-HKSCS", "", "x-unknown")),
        ("utf-8", ("utf-8", "", "big5")),
    ),
    "ja": (
        ("cp932", ("shift_jis", "Shift_JIS", "", "utf-8")),
        ("iso2022_jp", ("iso-2022-jp", "", "us-ascii")),
        ("utf-8", ("utf-8", "")),
    ),
    "de": (
        ("cp1252", ("iso-8859-1", "windows-1252", "", "utf-8", "us-ascii")),
        ("utf-8", ("utf-8", "", "iso-8859-1")),
    ),
    "en": (("ascii", ("us-ascii", "utf-8", "", "gb2312", "x-what")),),
}


class Forged(NamedTuple):
    """``words``: texts that have to be seen in the ticket; ``files``: contents that
    have to lie beside it, byte for byte; ``label``: how it was made."""

    raw: bytes
    words: tuple[str, ...]
    files: tuple[bytes, ...]
    label: str


def forge(random: random_module.Random, number: int, to: str) -> Forged:
    """Make a mail; the same for the same state of ``random``."""
    return _Forge(random, number, to).mail()


class _Forge:
    def __init__(self, random, number, to):
        self.random, self.number, self.to = random, number, to
        self.words, self.files, self.marks = [], [], []
        self.language = random.choice(sorted(SENTENCES))
        self.codec, names = random.choice(CHARSETS[self.language])
        self.charset = random.choice(names)

    def mail(self):
        kind = self.random.choice(
            [name for name in sorted(dir(self)) if name.startswith("kind_")]
        )
        self.marks.append(kind)
        head, body = getattr(self, kind)()
        if self.random.random() < 0.3:
            head, body = self.nested(head, body)
        raw = self.render(head, body)
        label = (
            f"{self.number} {self.language} {self.codec} {self.charset} {self.marks}"
        )
        return Forged(raw, tuple(self.words), tuple(self.files), label)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def sentence(self):
        """A text of the mail's language, each with a word nothing else has."""
        word = f"W{self.number}X{len(self.words)}"
        text = f"{SENTENCES[self.language].format(n=self.number)} {word}"
        self.words.append(text)
        return text

    def text_part(self, text, kind="text/plain", extra=""):
        """A part of a text; returns (headers, body)."""
        data = text.encode(self.codec)
        charset = f'; charset="{self.charset}"' if self.charset else ""
        codings = ["base64", "quoted-printable"]
        if self.codec != "utf-16" and self.codec != "iso2022_jp":
            codings.append("8bit")
        coding = self.random.choice(codings)
        if coding == "base64":
            data = base64.encodebytes(data)
        elif coding == "quoted-printable":
            data = quopri.encodestring(data)
        self.marks.append(coding)
        head = [f"Content-Type: {kind}{charset}{extra}"]
        if coding != "8bit" or self.random.random() < 0.7:
            label = self.random.choice([coding, coding.upper(), f" {coding} "])
            head.append(f"Content-Transfer-Encoding: {label}")
        return head, data

    def html(self, text):
        shape = self.random.choice(
            ("simple", "word", "deep", "table", "broken", "meta")
        )
        self.marks.append(shape)
        if shape == "word":
            return (
                '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><style>'
                f"p.MsoNormal {{margin:0}}</style><!--[if mso]><xml></xml><![endif]-->"
                f"</head><body><p class=MsoNormal>{text}<o:p></o:p></p></body></html>"
            )
        if shape == "deep":
            depth = self.random.choice((100, 260, 700))
            return f"{'<div>' * depth}{text}{'</div>' * depth}"
        if shape == "table":
            return f"<table><tr><td>1<td><table><tr><td>{text}</table></table>"
        if shape == "broken":
            return f"<p><b>{text}</i></p></div></body><br></table>"
        if shape == "meta":
            name = {"gb18030": "gb2312", "cp932": "shift_jis"}.get(
                self.codec, self.codec
            )
            return f'<?xml version="1.0"?><meta charset="{name}"><p>{text}</p>'
        return f'<div style="font-size:14px">{text}</div>'

    def file_part(self, name, data, kind="application/octet-stream"):
        self.files.append(data)
        style = self.random.choice(("2231", "2047", "bare", "plain"))
        codec = "gbk" if self.random.random() < 0.5 else "utf-8"
        if style == "2231":
            named = "filename*=" + encode_rfc2231(name, "utf-8")
        elif style == "2047":
            word = base64.b64encode(name.encode(codec)).decode()
            named = f'filename="=?{codec}?B?{word}?="'
        elif style == "bare":
            named = f'filename="{name}"'.encode(codec).decode("latin-1")
        else:
            named = 'filename="list.bin"'
        head = [
            f"Content-Type: {kind}",
            f"Content-Disposition: attachment; {named}",
            "Content-Transfer-Encoding: base64",
        ]
        return head, base64.encodebytes(data)

    # ------------------------------------------------------------
    # KINDS
    # ------------------------------------------------------------

    def kind_plain(self):
        return self.text_part(self.sentence())

    def kind_html(self):
        return self.text_part(self.html(self.sentence()), "text/html")

    def kind_alternative(self):
        text = self.sentence()
        parts = [self.text_part(text), self.text_part(self.html(text), "text/html")]
        if self.random.random() < 0.3:
            # one of the two says nothing
            parts[self.random.randrange(2)] = self.text_part("", "text/html")
        return self.multipart("alternative", parts)

    def kind_files(self):
        parts = [self.text_part(self.sentence())]
        for number in range(self.random.randint(1, 3)):
            data = self.random.choice(
                (
                    self.random.randbytes(50),
                    SENTENCES["zh"].encode("gb18030"),
                    SENTENCES["zh"].encode("utf-16"),
                    b"",
                )
            )
            kind = self.random.choice(
                ("text/plain", 'text/csv; charset="us-ascii"', "image/png", "x-odd")
            )
            if data:
                parts.append(self.file_part(f"报价{number}.xls", data, kind))
        if self.random.random() < 0.4:
            parts.append(self.text_part(self.sentence()))
        return self.multipart("mixed", parts)

    def kind_list_footer(self):
        text = self.sentence()
        inner = self.multipart(
            "alternative",
            [self.text_part(text), self.text_part(self.html(text), "text/html")],
        )
        return self.multipart("mixed", [inner, self.text_part(self.sentence())])

    def kind_mail_in_mail(self):
        inner = (
            b"From: Lin <lin@third.example>\nSubject: old\nContent-Type: text/html\n\n"
            b"<p>INNER</p>"
        )
        self.files.append(inner)
        name = self.random.choice(("", '; name="old.eml"'))
        parts = [
            self.text_part(self.sentence()),
            ([f"Content-Type: message/rfc822{name}"], inner),
        ]
        return self.multipart("mixed", parts)

    def kind_invitation(self):
        calendar = (
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nUID:1\r\n"
            f"DTSTART:20261110T010000Z\r\nSUMMARY:Visit V{self.number}X\r\n"
            "LOCATION:Hall 3\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        ).encode()
        self.files.append(calendar)
        self.words.append(f"Visit V{self.number}X Hall 3")
        part = (
            [
                "Content-Type: text/calendar; method=REQUEST",
                "Content-Transfer-Encoding: base64",
            ],
            base64.encodebytes(calendar),
        )
        if self.random.random() < 0.5:
            return part
        return self.multipart("alternative", [self.text_part(self.sentence()), part])

    def kind_signed(self):
        head, body = self.text_part(self.sentence())
        inner = "\r\n".join(head).encode("latin-1") + b"\r\n\r\n" + body
        signed = cms.ContentInfo(
            {
                "content_type": "signed_data",
                "content": cms.SignedData(
                    {
                        "version": "v1",
                        "digest_algorithms": [],
                        "encap_content_info": {
                            "content_type": "data",
                            "content": inner,
                        },
                        "signer_infos": [],
                    }
                ),
            }
        ).dump()
        head = [
            "Content-Type: application/pkcs7-mime; name=smime.p7m",
            "Content-Transfer-Encoding: base64",
        ]
        return head, base64.encodebytes(signed)

    def kind_outlook(self):
        data = self.random.randbytes(20)
        self.files.append(data)
        winmail = tnef(
            self.sentence(), self.random.choice(("rtf", "html", "text")), data
        )
        parts = [
            (["Content-Type: text/plain"], b"\r\n"),
            (
                ['Content-Type: application/ms-tnef; name="winmail.dat"']
                + ["Content-Transfer-Encoding: base64"],
                base64.encodebytes(winmail),
            ),
        ]
        return self.multipart("mixed", parts)

    # ------------------------------------------------------------
    # ALL OF IT
    # ------------------------------------------------------------

    def multipart(self, kind, parts):
        """Parts between boundaries, in one of the ways they come."""
        mark = f"=_{self.number}_{len(self.marks)}"
        self.marks.append(kind)
        chunks = []
        if self.random.random() < 0.3:
            chunks.append(b"This is a multi-part message. \xb3\xff\xf3")
        for head, body in parts:
            lines = "\r\n".join(head).encode("latin-1")
            chunks.append(f"--{mark}".encode() + b"\r\n" + lines + b"\r\n\r\n" + body)
        if self.random.random() < 0.7:
            chunks.append(f"--{mark}--".encode())
            if self.random.random() < 0.2:
                chunks.append(b"\r\nepilogue \xff")
        else:
            self.marks.append("not closed")
        said = mark
        if self.random.random() < 0.1 and "nested" not in self.marks:
            said, _odd = "never-there", self.marks.append("wrong boundary")
        return [f'Content-Type: multipart/{kind}; boundary="{said}"'], b"\r\n".join(
            chunks
        )

    def nested(self, head, body):
        for _level in range(self.random.randint(1, 4)):
            self.marks.append("nested")
            head, body = self.multipart("mixed", [(head, body)])
        return head, body

    def render(self, head, body):
        pick = self.random.random
        lines = [
            self.random.choice(
                (
                    b"From: Li <li%d@forge.example>" % self.number,
                    f"From: 李工 <li{self.number}@forge.example>".encode("gbk"),
                    b"From: =?utf-8?B?%s?="
                    % base64.b64encode(
                        f'"李工" <li{self.number}@forge.example>'.encode()
                    ),
                    b"FROM: li%d@forge.example (Li)" % self.number,
                )
            ),
            b"To: " + self.to.encode(),
            b"Subject: " + self.subject(),
        ]
        if pick() < 0.9:
            lines.append(b"Message-ID: <forge-%d@forge.example>" % self.number)
        if pick() < 0.8:
            lines.append(
                self.random.choice(
                    (
                        b"Date: Tue, 03 Nov 2026 09:12:00 +0800",
                        b"Date: Mon, 02 Mar 0309 10:00:00 +0000",
                        b"Date: \xc4\xea 99999",
                        b"Date: ",
                    )
                )
            )
        lines += self.odd_headers()
        if pick() < 0.8:
            lines.append(b"MIME-Version: 1.0")
        lines += [line.encode("latin-1") for line in head]
        end = self.random.choice((b"\r\n", b"\r\n", b"\n"))
        raw = b"\r\n".join(lines) + b"\r\n\r\n" + body
        if end == b"\n":
            raw = raw.replace(b"\r\n", b"\n")
            self.files = [
                f.replace(b"\r\n", b"\n") if f.startswith(b"From: Lin") else f
                for f in self.files
            ]
        return raw

    def subject(self):
        text = SENTENCES[self.language].format(n=self.number)[:20]
        if self.random.random() < 0.3 and self.codec in ("gb18030", "utf-8", "big5"):
            return text.encode(self.codec)
        name = {"gb18030": "gb2312"}.get(self.codec, "utf-8")
        data = text.encode("gb18030" if name == "gb2312" else "utf-8")
        return f"=?{name}?B?{base64.b64encode(data).decode()}?=".encode()

    def odd_headers(self):
        odd = [
            b"X-Odd: \x00\x01\xff" + b"x" * 3000,
            b"X-" + b"Long" * 30 + b": y",
            b"References: <a@b> <c\xff@d> not-an-id",
            b"Reply-To: ",
            b'Cc: "unclosed <x@y.example>, =?gbk?B?wO65pA==?= <z@y.example>',
            b"Content-Language: zh-CN",
            b"X-Mailer: \xb7\xc7",
            b"List-Unsubscribe: <mailto:x@y.example>",
            b"Subject: second",
            b"Sender: =?utf-8?Q?=FF=FE?= <s@y.example>",
            b"Thread-Topic: =?gb2312?B?broken",
            b"In-Reply-To: <>",
            b"Delivered-To: nobody",
        ]
        return self.random.sample(odd, self.random.randint(0, 4))


# ------------------------------------------------------------
# OUTLOOK
# ------------------------------------------------------------


def tnef(text: str, how: str, data: bytes) -> bytes:
    """A ``winmail.dat`` of a text, written as RTF, HTML or plain, and a file."""
    properties = [(3, 0x3FDE, 65001)]
    objects = [
        (1, 0x9006, 8, struct.pack("<I", 0x10000)),
        (1, 0x9007, 6, struct.pack("<II", 936, 0)),
    ]
    if how == "rtf":
        packed = compress(_rtf(text))
        properties.append((0x102, 0x1009, packed))
    elif how == "html":
        properties.append((0x102, 0x1013, f"<p>{text}</p>".encode()))
    else:
        objects.append((1, 0x800C, 2, text.encode("gb18030") + b"\0"))
    objects.append((1, 0x9003, 6, _mapi(properties)))
    name = [(0x1F, 0x3707, "报价单.xls\0".encode("utf-16-le"))]
    objects += [
        (2, 0x9002, 6, b"\1\0" + b"\0" * 12),
        (2, 0x800F, 6, data),
        (2, 0x9005, 6, _mapi(name)),
    ]
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(_object(*o) for o in objects)


def _rtf(text):
    body = "".join(
        c
        if c.isascii() and c not in "\\{}"
        else f"\\u{ord(c) - (65536 if ord(c) > 32767 else 0)}?"
        for c in text
    )
    return f"{{\\rtf1\\ansi\\ansicpg936\\deff0\\uc1\\pard {body}\\par}}".encode()


def _object(level, name, kind, data):
    head = struct.pack("<BHHI", level, name, kind, len(data))
    return head + data + struct.pack("<H", sum(data) & 0xFFFF)


def _mapi(properties):
    out = struct.pack("<I", len(properties))
    for kind, name, value in properties:
        out += struct.pack("<HH", kind, name)
        if kind == 3:
            out += struct.pack("<i", value)
        else:
            out += struct.pack("<II", 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return out
