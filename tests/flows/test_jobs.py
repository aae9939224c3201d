"""Every scheduled job of the suite under bad luck: one poisoned record, people at work,
a kill between two commits, two at once, midnight in between. Threats B4, B7, B8.

Jobs are found in the database; a new one needs a sample in ``job_samples.py``. They run
on a copy of the database that nobody has analysed, with real connections and commits.
"""

from __future__ import annotations

import os
import signal
import threading
import time
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from unittest.mock import patch

import psycopg2
import pytest
from freezegun import freeze_time
from job_samples import ELSEWHERE, SAMPLES

from odoo import SUPERUSER_ID, api, sql_db
from odoo.modules.registry import Registry
from odoo.tools import config, mute_logger

from odoo.addons.crm_suite_base.models import crm_job

SIZE = 2  # of a batch, so that there are several
KILLS = int(os.environ.get("CRM_SUITE_KILLS", "2"))
RUNS = 5  # in which a job that was disturbed comes to its end
QUIET = (
    "odoo.addons.base.models.ir_cron",
    "odoo.sql_db",
    "odoo.addons.mail.models.mail_mail",
    "odoo.addons.crm_reports.models.crm_report_delivery",
)


@contextmanager
def on_server(database="postgres"):
    connection = psycopg2.connect(dbname=database)
    connection.autocommit = True
    with closing(connection), connection.cursor() as cursor:
        yield cursor


@pytest.fixture(scope="module")
def registry():
    name = f"{os.environ['CRM_SUITE_DATABASE']}_jobs"
    sql_db.close_all()
    with on_server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        cursor.execute(
            f'CREATE DATABASE "{name}" TEMPLATE "{os.environ["CRM_SUITE_TEMPLATE"]}"'
        )
    before, config["test_enable"] = config["test_enable"], False
    registry = Registry(name)
    config["test_enable"] = before
    with registry.cursor() as cr:
        # nothing else happens meanwhile
        cr.execute("UPDATE ir_cron SET active = FALSE")
    yield registry
    Registry.delete(name)
    sql_db.close_all()
    with on_server() as cursor:
        cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@contextmanager
def environment(registry):
    with registry.cursor() as cr:
        yield api.Environment(cr, SUPERUSER_ID, {})


def our_jobs() -> list[str]:
    """Names of the scheduled jobs of the modules that are installed."""
    with on_server(os.environ["CRM_SUITE_DATABASE"]) as cursor:
        cursor.execute(
            "SELECT d.module || '.' || d.name FROM ir_model_data d"
            " JOIN ir_module_module m ON m.name = d.module"
            " WHERE d.model = 'ir.cron' AND m.author = 'CRM Suite founders' ORDER BY 1"
        )
        return [row[0] for row in cursor.fetchall()]


JOBS = our_jobs()


class Trial:
    """A job with a sample of work, on the copy."""

    def __init__(self, registry, name):
        self.registry, self.name = registry, name
        with environment(registry) as env:
            # what former samples left is none of this one's
            env["crm.job.problem"].search([]).unlink()
            self.cron_id = env.ref(name).id
            self.work = SAMPLES[name](env)
            self.table = self.work.records._table
            self.ids = tuple(self.work.records.ids)

    def done(self) -> int:
        with self.registry.cursor() as cr:
            cr.execute(self.work.done)
            return cr.fetchone()[0]

    def run(self):
        """As the scheduler runs it, but for the lock of the job."""
        with self.registry.cursor() as cr:
            cr.execute("SELECT * FROM ir_cron WHERE id = %s", [self.cron_id])
            job = cr.dictfetchone() | {"timed_out_counter": 0}
        return self.registry["ir.cron"]._run_job(job)

    def run_to_its_end(self):
        for _number in range(RUNS):
            if self.run() == "fully done":
                return
        pytest.fail(f"{self.name} never comes to its end")

    def assert_done_once(self):
        assert self.done() == self.work.expected


@pytest.fixture
def trial(registry, request):
    with small_batches(), mute_logger(*QUIET):
        yield Trial(registry, request.param)


