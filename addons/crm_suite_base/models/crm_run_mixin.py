from collections.abc import Hashable, Iterable
from datetime import timedelta
from typing import Any

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..tools.journal import Entry, take_back

# what was begun since then is of this night, whatever day it has become
SAME_NIGHT = timedelta(hours=12)


class CrmRunMixin(models.AbstractModel):
    """A run of rules over many records that says what it changed, and can be taken
    back exactly.

    What waits is found in one question and done by ``crm.job`` in batches, each its own
    transaction: what is done no longer waits, so a run that was interrupted goes on
    where it was. The run is opened by the first change, so that nothing is written of a
    night in which nothing happens. Its journal is whatever the child keeps of its
    changes (``_run_journal``); taking it back is compare-and-set by
    ``tools/journal.py``. See docs/adr/0034-runs-with-a-journal.md.
    """

    _name = "crm.run.mixin"
    _description = "Run of Rules"
    _order = "id desc"
    _rec_names_search = ("user_id",)

    trigger = fields.Selection("_trigger_selection", required=True, readonly=True)
    state = fields.Selection(
        "_run_state_selection", required=True, readonly=True, default="running"
    )
    user_id = fields.Many2one("res.users", "By", readonly=True, ondelete="set null")
    changed = fields.Integer(readonly=True)
    restored = fields.Integer("Taken Back", readonly=True)
    left_alone = fields.Integer(
        "Changed Since",
        readonly=True,
        help="Changed by somebody or by another run afterwards, so left alone.",
    )
    rollback_date = fields.Datetime("Taken Back On", readonly=True)
    rollback_user_id = fields.Many2one(
        "res.users", "Taken Back By", readonly=True, ondelete="set null"
    )

    # ------------------------------------------------------------
    # FOR THE CHILDREN
    # ------------------------------------------------------------

    def _run_journal(self) -> list[Entry]:
        """Hook: what the run changed, in the order it did."""
        raise NotImplementedError

    def _run_present(self, keys: Iterable[Hashable]) -> dict[Hashable, Any]:
        """Hook: what of these things is now; what is gone is left out."""
        raise NotImplementedError

    def _run_restore(self, back: dict[Hashable, Any]):
        """Hook: bring values back, in sets."""
        raise NotImplementedError

    def _check_rollback(self):
        """Hook.

        :raises AccessError: for who may not take runs back
        """
        self.check_access("write")

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _trigger_selection(self):
        """Said by code: labels of a mixin's static selection stay untranslated on the
        models of modules installed later."""
        return [("manual", self.env._("By hand")), ("nightly", self.env._("Nightly"))]

    @api.model
    def _run_state_selection(self):
        running, done = self.env._("Running"), self.env._("Done")
        back = self.env._("Taken Back")
        return [("running", running), ("done", done), ("rolled_back", back)]

    @api.depends("trigger", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        labels = dict(self._trigger_selection())
        for run in self:
            when = format_datetime(self.env, run.create_date, dt_format="short")
            run.display_name = f"{labels.get(run.trigger, '')} {when}"

    # ------------------------------------------------------------
    # RUNNING
    # ------------------------------------------------------------

    @api.model
    def _open(self, trigger: str, **values):
        """Return the run that is going on, or begin one.

        Asked at each change anew: a batch that is taken back takes a run that it has
        begun along.
        """
        # sudo: runs are written by the system only
        runs = self.sudo()
        domain = [("trigger", "=", trigger), ("state", "in", ("running", "done"))]
        domain += [(name, "=", value) for name, value in values.items()]
        if trigger == "manual":
            domain += [("state", "=", "running"), ("user_id", "=", self.env.uid)]
        else:
            domain.append(("create_date", ">", fields.Datetime.now() - SAME_NIGHT))
        run = runs.search(domain, limit=1)
        if run.state == "done":
            # a job that had no time left goes on
            run.state = "running"
        return run or runs.create(
            {"trigger": trigger, "user_id": self.env.uid, **values}
        )

    @api.model
    def _close(self, trigger: str, **values):
        """Note that nothing waits any more.

        :return: the runs that were going on
        """
        domain = [("trigger", "=", trigger), ("state", "=", "running")]
        domain += [(name, "=", value) for name, value in values.items()]
        if trigger == "manual":
            domain.append(("user_id", "=", self.env.uid))
        # sudo: runs are written by the system only
        runs = self.sudo().search(domain)
        runs.state = "done"
        return runs

    # ------------------------------------------------------------
    # TAKING BACK
    # ------------------------------------------------------------

    def _to_take_back(self):
        """Lock the run for whoever may take it back.

        :return: the same, as the system
        :raises AccessError: for who may not
        :raises UserError: unless the run is done and was not taken back before
        """
        self.ensure_one()
        self._check_rollback()
        # sudo: who may take back was asked just now; runs are the system's
        run = self.sudo()
        run.lock_for_update()
        if run.state != "done":
            raise UserError(
                self.env._("Only a run that is done can be taken back, and only once.")
            )
        return run

    def action_rollback(self):
        """Bring back what the run changed and nobody changed since; the rest is
        counted and stays.

        :raises UserError: unless the run is done and was not taken back before
        """
        run = self._to_take_back()
        entries = run._run_journal()
        taken = take_back(entries, run._run_present({entry.key for entry in entries}))
        run._run_restore(taken.back)
        run.write(
            {
                "state": "rolled_back",
                "restored": len(taken.back),
                "left_alone": len(taken.left),
                "rollback_date": fields.Datetime.now(),
                "rollback_user_id": self.env.uid,
            }
        )
        return run._rollback_notice()

    def _rollback_notice(self):
        message = self.env._(
            "%(restored)s are as before, %(left)s were changed since and left alone. "
            "Rules in use change them again: stop them first if they should not.",
            restored=self.restored,
            left=self.left_alone,
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Taken back"),
                "message": message,
                "sticky": True,
                "next": {"type": "ir.actions.client", "tag": "soft_reload"},
            },
        }
