import threading

import psycopg2

from odoo import SUPERUSER_ID, api
from odoo.modules.registry import Registry
from odoo.tests import BaseCase, get_db_name, tagged
from odoo.tools import mute_logger


@tagged("post_install", "-at_install")
class TestFollowupRuleConcurrency(BaseCase):
    """# F2: two workers run the same rule at the same moment, on two real connections
    with real commits."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        with self.env() as env:
            user = env.ref("base.user_admin")
            partners = env["res.partner"].create(
                [
                    {
                        "name": f"Concurrent {number}",
                        "lifecycle_state": "potential",
                        "user_id": user.id,
                    }
                    for number in range(20)
                ]
            )
            rule = env["crm.followup.rule"].create(
                {
                    "name": "Concurrent",
                    "domain": f"[('id', 'in', {partners.ids})]",
                    "days": 1,
                    "remind_days": 1,
                    "activity_type_id": env.ref("mail.mail_activity_data_call").id,
                }
            )
            self.partner_ids, self.rule_id = partners.ids, rule.id
        self.addCleanup(self.remove)

    def env(self):
        return self.Connection(self.registry)

    class Connection:
        """An environment of its own connection, committed at the end."""

        def __init__(self, registry):
            self.cr = registry.cursor()

        def __enter__(self):
            return api.Environment(self.cr, SUPERUSER_ID, {})

        def __exit__(self, kind, value, trace):
            if not kind:
                self.cr.commit()
            self.cr.close()

    def remove(self):
        with self.env() as env:
            env["crm.followup.rule"].browse(self.rule_id).unlink()
            env["mail.activity"].search(
                [("res_model", "=", "res.partner"), ("res_id", "in", self.partner_ids)]
            ).unlink()
            env["res.partner"].browse(self.partner_ids).unlink()

    def test_two_workers_plan_once(self):
        """# F2: both have found all of them due before either has planned one; the
        database stops the second, which starts anew, as Odoo does, and finds
        nothing."""
        found_both, started = threading.Barrier(2), set()
        planned, errors = [], []

        def plan(env):
            rule = env["crm.followup.rule"].browse(self.rule_id)
            today = rule.env.company._today()
            due = env.execute_query(rule._due_query(today, 100))
            if threading.get_ident() not in started:
                started.add(threading.get_ident())
                found_both.wait(timeout=30)
            words = rule._words_by_user(row[1] for row in due)
            tasks = env["crm.followup.task"]._open_tasks(
                [rule._prepare_task(row, today, None, words) for row in due]
            )
            planned.append(len(tasks))

        def work():
            for _attempt in range(2):
                try:
                    with self.env() as env:
                        plan(env)
                    return
                except psycopg2.errors.SerializationFailure:
                    continue
                except psycopg2.Error as error:
                    errors.append(error)
                    return

        with mute_logger("odoo.sql_db"):
            self.in_threads(work, work)
        self.assertFalse(errors)
        self.assertEqual(sorted(planned), [0, 20])
        self.check_stored()

    def test_a_rule_that_is_running_is_left_to_who_runs_it(self):
        """# F2: the second worker does not even wait."""
        with self.env() as env:
            rule = env["crm.followup.rule"].browse(self.rule_id)
            self.assertEqual(rule._run_batch(), 20)
            with self.env() as other:
                same = other["crm.followup.rule"].browse(self.rule_id)
                self.assertEqual(same._run_batch(), 0)
        with self.env() as env:
            rule = env["crm.followup.rule"].browse(self.rule_id)
            self.assertEqual(rule._run_batch(), 0)
        self.check_stored()

    def check_stored(self):
        with self.env() as env:
            tasks = env["crm.followup.task"].search([("rule_id", "=", self.rule_id)])
            activities = env["mail.activity"].search(
                [("res_model", "=", "res.partner"), ("res_id", "in", self.partner_ids)]
            )
            self.assertEqual(len(tasks), 20)
            self.assertEqual(tasks.activity_id, activities)
            self.assertEqual(len(activities), 20)

    def in_threads(self, *functions):
        workers = [threading.Thread(target=function) for function in functions]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join(timeout=60)
