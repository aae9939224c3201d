from odoo import api, fields, models
from odoo.exceptions import AccessError

from odoo.addons.crm_suite_base.tools.journal import Entry

from .crm_lifecycle_engine import BY_RULE

FIELDS = {"lifecycle": "lifecycle_state", "level": "customer_level_id"}


class CrmCustomerRun(models.Model):
    """A night, or a run by hand, of the rules for states or levels: how many customers
    it moved, and the way back.

    Its journal are the histories themselves. What is taken back is not deleted: a line
    is added that says so, and ends what the run has told.
    """

    _name = "crm.customer.run"
    _description = "Run of Customer Rules"
    _inherit = "crm.run.mixin"

    kind = fields.Selection(
        [("lifecycle", "Lifecycle"), ("level", "Levels")], required=True, readonly=True
    )
    lifecycle_move_ids = fields.One2many("crm.lifecycle.move", "run_id")
    level_move_ids = fields.One2many("crm.level.move", "run_id")

    # ------------------------------------------------------------
    # RUNNING
    # ------------------------------------------------------------

    @api.model
    def _run(self, trigger: str, kinds):
        """Do what waits, kind after kind; levels last, for their rules may ask for the
        state."""
        steps = [
            self.env[f"crm.{kind}.engine"]._night_step(
                lambda kind=kind: self._open(trigger, kind=kind)
            )
            for kind in kinds
        ]
        self.env["crm.job"]._work_off(*steps)
        for kind in kinds:
            for run in self._close(trigger, kind=kind):
                run.changed = len(run._run_journal())

    @api.model
    def _run_now(self, kind: str):
        # sudo: the rules are everybody's; who may run them was asked
        self.sudo()._run("manual", [kind])

    @api.model
    def _cron_night(self):
        self._run("nightly", ["lifecycle", "level"])

    @api.model
    def _action_last(self, kind: str) -> dict:
        """Open what the person's run has moved, or say that nobody was to be moved."""
        run = self.search(
            [("kind", "=", kind), ("user_id", "=", self.env.uid)], limit=1
        )
        recent = fields.Datetime.subtract(fields.Datetime.now(), seconds=60)
        if not run or run.create_date < recent:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "type": "info",
                    "message": self.env._(
                        "Nobody is to be moved: all is as it follows."
                    ),
                },
            }
        return {
            "type": "ir.actions.act_window",
            "name": run.display_name,
            "res_model": self._name,
            "res_id": run.id,
            "views": [(False, "form")],
        }

    def action_open_moves(self):
        """Open whom the run moved."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            f"crm_customer_center.action_{self.kind}_move"
        )
        return {**action, "domain": [("run_id", "=", self.id)], "context": {}}

    # ------------------------------------------------------------
    # TAKING BACK
    # ------------------------------------------------------------

    def _check_rollback(self):
        if not self.env.user.has_group("crm_customer_center.group_crm_admin"):
            raise AccessError(
                self.env._(
                    "Only an administrator of the Customer Centre takes runs back."
                )
            )

    def _moves(self):
        return self[f"{self.kind}_move_ids"].sorted("id")

    def _run_journal(self):
        """What stood before and after, with the line that says so: a customer whose
        last line is another one was changed since."""
        self.ensure_one()
        last = {move.partner_id.id: move.id for move in self._moves()}
        return [
            Entry(
                move.partner_id.id,
                self._value(move, "from"),
                (self._value(move, "to"), last[move.partner_id.id]),
            )
            for move in self._moves()
        ]

    def _value(self, move, side: str):
        if self.kind == "lifecycle":
            return move[f"{side}_state"]
        return move[f"{side}_level_id"].id

    def _run_present(self, keys):
        # sudo: compared, by whom may take runs back
        partners = self.env["res.partner"].sudo().browse(keys).exists()
        field = FIELDS[self.kind]
        newest = dict(
            self.env[f"crm.{self.kind}.move"]
            .sudo()  # sudo: as above
            ._read_group(
                [("partner_id", "in", partners.ids)], ["partner_id"], ["id:max"]
            )
        )
        values = {}
        for partner in partners:
            value = partner[field]
            value = value.id if isinstance(value, models.BaseModel) else value
            values[partner.id] = (value, newest.get(partner))
        return values

    def _run_restore(self, back):
        if self.kind == "lifecycle":
            self._restore_states(back)
        else:
            self._restore_levels(back)
        by_value = {}
        for partner_id, value in back.items():
            by_value.setdefault(value, []).append(partner_id)
        for value, ids in by_value.items():
            # sudo: who may take runs back was asked
            partners = BY_RULE.on(self.env["res.partner"].sudo().browse(ids), True)
            partners = partners.with_context(tracking_disable=True)
            partners.write({FIELDS[self.kind]: value})

    def _restore_states(self, back):
        """Since the moment the run begins to tell of, it is as it was before."""
        engine = self.env["crm.lifecycle.engine"]
        moves = self._moves()
        last = {move.partner_id.id: move for move in moves}
        first = {move.partner_id.id: move for move in reversed(moves)}
        partners = self.env["res.partner"].browse(back)
        self.env["crm.lifecycle.move"]._insert(
            engine._row(
                partner,
                first[partner.id].effective_at,
                last[partner.id].to_state,
                back[partner.id],
                "undone",
            )
            for partner in partners
        )
        self.env["crm.customer.state"]._upsert(
            {
                id_: {"lifecycle_since": moment}
                for id_, moment in engine._since(partners).items()
            }
        )

    def _restore_levels(self, back):
        engine = self.env["crm.level.engine"]
        ranks, now = engine._ranks(), fields.Datetime.now()
        last = {move.partner_id.id: move for move in self._moves()}
        self.env["crm.level.move"]._insert(
            engine._row(
                partner,
                last[partner.id].to_level_id.id or None,
                back[partner.id] or None,
                "undone",
                ranks,
            )
            for partner in self.env["res.partner"].browse(back)
        )
        self.env["crm.customer.state"]._upsert(
            {id_: {"level_since": now} for id_ in back}
        )
