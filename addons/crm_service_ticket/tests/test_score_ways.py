"""# V6: every way of the installed modules on which a score could come about without
the customer's answer, by introspection, so that one of tomorrow is tried as well."""

import inspect
import json
import re
import threading

from odoo import fields, http
from odoo.models import BaseModel
from odoo.service.model import get_public_method
from odoo.tests import HttpCase, tagged
from odoo.tools import SQL, mute_logger

from .front_common import TICKET
from .test_secrets import SecretsCase

# words by which a route is one that may score
SCORING = re.compile(r"\b(rate|ratings?|scores?|satisfaction|surveys?|feedback)\b")
GUESSES = ("False", "None", "0", "set-when-sent", "x" * 22)
VALUES = {
    "rate": 5,
    "rating": 5,
    "rating_value": 5,
    "score": 5,
    "satisfaction_score": 5,
    "feedback": "Splendid",
    "comment": "Splendid",
    "consumed": True,
    "state": "answered",
}


class ScoresCase(SecretsCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        now = fields.Datetime.now()
        # one that waits for its answer, and one that has a bad one
        cls.survey._send(now)
        cls.scored = cls.make_survey(cls.anna)
        cls.scored._answer(1, "Bad", now)
        cls.rating = cls.scored.rating_id
        cls.both = cls.ticket | cls.scored.ticket_id
        cls.env.flush_all()

    def scores(self):
        """Who gave what to whom, as the database has it."""
        self.env.flush_all()
        ids = list(self.both.ids)
        return self.env.execute_query(
            SQL(
                """
                SELECT ticket.id, ticket.satisfaction_score,
                       ticket.satisfaction_comment, survey.state = 'answered',
                       survey.score, survey.user_id, survey.partner_id
                  FROM crm_service_ticket ticket
                  JOIN crm_service_survey survey ON survey.ticket_id = ticket.id
                 WHERE ticket.id = ANY(%(ids)s) ORDER BY ticket.id
                """,
                ids=ids,
            )
        ) + self.env.execute_query(
            SQL(
                """
                SELECT id, res_id, rating, feedback, consumed, rated_partner_id,
                       partner_id, message_id, rated_on
                  FROM rating_rating
                 WHERE (res_model = %(model)s AND res_id = ANY(%(ids)s)) OR id = %(id)s
                 ORDER BY id
                """,
                model=TICKET,
                ids=ids,
                id=self.rating.id,
            )
        )

    def try_call(self, act):
        """Do it, look at the scores, and take it back; who is refused, is refused in
        whatever way.

        :return: the scores afterwards
        """
        found = []
        try:
            with self.env.cr.savepoint():
                act()
                found.append(self.scores())
                raise RollBack
        except Exception:  # noqa: BLE001, S110 - any refusal will do
            pass
        self.env.invalidate_all()
        return found[0] if found else None


class RollBack(Exception):
    pass


@tagged("post_install", "-at_install")
class TestScoreMethods(ScoresCase):
    def ways(self, env):
        """Pairs (name, call): each public method of what a score is made of, with what
        might be taken for one."""
        records = (
            self.both,
            self.both.survey_ids,
            self.rating,
            self.rating.message_id,
            self.both.message_ids[:1],
        )
        given = (
            ((), {}),
            ((5,), {}),
            ((VALUES,), {}),
            (([VALUES],), {}),
            ((5,), {"rating": self.rating.with_env(env), "feedback": "Splendid"}),
            ((), {"body": "x", "rating_value": 5, "rating_id": self.rating.id}),
        )
        for own in records:
            own = own.with_env(env)
            for name, method in inspect.getmembers(type(own), inspect.isfunction):
                if hasattr(BaseModel, name) or not is_public(own, name):
                    continue
                for args, kwargs in given:
                    for one in own:
                        label = f"{own._name}.{name}{args}{list(kwargs)}"
                        yield (
                            label,
                            lambda m=method, o=one, a=args, k=kwargs: m(o, *a, **k),
                        )

    def writes(self, env):
        """Pairs (name, call): what Odoo itself offers for every model."""
        ticket, survey = self.both[1].with_env(env), self.scored.with_env(env)
        rating = self.rating.with_env(env)
        message = self.rating.message_id.with_env(env)
        other = self.service_manager.partner_id.id
        model_id = self.env["ir.model"]._get_id(TICKET)
        scored = {"satisfaction_score": 5, "satisfaction_comment": "Splendid"}
        answered = {"score": 5, "state": "answered"}
        for name, value in scored.items():
            yield f"write {name}", lambda n=name, v=value: ticket.write({n: v})
            yield f"save {name}", lambda n=name, v=value: ticket.web_save({n: v}, {})
        for commands in ([(1, survey.id, answered)], [(2, survey.id)], [(5,)]):
            yield (
                f"lines {commands}",
                lambda c=commands: ticket.write({"survey_ids": c}),
            )
        for commands in ([(1, rating.id, {"rating": 5})], [(2, rating.id)], [(5,)]):
            yield (
                f"ratings {commands}",
                lambda c=commands: ticket.write({"rating_ids": c}),
            )
        for values in (
            answered,
            {"user_id": self.service_manager.id},
            {"ticket_id": self.both[0].id},
        ):
            yield f"survey {values}", lambda v=values: survey.write(v)
        for values in (
            {"rating": 5},
            {"feedback": "Splendid"},
            {"consumed": False},
            {"rated_partner_id": other},
            {"partner_id": other},
            {"res_id": self.both[0].id},
            {"res_model_id": self.env["ir.model"]._get_id("res.partner")},
            {"message_id": False},
            {"rated_on": "2020-01-01"},
            {"parent_res_id": 1},
            {"is_internal": True},
        ):
            yield f"rating {values}", lambda v=values: rating.write(v)
        yield (
            "new rating",
            lambda: rating.create(
                {"res_model_id": model_id, "res_id": ticket.id, "rating": 5}
            ),
        )
        yield "copied rating", rating.copy
        yield (
            "imported rating",
            lambda: rating.load([".id", "rating"], [[str(rating.id), "5"]]),
        )
        yield "no rating", rating.unlink
        yield "no survey", survey.unlink
        yield "no message", message.unlink
        yield "other message", lambda: message.write({"body": "Splendid"})
        yield "moved message", lambda: message.write({"res_id": self.both[0].id})

    def assertNoWay(self, name, ways):
        before, tried = self.scores(), 0
        with self.calling_as(self.roles[name]) as env:
            for label, act in ways(env):
                after = self.try_call(act)
                tried += 1
                with self.subTest(user=name, way=label):
                    self.assertIn(after, (None, before))
        return tried

    @mute_logger(
        "odoo.sql_db",
        "odoo.addons.mail.models.mail_mail",
        "odoo.addons.mail.models.mail_thread",
    )
    def test_no_method_makes_a_score(self):
        """# V6: called from outside, with whatever."""
        for name in ("agent", "service_manager"):
            self.assertGreater(self.assertNoWay(name, self.ways), 300)

    @mute_logger("odoo.sql_db")
    def test_nobody_writes_a_score(self):
        """# V6: of the question, the ticket, Odoo's rating, or the message it is in;
        neither what it is, nor whose, nor whether there is one."""
        for name in ("agent", "service_manager", "rep"):
            self.assertGreater(self.assertNoWay(name, self.writes), 25)


def is_public(records, name):
    try:
        get_public_method(records, name)
    except Exception:  # noqa: BLE001 - not to be called from outside
        return False
    return True


@tagged("post_install", "-at_install")
class TestScorePages(HttpCase, ScoresCase):
    PEOPLE = ("agent", "service_manager", "ben", "carl", None)

    def sign_in(self, who):
        user = self.logins.get(who) or self.roles.get(who)
        if user:
            user.password = user.login
            self.env.flush_all()
            self.authenticate(user.login, user.login)
        else:
            self.authenticate(None, None)

    def scoring_routes(self):
        """Odoo's rules of all installed modules that may be about scores."""
        # the map is kept by the database that a worker serves
        thread = threading.current_thread()
        thread.dbname = self.env.cr.dbname
        self.addCleanup(delattr, thread, "dbname")
        rules = self.env["ir.http"].routing_map().iter_rules()
        return sorted(
            (rule for rule in rules if SCORING.search(rule.rule)),
            key=lambda rule: rule.rule,
        )

    def addresses(self, rule):
        """The route with each guess in the place of what it asks for."""
        for guess in GUESSES:
            for ticket in self.both:
                yield re.sub(
                    r"<(\w+)(?:\([^)]*\))?:(\w+)>",
                    lambda found, guess=guess, ticket=ticket: str(
                        guess
                        if found[1] == "string"
                        else 5
                        if found[2] == "rate"
                        else ticket.id
                    ),
                    rule.rule,
                )

    def ask(self, rule, url, guess):
        values = {
            **VALUES,
            "access_token": guess,
            "ticket_id": self.ticket.id,
            "thread_model": TICKET,
            "thread_id": self.ticket.id,
            "rating_id": self.rating.id,
            "channel_id": 0,
            "reason": "x",
        }
        if rule.endpoint.routing["type"] == "http":
            self.url_open(url, params=values, allow_redirects=False)
            values["csrf_token"] = http.Request.csrf_token(self)
            return self.url_open(url, data=values, allow_redirects=False)
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": values})
        headers = {"Content-Type": "application/json"}
        return self.url_open(url, data=body, headers=headers)

    @mute_logger("odoo.http")
    def test_no_route_makes_a_score(self):
        """# V6: agent, manager, the customer's colleague, another customer, nobody."""
        rules = self.scoring_routes()
        self.assertGreaterEqual(
            {rule.rule for rule in rules},
            {
                "/my/tickets/<int:ticket_id>/rate",
                "/rate/<string:token>/<int:rate>",
                "/rate/<string:token>/submit_feedback",
                "/service/rate/<string:token>",
                "/website/rating/comment",
            },
        )
        before = self.scores()
        for who in self.PEOPLE:
            self.sign_in(who)
            for rule in rules:
                for url in sorted(set(self.addresses(rule))):
                    self.ask(rule, url, GUESSES[-1])
                    with self.subTest(who=who, url=url):
                        self.env.invalidate_all()
                        self.assertEqual(self.scores(), before)

    def test_no_word_in_the_conversation_makes_a_score(self):
        """# V6: Odoo's own message, with a value beside it."""
        before = self.scores()
        for who in ("agent", "anna", "ben", None):
            self.sign_in(who)
            post_data = {"body": "x", "rating_value": 5, "rating_id": self.rating.id}
            with mute_logger("odoo.http"):
                self.make_jsonrpc_request_quietly(
                    "/mail/message/post",
                    {
                        "thread_model": TICKET,
                        "thread_id": self.both[1].id,
                        "post_data": post_data,
                    },
                )
            with self.subTest(who):
                self.env.invalidate_all()
                self.assertEqual(self.scores(), before)

    def make_jsonrpc_request_quietly(self, url, params):
        body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": params})
        return self.url_open(
            url, data=body, headers={"Content-Type": "application/json"}
        )

    def test_who_only_looks_at_the_link_gives_no_score(self):
        """# V6: scanners of mails and previews of phones open what they find."""
        before = self.scores()
        self.assertTrue(self.both.survey_ids)
        for survey in self.both.survey_ids:
            url = f"/service/rate/{survey.token}?score=5"
            self.assertEqual(self.url_open(url).status_code, 200)
            self.assertEqual(self.opener.head(self.base_url() + url).status_code, 200)
            self.assertEqual(self.scores(), before)
