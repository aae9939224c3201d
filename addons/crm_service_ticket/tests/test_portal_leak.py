import json
from itertools import groupby

from odoo import http
from odoo.exceptions import AccessError
from odoo.tests import HttpCase, tagged
from odoo.tools import mute_logger

from .front_common import TICKET, FrontCommon

# who · which ticket · what shows by the setting "own" · by the setting "company"
# T: the ticket itself, C: its open conversation with files, -: nothing.
# What is internal (notes, their files, trackings, hand-overs) has no letter: it shows
# nobody outside, through no door.
LEAK_TABLE = """
    anna    anna_ticket    TC    TC
    ben     anna_ticket    -     TC
    carl    anna_ticket    -     -
    eva     anna_ticket    -     -
    public  anna_ticket    -     -
    anna    eva_ticket     -     TC
    ben     eva_ticket     -     TC
    carl    eva_ticket     -     -
    eva     eva_ticket     -     -
    public  eva_ticket     -     -
    carl    carl_ticket    TC    TC
    eva     carl_ticket    -     TC
    anna    carl_ticket    -     -
"""
# asked about no ticket in particular
COMMON_MODELS = (
    "rating.rating",
    "crm.service.survey",
    "mail.followers",
    "mail.tracking.value",
    "mail.activity",
    "mail.mail",
    "crm.service.ticket.handover",
)
COMMON_DOORS = {"list", "search", "message by words", *COMMON_MODELS}
INTERNAL = ("note", "notefile", "notename", "tracking", "mailnote", "handover")


def parse_table():
    for line in LEAK_TABLE.strip().splitlines():
        who, ticket, own, company = line.split()
        yield who, ticket, "own", own.strip("-")
        yield who, ticket, "company", company.strip("-")


