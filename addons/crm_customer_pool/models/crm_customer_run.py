from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step

# so many are given back at once, while the person waits
DIRECT = 200
KEY = "crm_customer_pool.give_back"
_WAITING = """
SELECT stands.id
  FROM crm_customer_run run
  JOIN crm_pool_move taken ON taken.run_id = run.id AND taken.cause = 'recycle'
  JOIN crm_pool_customer stands ON stands.partner_id = taken.partner_id
  JOIN res_users owner
    ON owner.id = taken.owner_id AND owner.active IS TRUE AND owner.share IS NOT TRUE
 WHERE run.kind = 'pool' AND run.state = 'undoing' AND run.id = ANY(%s)
   AND taken.origin_id = taken.partner_id
   AND NOT EXISTS (SELECT FROM crm_pool_move later
                    WHERE later.partner_id = taken.partner_id AND later.id > taken.id
                      AND later.cause <> 'moved')
"""


class CrmCustomerRun(models.Model):
    """A night of one rule of the pool, and the way back.

    Its journal are the changes of hands. What waits to be given back is whoever the
    night took and stands in a pool since: claimed, given or released by somebody
    meanwhile, it waits no longer. So it is compared at the moment it is set, in
    batches, and goes on after a stop.
    """

    _inherit = "crm.customer.run"

    kind = fields.Selection(
        selection_add=[("pool", "Public pool")], ondelete={"pool": "cascade"}
    )
    pool_rule_id = fields.Many2one(
        "crm.pool.rule",
        "Rule",
        readonly=True,
        index="btree_not_null",
        ondelete="set null",
        groups="crm_customer_center.group_team_manager",
    )
    pool_move_ids = fields.One2many("crm.pool.move", "run_id")

    @api.model
    def _run_state_selection(self):
        running, done, back = super()._run_state_selection()
        return [running, done, ("undoing", self.env._("Being Taken Back")), back]

    @api.depends("pool_rule_id")
    def _compute_display_name(self):
        result = super()._compute_display_name()
        for run in self:
            # sudo: the name of a rule stands in each line it wrote
            if rule := run.sudo().pool_rule_id.name:
                run.display_name = f"{run.display_name} · {rule}"
        return result

    # ------------------------------------------------------------
    # RUNNING
    # ------------------------------------------------------------

    @api.model
    def _close_pool_nights(self):
        """Count what the nights that were going on took."""
        for run in self._close("nightly", kind="pool"):
            run.changed = self.env["crm.pool.move"].search_count(run._taken())

    def _taken(self) -> Domain:
        """Return which changes of hands the night is."""
        return Domain("run_id", "in", self.ids) & Domain("cause", "=", "recycle")

    def _given_back(self) -> Domain:
        return Domain("run_id", "in", self.ids) & Domain("cause", "=", "undone")

    def action_open_moves(self):
        """Open whom the night took."""
        if self.kind != "pool":
            return super().action_open_moves()
        return self._open_moves(self._taken())

    def action_open_left(self):
        """Open whom the night took and who was not given back: claimed, given or
        released by somebody since, or its owner has no account any more."""
        self.ensure_one()
        # sudo: ids alone; what of them is shown is asked by the list
        back = self.env["crm.pool.move"].sudo()._search(self._given_back())
        gone = SQL("(%s)", back.select("crm_pool_move.partner_id"))
        left = (
            self.env["crm.pool.move"]
            .sudo()
            .search(  # sudo: as above
                self._taken() & Domain("partner_id", "not in", gone)
            )
        )
        return self._open_moves(Domain("id", "in", left.ids))

    def _open_moves(self, domain):
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_pool.action_pool_move"
        )
        return {**action, "domain": list(domain), "context": {}}

    # ------------------------------------------------------------
    # TAKING BACK
    # ------------------------------------------------------------

    def action_rollback(self):
        """Give back whom the night took and nobody has touched since; many in the
        background."""
        if self.kind != "pool":
            return super().action_rollback()
        run = self._to_take_back()
        run.write({"state": "undoing", "rollback_user_id": self.env.uid})
        if run._waiting_count() > DIRECT:
            run._wake()
            return {"type": "ir.actions.client", "tag": "soft_reload"}
        run._give_back()
        if run.state == "undoing":
            # somebody has one of them in hand
            run._wake()
        return run._rollback_notice()

    def _wake(self):
        self.env.ref("crm_customer_pool.ir_cron_give_back")._trigger()

    def get_progress(self) -> dict:
        """How far the way back is.

        :return: ``{state, percent, done, total}``
        """
        self.ensure_one()
        self.check_access("read")
        run = self.sudo()  # sudo: numbers alone, of a run that may be read
        total, rest = run.changed, run._waiting_count()
        percent = 100.0 * (total - rest) / total if total else 100.0
        return {
            "state": run.state,
            "percent": percent,
            "done": total - rest,
            "total": total,
        }

    @api.model
    def _cron_give_back(self):
        self.search([("kind", "=", "pool"), ("state", "=", "undoing")])._give_back()

    def _waiting_domain(self) -> Domain:
        self.env.flush_all()
        return Domain("id", "in", SQL("(%s)", SQL(_WAITING, self.ids)))

    def _waiting_count(self) -> int:
        return self.env["crm.pool.customer"].search_count(self._waiting_domain())

    def _give_back(self):
        """Work off what waits, then say what came of it."""
        if not self:
            return
        self.env["crm.job"]._work_off(
            Step(
                KEY,
                self.env["crm.pool.customer"],
                self._waiting_domain,
                lambda rows: rows._give_back(),
                size=500,
            ),
            Step(
                f"{KEY}_end",
                self.browse(),
                [("id", "in", self.ids), ("state", "=", "undoing")],
                lambda runs: [run._end_rollback() for run in runs] and None,
                person=lambda run: run.rollback_user_id,
            ),
        )

    def _end_rollback(self):
        """Count and tell each owner once, when all but what was set aside is done."""
        aside = self.env["crm.job.problem"].search([("key", "=", KEY)]).mapped("res_id")
        waits = self._waiting_domain() & Domain("id", "not in", aside)
        if self.env["crm.pool.customer"].search_count(waits, limit=1):
            return
        moves = self.env["crm.pool.move"]
        restored = moves.search_count(self._given_back())
        self.write(
            {
                "state": "rolled_back",
                "restored": restored,
                "left_alone": moves.search_count(self._taken()) - restored,
                "rollback_date": fields.Datetime.now(),
            }
        )
        for owner, partners in moves._read_group(
            self._given_back(), ["to_user_id"], ["partner_id:recordset"]
        ):
            words = owner.with_context(lang=owner.lang).env
            owner._tell_of_work(
                partners, words._("What the pool had taken is yours again")
            )


class CrmPoolCustomer(models.Model):
    """Back to who had the customer before the night."""

    _inherit = "crm.pool.customer"

    def _give_back(self):
        moves = self.env["crm.pool.move"]
        taken = moves.search(
            [("partner_id", "in", self.partner_id.ids), ("cause", "=", "recycle")],
            order="id",
        )
        last = {move.partner_id: move for move in taken}
        for (run, owner), rows in self.grouped(
            lambda row: (last[row.partner_id].run_id, last[row.partner_id].owner_id)
        ).items():
            partners = rows.partner_id
            pools = {row.partner_id.id: row.pool_id.id for row in rows}
            moves._log(
                partners,
                "undone",
                {id_: (None, owner.id, pools[id_]) for id_ in partners.ids},
                run.pool_rule_id.name,
                run.rollback_user_id.id,
                run=run.id,
            )
            self._take_out(partners.ids)
            partners.with_context(tracking_disable=True)._change_owner(owner)
