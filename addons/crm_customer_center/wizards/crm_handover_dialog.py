from odoo import api, fields, models
from odoo.exceptions import UserError


class CrmHandoverDialog(models.TransientModel):
    """A customer, or some, get another owner; what belongs to them goes along."""

    _name = "crm.handover.dialog"
    _description = "Hand Over Customers"

    partner_ids = fields.Many2many(
        "res.partner",
        string="Customers",
        required=True,
        default=lambda self: self._default_partners(),
    )
    # not user_id: lists of customers say a default for that
    owner_id = fields.Many2one(
        "res.users", "New Owner", required=True, domain="[('share', '=', False)]"
    )
    note = fields.Text("Why", help="The new owner reads it.")
    kind_ids = fields.One2many(
        "crm.handover.dialog.kind",
        "dialog_id",
        "Takes Along",
        compute="_compute_kind_ids",
        store=True,
        readonly=False,
    )

    @api.model
    def _default_partners(self):
        if self.env.context.get("active_model") == "res.partner":
            return self.env.context.get("active_ids")
        return False

    @api.depends("partner_ids")
    def _compute_kind_ids(self):
        """What the owners of these customers have to do with them."""
        for dialog in self:
            counts = {}
            for handover in dialog._new_parts():
                for source, count in handover._remaining():
                    if source.customer != ".":
                        known = counts.get(source.key, (source.label, 0))
                        counts[source.key] = (source.label, known[1] + count)
            dialog.kind_ids = [
                fields.Command.clear(),
                *(
                    fields.Command.create({"key": key, "name": name, "count": count})
                    for key, (name, count) in counts.items()
                ),
            ]

    def _new_parts(self):
        """Return a hand-over that is not saved for each owner of the customers."""
        customers = self.partner_ids._origin.filtered("lifecycle_state")
        # sudo: never saved; it counts by the rights of who asks
        Handover = self.env["crm.handover"].sudo()
        return [
            Handover.new(
                {
                    "person_id": owner.id,
                    "is_part": True,
                    "partner_ids": own.ids,
                    "user_id": self.env.uid,
                }
            ).with_env(self.env)
            for owner, own in customers.grouped("user_id").items()
            if owner and owner != self.owner_id
        ]

    def action_hand_over(self):
        """Hand the customers over, each with what is ticked.

        :return: the hand-over, from which it can be taken back
        :raises AccessError: for customers one may not change
        """
        self.ensure_one()
        customers = self.partner_ids.filtered("lifecycle_state")
        customers.check_access("write")
        handovers = self.env["crm.handover"]
        for owner, own in customers.grouped("user_id").items():
            if not owner:
                own.user_id = self.owner_id
            elif owner != self.owner_id:
                handovers |= self._hand_over(owner, own)
        if not handovers:
            return {"type": "ir.actions.act_window_close"}
        action = {
            "type": "ir.actions.act_window",
            "name": self.env._("Handed Over"),
            "res_model": "crm.handover",
            "context": {},
        }
        if len(handovers) == 1:
            return {**action, "res_id": handovers.id, "views": [(False, "form")]}
        views = [(False, "list"), (False, "form")]
        return {**action, "domain": [("id", "in", handovers.ids)], "views": views}

    def _hand_over(self, owner, customers):
        if not self.owner_id.active or self.owner_id.share:
            raise UserError(
                self.env._("%s has no account to work with.", self.owner_id.name)
            )
        # sudo: that these customers may be changed was asked, and what goes along is
        # asked record by record
        handover = (
            self.env["crm.handover"]
            .sudo()
            .create(
                {
                    "person_id": owner.id,
                    "reason": "moves",
                    "note": self.note,
                    "is_part": True,
                    "partner_ids": customers.ids,
                    "user_id": self.env.uid,
                    "receiver_ids": [
                        fields.Command.create({"user_id": self.owner_id.id})
                    ],
                }
            )
        )
        taken = set(self.kind_ids.filtered("is_taken").mapped("key"))
        for line in handover.line_ids:
            if line.key == "customers" or line.key in taken:
                line.write({"way": "person", "user_id": self.owner_id.id})
            else:
                line.way = "leave"
        handover._plan()
        handover._go_on()
        return handover.with_env(self.env)


class CrmHandoverDialogKind(models.TransientModel):
    """A kind of things that can go along."""

    _name = "crm.handover.dialog.kind"
    _description = "What Goes Along"
    _rec_name = "name"

    dialog_id = fields.Many2one("crm.handover.dialog", ondelete="cascade", index=True)
    key = fields.Char(required=True)
    name = fields.Char("What")
    count = fields.Integer("Number")
    is_taken = fields.Boolean("Goes Along", default=True)
