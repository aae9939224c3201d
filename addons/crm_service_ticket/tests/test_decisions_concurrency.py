"""# V7 V8 V9: two people decide about the same tickets at the same moment, on two real
connections with real commits; one after the other, and the second sees the first."""

import threading
import time
from contextlib import contextmanager
from datetime import timedelta
from unittest.mock import patch

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import retrying
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger

from odoo.addons.crm_service_ticket.models.several import Answer, PutAside

ROUNDS = 20
NAME = "Decided twice"
AGENTS = ("decides_one", "decides_two", "decides_three")


class TwoAtOnce(BaseCase):
    """Runs pairs of actions at once and cleans up after them."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.remove()
        self.addCleanup(self.remove)
        with self.env() as env:
            group = env.ref("crm_customer_center.group_service_manager")
            users = env["res.users"].with_context(no_reset_password=True)
            for login in AGENTS:
                values = {"login": login, "name": login, "group_ids": group.ids}
                users.create({**values, "email": f"{login}@hengce.example"})
        # a lost try waits up to some seconds; not in a test
        quick = patch("odoo.service.model.random.uniform", return_value=0.02)
        quick.start()
        self.addCleanup(quick.stop)

    @contextmanager
    def env(self, login=None):
        with self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {})
            if login:
                user = env["res.users"].search([("login", "=", login)])
                env = env(user=user.id, su=False)
            yield env

    def remove(self):
        with self.env() as env:
            context = {"active_test": False}
            tickets = env["crm.service.ticket"].with_context(**context)
            tickets.search([("name", "=like", f"{NAME}%")]).unlink()
            env["crm.service.form.counter"].search([]).unlink()
            users = env["res.users"].with_context(**context)
            users = users.search([("login", "in", AGENTS)])
            partners = users.partner_id
            users.unlink()
            partners.unlink()

    def make(self, count):
        """Ids of new tickets in which a customer waits for an answer."""
        with self.env() as env:
            tickets = env["crm.service.ticket"].create(
                [{"name": f"{NAME} {n}", "channel": "email"} for n in range(count)]
            )
            for ticket in tickets:
                ticket.message_post(
                    body=f"Word {ticket.id}",
                    message_type="email",
                    subtype_xmlid="mail.mt_comment",
                    email_from="li@ruida.example",
                    author_id=False,
                )
            return tickets.ids

    def together(self, *actions):
        """Do all at once, each as another person with a connection of his own, as the
        server does: a lost transaction is taken up again.

        :return: what each one raised, in order; None for those that went through
        """
        begun = threading.Barrier(len(actions))
        told = [None] * len(actions)

        def run(place, login, action):
            with self.env(login) as env:
                tries = []

                def attempt():
                    env.cr.execute("SELECT 1")  # what it sees is of now
                    if not tries:
                        begun.wait(timeout=30)
                    tries.append(True)
                    action(env)

                try:
                    retrying(attempt, env)
                    env.cr.commit()
                except UserError as error:
                    env.cr.rollback()
                    told[place] = str(error)
                except Exception as error:  # noqa: BLE001 - told by the main thread
                    env.cr.rollback()
                    told[place] = error

        threads = [
            threading.Thread(target=run, args=(place, AGENTS[place], action))
            for place, action in enumerate(actions)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(timeout=60)
        for error in told:
            self.assertNotIsInstance(error, Exception)
        return told

    @contextmanager
    def slow_checks(self):
        """Time passes between looking and writing."""
        merges = self.registry["crm.service.merge"]
        check = merges._check_mergeable

        def slowly(records, *args):
            result = check(records, *args)
            time.sleep(0.05)
            return result

        with patch.object(merges, "_check_mergeable", slowly):
            yield

    def merge(self, source, target):
        def action(env):
            tickets = env["crm.service.ticket"]
            wizard = env["crm.service.merge.wizard"].create(
                {"ticket_ids": [(6, 0, [source])], "target_id": target}
            )
            self.assertTrue(tickets.browse([source, target]).exists())
            wizard.action_merge()

        return action


@tagged("post_install", "-at_install")
class TestDecisionsAtOnce(TwoAtOnce):
    def test_two_tickets_are_not_merged_into_each_other(self):
        """# V8: x into y while y goes into x: one is done, the other is told."""
        for turn in range(ROUNDS):
            x, y = self.make(2)
            pair = (self.merge(x, y), self.merge(y, x))
            with self.slow_checks():
                told = self.together(*(pair if turn % 2 else reversed(pair)))
            self.assertEqual(told.count(None), 1, told)
            self.assertIn("was merged into", next(filter(None, told)))
            with self.env() as env:
                tickets = env["crm.service.ticket"].browse([x, y])
                [gone] = tickets.filtered("merged_into_id")
                stays = tickets - gone
                self.assertEqual(gone.merged_into_id, stays)
                self.assertTrue(stays.awaiting_answer)
                self.assertNotEqual(stays.state, "closed")
                bodies = "".join(stays.message_ids.mapped("body"))
                self.assertIn(f"Word {gone.id}", bodies)
                gone.action_undo_merge()
                self.assertTrue(gone.awaiting_answer)

    def test_a_question_never_ends_in_a_closed_ticket(self):
        """# V8: a into b while b goes into c: it goes on to c, whoever was first."""
        for turn in range(ROUNDS):
            a, b, c = self.make(3)
            pair = (self.merge(a, b), self.merge(b, c))
            with self.slow_checks():
                told = self.together(*(pair if turn % 2 else reversed(pair)))
            self.assertEqual(told, [None, None])
            with self.env() as env:
                tickets = env["crm.service.ticket"].browse([a, b, c])
                last = tickets[2]
                self.assertEqual({t._living() for t in tickets}, {last})
                self.assertTrue(last.awaiting_answer)
                bodies = "".join(last.message_ids.mapped("body"))
                for ticket in tickets:
                    self.assertIn(f"Word {ticket.id}", bodies)

    def test_a_merge_is_taken_back_once(self):
        """# V8: by two at once; and not while its target goes further."""
        for turn in range(ROUNDS):
            a, b, c = self.make(3)
            with self.env() as env:
                self.merge(a, b)(env)

            def undo(env, a=a):
                env["crm.service.ticket"].browse(a).action_undo_merge()

            second = undo if turn % 2 else self.merge(b, c)
            told = self.together(undo, second)
            if turn % 2:
                self.assertEqual(told.count(None), 1, told)
                self.assertIn("not merged", next(filter(None, told)))
            elif told[0]:
                self.assertIn("merged further", told[0])
            with self.env() as env:
                living = env["crm.service.ticket"].browse(a)._living()
                self.assertTrue(living.awaiting_answer)
                self.assertNotEqual(living.state, "closed")
                bodies = "".join(living.message_ids.mapped("body"))
                self.assertIn(f"Word {a}", bodies)

    def test_a_mail_is_moved_once_and_never_into_a_closed_ticket(self):
        """# V8: to two tickets at once, split and moved, moved while the target goes
        into another."""
        for turn in range(ROUNDS):
            a, b, c = self.make(3)

            def move(target, name=None, a=a):
                def action(env):
                    # all but a mail's first words, which would be a merge
                    ticket = env["crm.service.ticket"].browse(a)
                    values = {"ticket_id": a, "target_id": target}
                    if name:
                        values.update(to_new=True, name=name)
                    wizard = env["crm.service.move.wizard"].create(values)
                    wizard.message_ids = ticket.message_ids.filtered(
                        lambda m: "Word" in (m.body or "")
                    )
                    wizard.action_move()

                return action

            pairs = [
                (move(b), move(c)),
                (move(b, name=f"{NAME} split"), move(c)),
                (move(b), self.merge(b, c)),
            ]
            told = self.together(*pairs[turn % 3])
            with self.env() as env:
                words = env["mail.message"].search([("body", "ilike", f"Word {a}")])
                self.assertEqual(len(words), 1)
                there = env["crm.service.ticket"].browse(words.res_id)
                self.assertNotEqual(there.state, "closed", told)
                self.assertTrue(there.awaiting_answer)
            self.assertIn(None, told)

    def test_a_ticket_is_taken_by_one(self):
        """# V7: the second is asked, and hears who has it."""

        def take(ticket):
            def action(env):
                question = env["crm.service.ticket"].browse(ticket).action_take()
                if question:
                    wizards = env[question["res_model"]]
                    wizard = wizards.with_context(**question["context"]).create({})
                    raise UserError(wizard.holders)

            return action

        for _turn in range(ROUNDS):
            [ticket] = self.make(1)
            told = self.together(take(ticket), take(ticket))
            self.assertEqual(told.count(None), 1, told)
            winner = AGENTS[told.index(None)]
            self.assertIn(winner, next(filter(None, told)))
            with self.env() as env:
                found = env["crm.service.ticket"].browse(ticket)
                self.assertEqual(found.user_id.login, winner)

    def test_a_ticket_is_taken_over_by_one(self):
        """# V7: two are asked about the same colleague and both say yes: the second
        hears who was quicker."""

        def take_over(wizard):
            def action(env):
                env["crm.service.take.wizard"].browse(wizard).action_take_over()

            return action

        for _turn in range(ROUNDS):
            [ticket] = self.make(1)
            wizards = []
            with self.env() as env:
                third = env["res.users"].search([("login", "=", AGENTS[2])])
                env["crm.service.ticket"].browse(ticket).user_id = third
            for login in AGENTS[:2]:
                with self.env(login) as env:
                    values = {"ticket_ids": [(6, 0, [ticket])]}
                    wizards += env["crm.service.take.wizard"].create(values).ids
            told = self.together(*map(take_over, wizards))
            self.assertEqual(told.count(None), 1, told)
            winner = AGENTS[told.index(None)]
            self.assertIn(winner, next(filter(None, told)))
            with self.env() as env:
                found = env["crm.service.ticket"].browse(ticket)
                self.assertEqual(found.user_id.login, winner)
                self.assertEqual(found.handover_ids.from_user_id.login, AGENTS[2])

    def test_an_agent_is_chosen_by_one(self):
        """# V7: two people choose another agent at once: the second hears who has it;
        when both mean the same one, both are done."""

        def choose(ticket, login):
            def action(env):
                user = env["res.users"].search([("login", "=", login)])
                tickets = env["crm.service.ticket"]
                tickets.browse(ticket).write({"user_id": user.id})

            return action

        for turn in range(ROUNDS):
            [ticket] = self.make(1)
            chosen = AGENTS[:2] if turn % 4 else (AGENTS[2], AGENTS[2])
            told = self.together(*(choose(ticket, login) for login in chosen))
            with self.env() as env:
                found = env["crm.service.ticket"].browse(ticket).user_id.login
            if turn % 4:
                self.assertEqual(told.count(None), 1, told)
                self.assertEqual(found, chosen[told.index(None)])
                self.assertIn(found, next(filter(None, told)))
            else:
                self.assertEqual((told, found), ([None, None], AGENTS[2]))

    def test_a_ticket_is_handed_over_once(self):
        """# V3: two dialogs were open; the second says who was quicker."""

        def hand_over(ticket, level):
            def action(env):
                wizard = env["crm.service.handover.wizard"].create(
                    {
                        "ticket_ids": [(6, 0, [ticket])],
                        "level": level,
                        "note": "Look",
                        "last_handover": 0,
                    }
                )
                wizard.action_hand_over()

            return action

        for _turn in range(ROUNDS):
            [ticket] = self.make(1)
            told = self.together(
                hand_over(ticket, "technician"), hand_over(ticket, "management")
            )
            self.assertEqual(told.count(None), 1, told)
            self.assertIn("meanwhile", next(filter(None, told)))
            with self.env() as env:
                found = env["crm.service.ticket"].browse(ticket)
                self.assertEqual(len(found.handover_ids), 1)

    def test_closing_and_merging_cross(self):
        """# V8: closed while another is merged into it: the question is open."""

        def close(ticket):
            return lambda env: env["crm.service.ticket"].browse(ticket).action_close()

        for turn in range(ROUNDS):
            a, b = self.make(2)
            pair = (close(b), self.merge(a, b))
            told = self.together(*(pair if turn % 2 else reversed(pair)))
            self.assertEqual(told, [None, None])
            with self.env() as env:
                tickets = env["crm.service.ticket"].browse([a, b])
                self.assertEqual(tickets[0].merged_into_id, tickets[1])
                bodies = "".join(tickets[1].message_ids.mapped("body"))
                self.assertIn(f"Word {a}", bodies)
                self.assertEqual(len(tickets[1].survey_ids), 1)

    def test_an_answer_is_sent_off_or_not_there(self):
        """# V7 V8: sent off while the ticket goes into another: the answer goes along,
        or whoever wrote it is told and nothing was sent."""

        def send_off(ticket):
            def action(env):
                env["crm.service.ticket"].browse(ticket).message_post(
                    body="Our answer",
                    message_type="comment",
                    subtype_xmlid="mail.mt_comment",
                    state_after="waiting",
                )

            return action

        for turn in range(ROUNDS):
            a, b = self.make(2)
            pair = (send_off(a), self.merge(a, b))
            told = self.together(*(pair if turn % 2 else reversed(pair)))
            refused = next(filter(None, told), None)
            with self.env() as env:
                said = env["mail.message"].search_count(
                    [
                        ("model", "=", "crm.service.ticket"),
                        ("res_id", "in", [a, b]),
                        ("body", "ilike", "Our answer"),
                    ]
                )
                self.assertEqual(said, 0 if refused else 1)
                self.assertIn("merged into", refused or "merged into")
                merged = env["crm.service.ticket"].browse(a)
                self.assertEqual(merged.merged_into_id.id, b)
                self.assertEqual(merged.state, "closed")

    def test_several_are_answered_by_one(self):
        """# V7: two have selected the same tickets, each in another order: every
        customer is answered once, and the second hears that it was done."""

        def answer(ids):
            def action(env):
                act = Answer(env, "Our answer", state="resolved")
                tickets = env["crm.service.ticket"].browse(ids)
                env["crm.service.several"]._tell(act, tickets)

            return action

        for _turn in range(ROUNDS):
            ids = self.make(3)
            told = self.together(answer(ids), answer(ids[::-1]))
            self.assertEqual(told.count(None), 1, told)
            self.assertIn("resolved or closed already", next(filter(None, told)))
            with self.env() as env:
                messages = env["mail.message"].search(
                    [
                        ("model", "=", "crm.service.ticket"),
                        ("res_id", "in", ids),
                        ("body", "ilike", "Our answer"),
                    ]
                )
                self.assertEqual(sorted(messages.mapped("res_id")), sorted(ids))

    # a customer's word waits for nobody's turn: who loses is taken up again
    @mute_logger("odoo.sql_db")
    def test_what_is_put_aside_while_the_customer_writes(self):
        """# V7 V8: whoever comes second finds what the first has done; a word of the
        customer's that came after sleeps nowhere."""

        def put_aside(ids):
            def action(env):
                until = fields.Datetime.now() + timedelta(days=1)
                act = PutAside(env, until)
                tickets = env["crm.service.ticket"].browse(ids)
                env["crm.service.several"]._tell(act, tickets)

            return action

        def write(ids):
            def action(env):
                env["crm.service.ticket"].sudo().browse(ids).message_post(
                    body="Any news?",
                    message_type="email",
                    subtype_xmlid="mail.mt_comment",
                    email_from="li@ruida.example",
                    author_id=False,
                )

            return action

        for turn in range(ROUNDS):
            ids = self.make(1)
            pair = (put_aside(ids), write(ids))
            told = self.together(*(pair if turn % 2 else reversed(pair)))
            self.assertEqual(told, [None, None])
            with self.env() as env:
                ticket = env["crm.service.ticket"].browse(ids)
                self.assertTrue(ticket.awaiting_answer)
                # one of the two was the last, whole
                last = ticket.last_message_date.replace(microsecond=0)
                aside = ticket.aside_until and ticket.aside_until - timedelta(days=1)
                self.assertGreaterEqual(aside or last, last - timedelta(seconds=1))

    def test_a_form_sent_three_times_is_one_ticket(self):
        """# V2: three clicks at once, with and without the key of the page."""
        common = dict.fromkeys(("company_name", "partner_name", "partner_phone"), "")
        common |= {"description": "Since today", "ticket_type": "fault"}
        for turn in range(ROUNDS):
            values = {
                **common,
                "name": f"{NAME} form {turn}",
                "partner_email": f"sender{turn}@twice.example",
            }
            key = f"key {turn}" if turn % 2 else ""

            def send(env, values=values, key=key):
                env["crm.service.ticket"].sudo()._ticket_of_form(
                    values, env["ir.attachment"], form_key=key
                )

            self.assertEqual(self.together(send, send, send), [None] * 3)
            with self.env() as env:
                domain = [("name", "=", values["name"])]
                self.assertEqual(env["crm.service.ticket"].search_count(domain), 1)
                partners = env["res.partner"].search(
                    [("email", "=", values["partner_email"])]
                )
                self.assertLessEqual(len(partners), 1)
                partners.unlink()