@tagged("post_install", "-at_install")
class TestPortalLeak(HttpCase, FrontCommon):
    """# V9: every door, tried by everybody: never another's ticket, internal note,
    attachment or count."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.secrets = {}
        cls.targets = {}
        for name in ("anna", "eva", "carl"):
            cls.make_target(f"{name}_ticket", cls.contacts[name])
        cls.move_contact(cls.eva, cls.globex)

    @classmethod
    def make_target(cls, key, partner):
        """A ticket full of words that show nowhere else: {kind: word}."""
        words = {
            kind: f"zebra-{kind}-{key}"
            for kind in ("subject", "text", "reply", "file", *INTERNAL)
        }
        ticket = cls.make_ticket(
            partner, name=words["subject"], description=words["text"]
        )
        cls.public_file = cls.attach(ticket, "public.txt", words["file"].encode())
        note_file = cls.attach(ticket, words["notename"], words["notefile"].encode())
        reply = ticket.message_post(
            body=words["reply"],
            author_id=cls.agent.partner_id.id,
            # the leaver was a receiver and an author: neither keeps the door open
            partner_ids=(partner | cls.eva).ids,
            attachment_ids=cls.public_file.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_comment",
        )
        note = ticket.message_post(
            body=words["note"],
            partner_ids=cls.agent.partner_id.ids,
            attachment_ids=note_file.ids,
            message_type="comment",
            subtype_xmlid="mail.mt_note",
        )
        tracking = ticket.message_post(
            body=words["tracking"],
            message_type="notification",
            subtype_xmlid="mail.mt_note",
        )
        mail_note = ticket.message_post(
            body=words["mailnote"],
            message_type="email",
            author_id=cls.eva.id,
            subtype_xmlid="mail.mt_note",
        )
        ticket._escalate("technician", words["handover"])
        cls.targets[key] = {
            "ticket": ticket,
            "words": words,
            "messages": reply | note | tracking | mail_note,
            "files": cls.public_file | note_file,
        }

    # ------------------------------------------------------------
    # DOORS
    # ------------------------------------------------------------

    def get(self, url, **kwargs):
        return self.url_open(url, **kwargs).text

    def rpc(self, route, params):
        """The answer as text, errors included: they may leak as well."""
        response = self.url_open(
            route,
            data=json.dumps({"jsonrpc": "2.0", "id": 1, "params": params}),
            headers={"Content-Type": "application/json"},
        )
        return json.dumps(response.json(), ensure_ascii=False)

    def call(self, model, method, *args, **kwargs):
        return self.rpc(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def page_doors(self, target):
        """{name: (function, kinds that it shows to those who may)}."""
        ticket, files = target["ticket"], target["files"]
        public, note = (file.id for file in files)
        get, number = self.get, ticket.id
        return {
            "list": (lambda: get("/my/tickets"), "T"),
            "search": (lambda: get("/my/tickets?search=zebra&search_in=all"), "T"),
            "page": (lambda: get(f"/my/tickets/{number}"), "T"),
            "wrong token": (lambda: get(f"/my/tickets/{number}?access_token=x"), "T"),
            "foreign token": (self.with_foreign_token(target), ""),
            "mail link": (
                lambda: get(f"/mail/view?model={TICKET}&res_id={number}"),
                "",
            ),
            "content": (lambda: get(f"/web/content/{public}"), ""),
            "note content": (lambda: get(f"/web/content/{note}"), ""),
            "image": (lambda: get(f"/web/image/{note}"), ""),
            "record content": (
                lambda: get(f"/web/content/{TICKET}/{number}/description"),
                "",
            ),
            "first page": (lambda: get(f"/mail/attachment/pdf_first_page/{note}"), ""),
            "zip": (
                lambda: get(
                    "/mail/attachment/zip",
                    data={"file_ids": f"{public},{note}", "zip_name": "a.zip"},
                ),
                "",
            ),
            "avatar": (
                lambda: get(
                    f"/mail/avatar/mail.message/{target['messages'][:1].id}"
                    "/author_avatar/50x50"
                ),
                "",
            ),
        }

    def run(self, result=None):
        # what is refused is logged by Odoo, and refusals are what is tested here
        with mute_logger("odoo.http", "odoo.addons.base.models.ir_rule"):
            return super().run(result)

    def csrf_token(self):
        return http.Request.csrf_token(self)

    def with_foreign_token(self, target):
        """The token of another ticket opens this one to nobody new."""
        other = next(t["ticket"] for t in self.targets.values() if t is not target)
        token = other._portal_ensure_token()
        self.env.flush_all()
        return lambda: self.get(
            f"/my/tickets/{target['ticket'].id}?access_token={token}"
        )

    def json_doors(self, target):
        thread = {"thread_model": TICKET, "thread_id": target["ticket"].id}
        everything = [
            "activities",
            "attachments",
            "contact_fields",
            "display_name",
            "followers",
            "scheduledMessages",
            "suggestedRecipients",
        ]
        return {
            "fetch": (lambda: self.rpc("/mail/chatter_fetch", thread), "C"),
            "fetch all": (
                lambda: self.rpc(
                    "/mail/chatter_fetch", {**thread, "fetch_params": {"limit": 500}}
                ),
                "C",
            ),
            "init": (lambda: self.rpc("/portal/chatter_init", thread), ""),
            "messages": (lambda: self.rpc("/mail/thread/messages", thread), "C"),
            "data": (
                lambda: self.rpc(
                    "/mail/data",
                    {
                        "fetch_params": [
                            ["mail.thread", {**thread, "request_list": everything}]
                        ]
                    },
                ),
                "",
            ),
            "recipients": (lambda: self.rpc("/mail/thread/recipients", thread), ""),
            "suggested": (
                lambda: self.rpc(
                    "/mail/thread/recipients/get_suggested_recipients", thread
                ),
                "",
            ),
        }

    def rpc_doors(self, target):
        ticket, number = target["ticket"], target["ticket"].id
        mine = [["id", "=", number]]
        names = ["number", "name", "description", "state"]
        spec = {
            "name": {},
            "description": {},
            "message_ids": {"fields": {"body": {}}},
            "website_message_ids": {"fields": {"body": {}}},
        }
        call = self.call
        doors = {
            "search_read": (lambda: call(TICKET, "search_read", mine, names), "T"),
            "read": (lambda: call(TICKET, "read", [number], names), "T"),
            "read all": (lambda: call(TICKET, "read", [number]), "T"),
            "web_read": (lambda: call(TICKET, "web_read", [number], spec), "T"),
            "web_search_read": (
                lambda: call(TICKET, "web_search_read", mine, {"name": {}}),
                "T",
            ),
            "name_search": (lambda: call(TICKET, "name_search", ticket.name), "T"),
            "groups": (
                lambda: call(
                    TICKET, "formatted_read_group", mine, ["name"], ["__count"]
                ),
                "T",
            ),
            "export": (lambda: call(TICKET, "export_data", [number], names), ""),
            "partner oracle": (
                lambda: call(
                    "res.partner",
                    "search_read",
                    [["id", "=", ticket.partner_id.id]],
                    ["service_satisfaction_count"],
                ),
                "",
            ),
        }
        doors.update(self.message_doors(target))
        return doors

    def message_doors(self, target):
        ids, files = target["messages"].ids, target["files"].ids
        where = [["model", "=", TICKET], ["res_id", "=", target["ticket"].id]]
        linked = [["res_model", "=", TICKET], ["res_id", "=", target["ticket"].id]]
        call = self.call
        doors = {
            f"message {number}": (
                lambda number=number: call("mail.message", "read", [number], ["body"]),
                "",
            )
            for number in ids
        }
        doors |= {
            "message search": (
                lambda: call("mail.message", "search_read", where, ["body"]),
                "C",
            ),
            "message by words": (
                lambda: call(
                    "mail.message",
                    "search_read",
                    [["body", "ilike", "zebra"]],
                    ["body"],
                ),
                "C",
            ),
            "message format": (
                lambda: call("mail.message", "portal_message_format", ids[:1]),
                "C",
            ),
            "all formats": (
                lambda: call("mail.message", "portal_message_format", ids),
                "",
            ),
            "files": (
                lambda: call("ir.attachment", "read", files, ["name", "raw"]),
                "",
            ),
            "file search": (
                lambda: call("ir.attachment", "search_read", linked, ["name"]),
                "",
            ),
        }
        for model in COMMON_MODELS:
            doors[model] = (
                lambda model=model: call(model, "search_read", [], []),
                "",
            )
        return doors

    # ------------------------------------------------------------
    # THE WALK
    # ------------------------------------------------------------

    def sign_in(self, who):
        if who == "public":
            self.authenticate(None, None)
        else:
            login = self.logins[who].login
            self.authenticate(login, login)

    def test_no_door_shows_more_than_the_table_says(self):
        """# V9: pages, files, conversation, RPC; by both settings."""
        wrong, walked = [], 0
        rows = sorted(parse_table(), key=lambda row: (row[2], row[0]))
        for (scope, who), own in groupby(rows, key=lambda row: (row[2], row[0])):
            self.env.company.service_portal_scope = scope
            self.env.flush_all()
            self.sign_in(who)
            # what is asked without naming a ticket is the same answer for all of them
            self.heard = {}
            for _who, key, _scope, letters in own:
                walked += self.walk(who, key, letters, wrong)
        self.assertFalse(wrong, "\n" + "\n".join(wrong))
        self.assertGreater(walked, 26 * 35)

    def walk(self, who, key, letters, wrong):
        target = self.targets[key]
        shown_by = {
            "T": {target["words"]["subject"]},
            "C": {target["words"]["reply"]},
        }
        allowed = {
            word
            for letter, kinds in (("T", ("subject", "text")), ("C", ("reply", "file")))
            if letter in letters
            for word in (target["words"][kind] for kind in kinds)
        }
        doors = {
            **self.page_doors(target),
            **self.json_doors(target),
            **self.rpc_doors(target),
        }
        for name, (door, kind) in doors.items():
            text = self.heard[name] if name in self.heard else door()
            if name in COMMON_DOORS:
                self.heard[name] = text
            label = f"{who} / {key} / {name}"
            for word in target["words"].values():
                if word in text and word not in allowed:
                    wrong.append(f"{label}: shows {word}")
            if kind and kind in letters and not shown_by[kind] & self.words_in(text):
                wrong.append(f"{label}: does not show what it should")
        return len(doors)

    def words_in(self, text):
        return {
            word
            for target in self.targets.values()
            for word in target["words"].values()
            if word in text
        }

    def test_counters_count_what_the_list_shows(self):
        """# V9: the number on the portal's home is no hint at others' tickets."""
        expected = {
            "own": {"anna": 1, "ben": 0, "carl": 1, "eva": 0},
            "company": {"anna": 2, "ben": 2, "carl": 1, "eva": 1},
        }
        for scope, counts in expected.items():
            self.env.company.service_portal_scope = scope
            self.env.flush_all()
            for who, count in counts.items():
                with self.subTest(scope=scope, who=who):
                    self.sign_in(who)
                    shown = json.loads(
                        self.rpc("/my/counters", {"counters": ["ticket_count"]})
                    )
                    self.assertEqual(shown["result"]["ticket_count"], count)
                    counted = json.loads(self.call(TICKET, "search_count", []))
                    self.assertEqual(counted["result"], count)

    def test_an_own_ticket_shows_the_listed_fields_only(self):
        """# V9: whatever a module adds to tickets stays inside; neither read nor
        searched, so nothing can be guessed either."""
        ticket = self.targets["anna_ticket"]["ticket"].with_user(self.logins["anna"])
        shown = set(ticket.fields_get())
        for name in ("user_id", "team_id", "access_token", "message_follower_ids"):
            self.assertNotIn(name, shown)
            with self.assertRaises(AccessError):
                ticket.read([name])
        for name in ("user_id", "team_id", "access_token"):
            with self.assertRaises(AccessError):
                ticket.search([(name, "!=", False)])
        self.assertLessEqual({"number", "name", "state", "description"}, shown)

    def test_the_link_of_a_mail_opens_the_ticket_but_no_note(self):
        """# V9: who holds a customer's link sees what the customer sees."""
        target = self.targets["anna_ticket"]
        token = target["ticket"]._portal_ensure_token()
        self.env.flush_all()
        self.sign_in("public")
        page = self.get(f"/my/tickets/{target['ticket'].id}?access_token={token}")
        self.assertIn(target["words"]["subject"], page)
        thread = {
            "thread_model": TICKET,
            "thread_id": target["ticket"].id,
            "token": token,
        }
        conversation = self.rpc("/mail/chatter_fetch", thread)
        self.assertIn(target["words"]["reply"], conversation)
        data = self.rpc(
            "/mail/data",
            {
                "fetch_params": [
                    [
                        "mail.thread",
                        {
                            **thread,
                            "request_list": ["attachments", "followers", "activities"],
                            "access_params": {"token": token},
                        },
                    ]
                ]
            },
        )
        for text in (page, conversation, data):
            for kind in INTERNAL:
                self.assertNotIn(target["words"][kind], text)

    def test_the_link_is_worth_nothing_after_the_contact_left(self):
        """# V9: moved or archived: token and signature of old mails are dead."""
        for change in (
            {"parent_id": self.globex.id},
            {"active": False},
        ):
            with self.subTest(change=change):
                contact = self.make_contact(
                    self.acme, "Dora", email="dora@acme.example"
                )
                ticket = self.make_ticket(contact, name="zebra-dora")
                token = ticket._portal_ensure_token()
                signature = ticket._sign_token(contact.id)
                contact.write(change)
                self.env.flush_all()
                self.sign_in("public")
                page = self.get(f"/my/tickets/{ticket.id}?access_token={token}")
                self.assertNotIn("zebra-dora", page)
                thread = {
                    "thread_model": TICKET,
                    "thread_id": ticket.id,
                    "hash": signature,
                    "pid": contact.id,
                }
                self.assertNotIn(
                    "hasReadAccess", self.rpc("/portal/chatter_init", thread)
                )

    def test_a_leaver_s_login_is_cut_off_at_once(self):
        """# V9: also while signed in; the rule's cached domain must not live on."""
        self.add_contact("fay", self.acme)
        ticket = self.make_ticket(self.fay, name="zebra-fay")
        self.sign_in("fay")
        self.assertIn("zebra-fay", self.get(f"/my/tickets/{ticket.id}"))
        self.move_contact(self.fay, self.globex)
        self.assertNotIn("zebra-fay", self.get(f"/my/tickets/{ticket.id}"))
        self.assertNotIn("zebra-fay", self.get("/my/tickets"))
        self.assertNotIn(self.fay, ticket.message_partner_ids, "no mails either")
        # and what was private before the first company stays the person's own
        self.add_contact("gil", self.make_plain_partner("No company"))
        self.gil.parent_id = False
        private = self.make_ticket(self.gil, name="zebra-gil")
        self.move_contact(self.gil, self.acme)
        self.sign_in("gil")
        self.assertIn("zebra-gil", self.get(f"/my/tickets/{private.id}"))

    # ------------------------------------------------------------
    # CHANGING
    # ------------------------------------------------------------

    def fingerprint(self, ticket):
        self.env.invalidate_all()
        return (
            ticket.state,
            ticket.name,
            ticket.satisfaction_score,
            ticket.message_ids.ids,
            ticket.message_follower_ids.ids,
            self.env["rating.rating"].search_count([("res_id", "=", ticket.id)]),
        )

    def change_doors(self, target):
        ticket, number = target["ticket"], target["ticket"].id
        thread = {"thread_model": TICKET, "thread_id": number}
        message = target["messages"][:1].id
        call, rpc = self.call, self.rpc
        post = {"body": "intruder", "message_type": "comment"}
        return {
            "close": lambda: self.post_form(f"/my/tickets/{number}/close"),
            "reopen": lambda: self.post_form(f"/my/tickets/{number}/reopen"),
            "rate": lambda: self.post_form(f"/my/tickets/{number}/rate", score=5),
            "close by link": lambda: self.get(f"/my/tickets/{number}/close"),
            "post": lambda: rpc("/mail/message/post", {**thread, "post_data": post}),
            "message_post": lambda: call(TICKET, "message_post", [number], body="x"),
            "edit": lambda: rpc(
                "/mail/message/update_content",
                {"message_id": message, "update_data": {"body": "intruder"}},
            ),
            "subscribe": lambda: call(
                TICKET, "message_subscribe", [number], [self.carl.id]
            ),
            "write": lambda: call(TICKET, "write", [number], {"name": "intruder"}),
            "score": lambda: call(TICKET, "write", [number], {"satisfaction_score": 5}),
            "rating_apply": lambda: call(TICKET, "rating_apply", [number], 5),
            "unlink": lambda: call(TICKET, "unlink", [number]),
            "upload": lambda: self.upload(ticket),
        }

    def post_form(self, url, **values):
        self.get("/my/tickets")
        values["csrf_token"] = self.csrf_token()
        return self.url_open(url, data=values).text

    def upload(self, ticket):
        return self.url_open(
            "/mail/attachment/upload",
            data={
                "thread_model": TICKET,
                "thread_id": ticket.id,
                "csrf_token": self.csrf_token(),
            },
            files={"ufile": ("a.txt", b"intruder", "text/plain")},
        ).text

    def test_nobody_changes_what_he_does_not_see(self):
        """# V9: close, reopen, rate, answer, attach, edit, and RPC besides."""
        target = self.targets["anna_ticket"]
        before = self.fingerprint(target["ticket"])
        files = self.env["ir.attachment"].search_count([])
        for who in ("ben", "carl", "eva", "public"):
            self.sign_in(who)
            for name, door in self.change_doors(target).items():
                with self.subTest(who=who, door=name):
                    door()
                    self.assertEqual(self.fingerprint(target["ticket"]), before)
        self.assertEqual(self.env["ir.attachment"].search_count([]), files)

    def test_a_link_that_is_only_opened_closes_nothing(self):
        """# V9: closing takes a form, from the owner as well (GET is no gesture)."""
        ticket = self.targets["anna_ticket"]["ticket"]
        self.sign_in("anna")
        for move in ("close", "reopen", "rate"):
            self.get(f"/my/tickets/{ticket.id}/{move}?score=5")
        self.env.invalidate_all()
        self.assertNotEqual(ticket.state, "closed")

    def test_the_owner_cannot_rate_by_a_message(self):
        """# V6 V9: nor by RPC: a score takes the question."""
        ticket = self.targets["anna_ticket"]["ticket"]
        thread = {"thread_model": TICKET, "thread_id": ticket.id}
        self.sign_in("anna")
        self.rpc(
            "/mail/message/post",
            {**thread, "post_data": {"body": "Best!", "rating_value": 5}},
        )
        self.call(TICKET, "write", [ticket.id], {"satisfaction_score": 5})
        self.call(TICKET, "rating_apply", [ticket.id], 5)
        self.env.invalidate_all()
        self.assertEqual(ticket.satisfaction_score, 0)
        self.assertFalse(self.env["rating.rating"].search([("res_id", "=", ticket.id)]))
