"""Two people at work on two real connections, as two requests are."""

import threading

from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.service.model import PG_CONCURRENCY_EXCEPTIONS_TO_RETRY
from odoo.tests import BaseCase, get_db_name
from odoo.tools import mute_logger

DONE = "done"
TRIES = 8


class AtOnce(BaseCase):
    """``at_once(*acts)`` runs functions of an environment, each in a thread and a
    transaction of its own, which begin together. Rows are really there afterwards:
    what a test made it removes, see ``made``."""

    def setUp(self):
        super().setUp()
        self.registry = Registry(get_db_name())
        self.made = []
        self.addCleanup(self.remove)

    def connect(self, cr, uid=SUPERUSER_ID):
        return api.Environment(cr, uid, {"lang": "en_US"})

    def do(self, function, uid=SUPERUSER_ID):
        """One transaction by itself."""
        with self.registry.cursor() as cr:
            return function(self.connect(cr, uid))

    def make(self, env, model, values):
        """Create records that are removed at the end, the last first."""
        records = env[model].create(values)
        self.made.append((model, records.ids))
        return records

    def make_people(self, env, number, group, login):
        users = self.make(
            env(context={**env.context, "no_reset_password": True}),
            "res.users",
            [
                {
                    "name": f"{login}{count}",
                    "login": f"{login}{count}",
                    "group_ids": env.ref(group).ids,
                }
                for count in range(number)
            ],
        )
        return users.with_env(env)

    def remove(self):
        for model, ids in reversed(self.made):
            with self.registry.cursor() as cr:
                records = self.connect(cr)[model].browse(ids).exists()
                if model == "res.users":
                    partners = records.partner_id
                    records.active = False
                    records.unlink()
                    partners.unlink()
                else:
                    records.unlink()

    def at_once(self, *acts):
        """Do all at the same time; what meets another transaction is tried again.

        :param acts: pairs (uid, function of an environment)
        :return: for each ``DONE`` or the message it was refused with, in their order
        """
        begin, results = threading.Barrier(len(acts)), [None] * len(acts)
        threads = [
            threading.Thread(target=self._act, args=(place, *act, begin, results))
            for place, act in enumerate(acts)
        ]
        with mute_logger("odoo.sql_db"):
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join(60)
        return results

    def _act(self, place, uid, function, begin, results):
        results[place] = "gave up"
        for _time in range(TRIES):
            with self.registry.cursor() as cr:
                env = self.connect(cr, uid)
                env["res.users"].browse(uid).mapped("name")  # its picture is taken
                begin.wait(30)
                try:
                    function(env)
                    env.flush_all()
                    cr.commit()
                    results[place] = DONE
                    return
                except UserError as error:
                    cr.rollback()
                    results[place] = str(error)
                    return
                except PG_CONCURRENCY_EXCEPTIONS_TO_RETRY:
                    cr.rollback()
                    begin = threading.Barrier(1)