@contextmanager
def small_batches(wrap=lambda step: step):
    do = crm_job._Run.do

    def small(run, step):
        return do(run, wrap(step._replace(size=min(SIZE, step.size))))

    with patch.object(crm_job._Run, "do", small), patch.object(crm_job, "PAUSE", 0.005):
        yield


def each_job(function):
    return pytest.mark.parametrize(
        "trial", [name for name in JOBS if name in SAMPLES], indirect=True
    )(function)


def test_every_job_has_a_sample():
    assert JOBS
    assert set(JOBS) <= SAMPLES.keys() | ELSEWHERE.keys()


@each_job
def test_one_poisoned_record_stops_no_other_and_somebody_is_told(trial):
    """B7"""
    poisoned, worked, seen = {}, {}, {}

    def wrap(step):
        work = step.work

        def poison(batch):
            key = step.key, step.model._name
            first = poisoned.setdefault(key, batch.ids[0])
            seen.setdefault(key, set()).update(batch.ids)
            if first in batch.ids:
                raise ZeroDivisionError("poisoned")
            result = work(batch)
            worked.setdefault(key, set()).update(batch.ids)
            return result

        return step._replace(work=poison)

    with small_batches(wrap):
        trial.run_to_its_end()
    for key, ids in seen.items():
        assert ids - {poisoned[key]} <= worked.get(key, set()), key
    with environment(trial.registry) as env:
        problems = env["crm.job.problem"].search([])
        assert {(p.key, p.res_model): p.res_id for p in problems} == poisoned
        assert all(problems.mapped("told_on"))
        problems.action_retry()
    # healed: it is done with the others
    trial.run_to_its_end()
    if seen:
        with environment(trial.registry) as env:
            assert not env["crm.job.problem"].search([])
    trial.assert_done_once()


@each_job
def test_people_at_work_do_not_stop_a_job(trial):
    """B8: the rows the job is about are written by somebody all the time."""
    stop = threading.Event()

    def write():
        with on_server(trial.registry.db_name) as cursor:
            while not stop.is_set():
                for record_id in trial.ids:
                    cursor.execute(
                        f"UPDATE {trial.table} SET write_date = now() WHERE id = %s",
                        [record_id],
                    )
                    time.sleep(0.003)

    person = threading.Thread(target=write)
    person.start()
    try:
        trial.run_to_its_end()
    finally:
        stop.set()
        person.join()
    trial.assert_done_once()


@each_job
def test_two_at_once_do_it_once(trial):
    """B4: the scheduler of a second server, without the lock."""
    workers = [threading.Thread(target=trial.run) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    trial.run_to_its_end()
    trial.assert_done_once()
    trial.run()
    trial.assert_done_once()


def run_and_be_killed(trial, commits):
    """Run the job in a process of its own, killed within the batch after so many
    commits."""
    sql_db.close_all()
    reader, writer = os.pipe()
    child = os.fork()
    if not child:
        try:
            cron = trial.registry["ir.cron"]
            commit = cron._commit_progress

            def slowly(self, *args, **kwargs):
                result = commit(self, *args, **kwargs)
                os.write(writer, b".")
                time.sleep(0.02)
                return result

            with patch.object(cron, "_commit_progress", slowly):
                trial.run()
        finally:
            os._exit(0)
    os.close(writer)
    for _number in range(commits):
        if not os.read(reader, 1):
            break
    time.sleep(0.02 + 0.01 * commits)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    os.close(reader)


@each_job
def test_a_killed_job_goes_on_and_does_nothing_twice(trial):
    """B4: SIGKILL, several times."""
    for commits in range(1, KILLS + 1):
        run_and_be_killed(trial, commits + 1)
    trial.run_to_its_end()
    trial.assert_done_once()


@each_job
def test_midnight_in_the_middle_changes_nothing(trial):
    """B8: interrupted after the first batch, the rest is done on the next day."""
    if trial.work.daily:
        # told of a day, and of the next day anew: nothing is left of the first
        trial.run_to_its_end()
        trial.assert_done_once()
        return
    asked = []

    def has_time(run):
        asked.append(run)
        return len(asked) < 2

    with patch.object(crm_job._Run, "has_time", has_time):
        trial.run()
    with freeze_time(datetime.now() + timedelta(days=1), tick=True):
        trial.run_to_its_end()
    trial.assert_done_once()
