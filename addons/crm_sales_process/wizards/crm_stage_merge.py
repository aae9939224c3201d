from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class CrmStageMerge(models.TransientModel):
    _name = "crm.stage.merge"
    _description = "Merge Stages"

    stage_ids = fields.Many2many("crm.stage", string="Stages to Remove")
    target_id = fields.Many2one(
        "crm.stage",
        string="Merge Into",
        help="Deals and their history go into this stage.",
    )

    def action_merge(self):
        """Put deals and history of the stages into the target and delete the stages.

        No move is recorded: the deals have not moved, the stages have.
        """
        self.ensure_one()
        removed = self.stage_ids - self.target_id
        if not removed or not self.target_id:
            raise UserError(
                self.env._("Choose a stage to merge into, other than the one removed.")
            )
        if set(removed.mapped("is_won")) != {self.target_id.is_won}:
            raise UserError(
                self.env._("A won stage can be merged into a won stage only.")
            )
        self.env["crm.stage"].check_access("unlink")
        self._redirect(removed)
        removed.unlink()
        return {"type": "ir.actions.client", "tag": "soft_reload"}

    def _redirect(self, removed):
        # sudo: all deals, also those the caller does not see, and their history
        self.env["crm.lead.stage.move"]._write_pending()
        self.env.flush_all()
        for table, column in (
            ("crm_lead", "stage_id"),
            ("crm_lead_stage_move", "stage_id"),
            ("crm_lead_stage_move", "from_stage_id"),
        ):
            self.env.cr.execute(
                SQL(
                    "UPDATE %(table)s SET %(column)s = %(target)s"
                    " WHERE %(column)s IN %(removed)s",
                    table=SQL.identifier(table),
                    column=SQL.identifier(column),
                    target=self.target_id.id,
                    removed=tuple(removed.ids),
                )
            )
        self.env.invalidate_all()
        # sudo: all deals of the stage, also those the caller does not see
        leads = self.env["crm.lead"].sudo()
        leads.search([("stage_id", "=", self.target_id.id)])._realign_probabilities()
