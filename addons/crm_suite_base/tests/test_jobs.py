from datetime import timedelta
from unittest.mock import patch

import psycopg2

from odoo import SUPERUSER_ID, api, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from odoo.addons.base.tests.common import BaseCommon
from odoo.addons.mail.tests.common import mail_new_test_user

from ..models.crm_job import Step

KEY = "test.work"


@tagged("post_install", "-at_install")
class TestJobs(BaseCommon):
    """# B7: a batch, halves, one by one; who failed is set aside and somebody told."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.partners = cls.env["res.partner"].create(
            [{"name": f"Job {number:02}"} for number in range(20)]
        )
        cls.bad = cls.partners[7]
        cls.responsible = mail_new_test_user(
            cls.env, "job_person", "base.group_user", notification_type="inbox"
        )
        cls.problems = cls.env["crm.job.problem"]

    def work(self, batch):
        if self.bad & batch:
            # half done when it fails
            batch[0].ref = "half"
            raise UserError(self.env._("%s cannot be done", self.bad.name))
        batch.ref = "done"

    def step(self, work=None, **values):
        domain = [("id", "in", self.partners.ids), ("ref", "!=", "done")]
        return Step(KEY, self.env["res.partner"], domain, work or self.work, **values)

    def run_steps(self, *steps):
        return self.env["crm.job"]._work_off(*(steps or [self.step()]))

    def mine(self):
        return self.problems.search([("key", "=", KEY)])

    def test_one_bad_one_stops_nobody(self):
        """19 of 20 are done, and nothing is left of the attempts."""
        self.run_steps(self.step(size=8))
        self.assertEqual(len(self.partners.filtered(lambda p: p.ref == "done")), 19)
        self.assertFalse(self.bad.ref)
        self.assertEqual(self.mine().res_id, self.bad.id)
        self.assertEqual(self.mine().reason, f"{self.bad.name} cannot be done")

    def told(self, user):
        return self.env["mail.message"].search(
            [("notified_partner_ids", "in", user.partner_id.ids)]
        )

    def test_its_person_is_told_once(self):
        step = self.step(person=lambda partner: self.responsible)
        self.run_steps(step)
        self.assertEqual(len(self.told(self.responsible)), 1)
        self.assertIn(self.bad.name, self.told(self.responsible).body)
        self.mine().retry_at = fields.Datetime.now()
        self.run_steps(step)
        self.assertEqual(self.mine().tries, 2)
        self.assertEqual(len(self.told(self.responsible)), 1)

    def test_without_a_person_the_administrators_are_told(self):
        admin = self.env.ref("base.user_admin")
        before = self.told(admin)
        self.run_steps()
        self.assertEqual(len(self.told(admin) - before), 1)

    def test_who_may_not_read_the_record_is_not_told_of_it(self):
        """The text would tell of a record that is hidden."""
        secret = self.env["ir.config_parameter"].create({"key": "a", "value": "b"})

        def work(batch):
            raise UserError("no")  # pylint: disable=translation-required

        step = Step(
            KEY,
            secret.browse(),
            [("id", "=", secret.id)],
            work,
            person=lambda record: self.responsible,
        )
        self.run_steps(step)
        self.assertFalse(self.told(self.responsible))
        self.assertFalse(self.mine().user_id)

    def test_it_is_tried_again_later_and_forgotten_when_it_succeeds(self):
        self.run_steps()
        self.assertGreater(self.mine().retry_at, fields.Datetime.now())
        calls = []
        self.run_steps(self.step(work=calls.append))
        self.assertFalse(calls, "its time has not come")
        self.mine().retry_at = fields.Datetime.now() - timedelta(minutes=1)
        self.run_steps(self.step(work=lambda batch: batch.write({"ref": "done"})))
        self.assertEqual(self.bad.ref, "done")
        self.assertFalse(self.mine())

    def test_after_many_failures_only_a_person_has_it_tried(self):
        for _number in range(12):
            self.mine().retry_at = fields.Datetime.now()
            self.run_steps()
            if not self.mine().retry_at:
                break
        self.assertFalse(self.mine().retry_at)
        tries = self.mine().tries
        self.run_steps()
        self.assertEqual(self.mine().tries, tries)
        self.mine().action_retry()
        self.run_steps()
        self.assertEqual(self.mine().tries, 1)

    def test_problems_of_others_are_not_seen(self):
        """# G1"""
        self.run_steps()
        own = self.problems.with_user(self.responsible)
        self.assertFalse(own.search([("key", "=", KEY)]))
        with self.assertRaises(AccessError):
            self.mine().with_user(self.responsible).action_retry()

    def test_a_database_error_of_one_stops_nobody(self):
        """A constraint, not only an exception of ours."""

        def work(batch):
            batch.write({"ref": "done"})
            if self.bad & batch:
                batch.env.cr.execute("SELECT 1 / 0")

        with mute_logger("odoo.sql_db"):
            self.run_steps(self.step(work=work))
        self.assertEqual(len(self.partners.filtered(lambda p: p.ref == "done")), 19)
        self.assertEqual(len(self.mine()), 1)

    def test_what_fails_leaves_nothing_for_after_the_commit(self):
        """A mail of a record that was rolled back would be sent."""

        def work(batch):
            if self.bad & batch:
                batch.env.cr.postcommit.add(self.fail)
                raise ValueError
            batch.write({"ref": "done"})

        self.run_steps(self.step(work=work))
        self.env.cr.postcommit.run()

    def test_a_lost_connection_is_no_records_fault(self):
        def work(batch):
            raise psycopg2.OperationalError

        with self.assertRaises(psycopg2.OperationalError):
            self.run_steps(self.step(work=work))
        self.assertFalse(self.mine())

    def test_a_client_cannot_say_that_it_is_a_job(self):
        """# A5: Odoo's keys in the context are anybody's; code that runs as the system
        has them too. It would commit in the middle, and note problems for a job."""
        said = {"ir_cron_progress_id": 1, "cron_id": 1, "crm_job_running": True}
        step = self.step()
        step = step._replace(model=step.model.with_context(**said))
        with patch("odoo.addons.base.models.ir_cron.IrCron._commit_progress") as commit:
            job = self.env["crm.job"].with_user(SUPERUSER_ID).with_context(**said)
            job._work_off(step)
        commit.assert_not_called()
        self.assertTrue(self.mine())
        self.assertFalse(self.mine().cron_id)

    def test_those_that_are_not_finished_are_taken_up_in_the_same_run(self):
        rounds = []

        def work(batch):
            rounds.append(len(batch))
            batch[:5].ref = "done"
            return batch[5:]

        self.assertEqual(self.run_steps(self.step(work=work)), 20)
        self.assertEqual(rounds, [20, 15, 10, 5])


@tagged("post_install", "-at_install")
class TestJobsScheduled(TestJobs):
    """The same inside of a scheduled job, with its commits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cron = cls.env["ir.cron"].create(
            {
                "name": "Try",
                "model_id": cls.env["ir.model"]._get_id("crm.job"),
                "state": "code",
                "code": "",
                "interval_number": 1,
                "interval_type": "days",
            }
        )

    def run_steps(self, *steps):
        cron_id = self.cron.id
        self.env.flush_all()
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            env = api.Environment(cr, SUPERUSER_ID, {"cron_id": cron_id})
            own, _progress = env["ir.cron"].browse(cron_id)._add_progress()
            done = own.env["crm.job"]._work_off(*self.bind(steps, own.env))
        self.env.invalidate_all()
        return done

    def bind(self, steps, env):
        steps = steps or [self.step()]
        return [step._replace(model=step.model.with_env(env)) for step in steps]

    def test_what_is_set_aside_says_which_job_it_was(self):
        self.run_steps()
        self.assertEqual(self.mine().cron_id, self.cron)

    def test_a_lost_transaction_is_taken_up_at_once(self):
        """# B8: somebody changed the same records; nobody is blamed."""
        lost = iter([True, True, False])

        def work(batch):
            if next(lost, False):
                raise psycopg2.errors.SerializationFailure
            batch.write({"ref": "done"})

        with patch("time.sleep"):
            self.run_steps(self.step(work=work))
        self.assertEqual(set(self.partners.mapped("ref")), {"done"})
        self.assertFalse(self.mine())

    def test_what_meets_people_time_and_again_is_left_to_the_next_run(self):
        """# B8: and nobody else waits for it."""

        def work(batch):
            if self.bad & batch:
                raise psycopg2.errors.SerializationFailure
            batch.write({"ref": "done"})

        with patch("time.sleep"):
            self.run_steps(self.step(work=work))
        self.assertEqual(len(self.partners.filtered(lambda p: p.ref == "done")), 19)
        self.assertFalse(self.mine())
        self.assertEqual(
            self.env["ir.cron.progress"].search([], limit=1, order="id desc").remaining,
            1,
        )

    def test_those_not_reached_come_first_next_time(self):
        """# B7: the first of many that nobody can help do not starve the last."""
        seen = []

        def work(batch):
            seen.append(batch.ids)

        step = self.step(work=work, size=5, stays=True)
        Run = "odoo.addons.crm_suite_base.models.crm_job._Run"
        with patch(f"{Run}.has_time", lambda run: len(seen) % 2 == 0):
            self.run_steps(step)
            seen.append("next run")
            self.run_steps(step)
        self.assertEqual(seen[0], self.partners[:5].ids)
        self.assertEqual(seen[2], self.partners[5:10].ids)
