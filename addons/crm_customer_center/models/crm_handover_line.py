from odoo import api, fields, models
from odoo.exceptions import UserError

# who gets a line; said by code below, in words
WAYS = [
    ("share", "Shared among those who take over"),
    ("along", "With its customer or deal"),
    ("person", "To one person"),
    ("leave", "Stays"),
]


class CrmHandoverDraft(models.AbstractModel):
    """Part of a hand-over: as long as that is a draft, people change it."""

    _name = "crm.handover.part.mixin"
    _description = "Part of a Hand-over"

    handover_id = fields.Many2one(
        "crm.handover", required=True, index=True, ondelete="cascade"
    )

    @api.model_create_multi
    def create(self, vals_list):
        parts = super().create(vals_list)
        parts.handover_id._check_draft()
        return parts

    def write(self, vals):
        self.handover_id._check_draft()
        if not self.env.su and "handover_id" in vals:
            raise UserError(self.env._("A line stays with its hand-over."))
        return super().write(vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_started(self):
        self.handover_id._check_draft()


class CrmHandoverLine(models.Model):
    """One kind of things that the person has, and who gets them."""

    _name = "crm.handover.line"
    _inherit = "crm.handover.part.mixin"
    _description = "Line of a Hand-over"
    _order = "sequence, id"
    _link_gate = True
    _rec_name = "key"

    key = fields.Char(required=True, readonly=True)
    sequence = fields.Integer(readonly=True)
    name = fields.Char("What", compute="_compute_name")
    count = fields.Integer("Number", readonly=True, aggregator=None)
    way = fields.Selection(WAYS, "Goes", required=True, default="share")
    user_id = fields.Many2one(
        "res.users",
        "Person",
        domain="[('share', '=', False)]",
        ondelete="cascade",
        index="btree_not_null",
    )
    moved_count = fields.Integer("Handed Over", compute="_compute_counts")
    left_count = fields.Integer("Not Handed Over", compute="_compute_counts")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"key", "sequence", "count"}

    @api.model
    def _system_fields_advice(self):
        return self.env._("Say how the line goes, and to whom.")

    @api.depends("key")
    @api.depends_context("lang")
    def _compute_name(self):
        # sudo: names of kinds of things
        sources = self.env["crm.handover"].sudo()._readable_sources()
        for line in self:
            source = sources.get(line.key)
            line.name = source.label if source else line.key

    @api.depends("handover_id.move_ids.state")
    def _compute_counts(self):
        groups = self.env["crm.handover.move"]._read_group(
            [("line_id", "in", self.ids)], ["line_id", "state"], ["__count"]
        )
        counts = {(line.id, state): count for line, state, count in groups}
        for line in self:
            line.moved_count = counts.get((line._origin.id, "moved"), 0)
            line.left_count = counts.get((line._origin.id, "left"), 0)

    @api.onchange("user_id")
    def _onchange_user_id(self):
        if self.user_id:
            self.way = "person"

    def action_open(self):
        """Open what the line counts, or what became of it."""
        self.ensure_one()
        handover = self.handover_id
        if handover.state != "draft":
            action = handover.action_open_moves()
            return {**action, "domain": [("line_id", "=", self.id)]}
        sources = handover._readable_sources()
        source = sources[self.key]
        return {
            "type": "ir.actions.act_window",
            "name": self.name,
            "res_model": source.model,
            "domain": list(handover._source_domain(source, sources)),
            "views": [(False, "list"), (False, "form")],
            "context": {"create": False},
        }

    # ------------------------------------------------------------
    # WHO GETS IT
    # ------------------------------------------------------------

    def _prepare_move(self, record, may: bool) -> dict:
        reason = self.env._("Who hands over may not change it.")
        return {
            "handover_id": self.handover_id.id,
            "line_id": self.id,
            "sequence": self.sequence,
            "res_model": record._name,
            "res_id": record.id,
            "before_id": self.handover_id.person_id.id,
            "state": "waiting" if may else "left",
            "reason": False if may else reason,
        }

    def _choose(self, moves, source, records) -> dict:
        """Return who gets each of the moves of this line.

        :param records: all that they are about
        :return: users by id of the move
        """
        self.ensure_one()
        if self.way == "person":
            return dict.fromkeys(moves.ids, self.user_id)
        chosen = {}
        if self.way == "along" and source.along:
            chosen = self._go_along(moves, source, records)
        rest = moves.filtered(lambda move: not chosen.get(move.id))
        receivers = self.handover_id.receiver_ids
        if len(receivers) == 1:
            return chosen | dict.fromkeys(rest.ids, receivers.user_id)
        regions = self._regions(source, records)
        return chosen | receivers._share(rest, regions)

    def _go_along(self, moves, source, records) -> dict:
        """Whom a record goes with: who looks after its customer or deal by now, unless
        that is still the person."""
        if callable(source.along):
            owners = source.along(records)
        else:
            owners = {one.id: one.mapped(source.along) for one in records}
        nobody, person = self.env["res.users"], self.handover_id.person_id
        return {
            move.id: owner
            for move in moves
            if (owner := owners.get(move.res_id) or nobody)
            and owner != person
            and owner.active
            and not owner.share
        }

    def _regions(self, source, records) -> dict:
        """Return the regions of the customers, by id of the record."""
        if not self.handover_id.by_region or not source.customer:
            return {}
        path = source.customer
        customers = {
            one.id: one if path == "." else one.mapped(path) for one in records
        }
        return {
            id_: one.commercial_partner_id.customer_region_id
            for id_, one in customers.items()
        }


class CrmHandoverReceiver(models.Model):
    """Somebody who takes over a part, by the share and the regions."""

    _name = "crm.handover.receiver"
    _inherit = ("crm.handover.part.mixin", "crm.fair.share.mixin")
    _description = "Receiver of a Hand-over"
    _order = "id"
    _link_gate = True
    _rec_name = "user_id"

    user_id = fields.Many2one(
        "res.users",
        "Who Takes Over",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
    )
    region_ids = fields.Many2many(
        "crm.customer.region",
        help="Gets customers of these regions only. Empty: of those that nobody else "
        "is named for.",
    )

    _user_uniq = models.Constraint(
        "UNIQUE(handover_id, user_id)", "Each person takes over once."
    )
    _weight_check = models.Constraint("CHECK (weight >= 0)", "A share is zero or more.")

    @api.model
    def _system_fields(self):
        return super()._system_fields() | {"credit", "taken", "taken_day", "total"}

    @api.model
    def _system_fields_advice(self):
        return self.env._("Say who takes over, and how large the share is.")

    def _away(self):
        """What is handed over is for months to come: who is on leave today gets the
        share all the same."""
        # sudo: who has an account
        gone = self.sudo().user_id.filtered(lambda user: not user.active)
        return dict.fromkeys(gone.ids, "archived")

    def _share(self, moves, regions: dict) -> dict:
        """Give the moves in turn, by share and region.

        :param regions: of their records, by id
        :return: users by id of the move
        """
        users = {receiver.user_id.id: receiver.user_id for receiver in self}
        named = {one.user_id.id: one.region_ids for one in self}

        def left_out(move, _away, _given):
            region = regions.get(move.res_id) or self.region_ids.browse()
            for_it = [key for key, own in named.items() if region and region in own]
            open_to = for_it or [key for key, own in named.items() if not own]
            if not regions:
                return {}
            return dict.fromkeys(set(named) - set(open_to), "region")

        choices = self._take_turns(moves, left_out)
        return {
            move.id: users[choice.chosen]
            for move, choice in zip(moves, choices, strict=True)
            if choice.chosen
        }


class CrmHandoverMove(models.Model):
    """The journal of hand-overs: one record that goes from one person to another.

    What waits is what is to be done; nobody but the system writes a line.
    """

    _name = "crm.handover.move"
    _description = "Record Handed Over"
    _order = "sequence, id"
    _link_gate = True
    _system_records = True
    _log_access = False
    _rec_name = "res_model"

    handover_id = fields.Many2one(
        "crm.handover", required=True, readonly=True, ondelete="cascade", index=True
    )
    line_id = fields.Many2one(
        "crm.handover.line", required=True, readonly=True, ondelete="cascade",
        index=True,
    )  # fmt: skip
    sequence = fields.Integer(readonly=True, aggregator=None)
    kind = fields.Char("What", related="line_id.name")
    res_model = fields.Char("Kind of Record", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        "Record", model_field="res_model", required=True, readonly=True,
        aggregator=None,
    )  # fmt: skip
    record_name = fields.Char(
        compute="_compute_record_name",
        help="Only its readers see which one it is.",
    )
    before_id = fields.Many2one(
        "res.users", "From", readonly=True, ondelete="cascade", index=True
    )
    after_id = fields.Many2one(
        "res.users", "To", readonly=True, ondelete="set null", index="btree_not_null"
    )
    state = fields.Selection(
        [
            ("waiting", "Waits"),
            ("moved", "Handed Over"),
            ("left", "Not Handed Over"),
            ("returning", "Goes Back"),
            ("back", "Taken Back"),
            ("kept", "Changed Since"),
        ],
        required=True,
        readonly=True,
        default="waiting",
    )
    reason = fields.Char("Why Not", readonly=True)
    beside = fields.Json(readonly=True, help="What followed: before, after.")
    is_told = fields.Boolean(readonly=True)

    _waiting_idx = models.Index(
        "(handover_id, sequence, id) WHERE state IN ('waiting', 'returning')"
    )

    @api.model
    def _system_fields_advice(self):
        return self.env._("Start a hand-over, or take it back, by the buttons.")

    @api.depends_context("uid", "lang", "allowed_company_ids")
    @api.depends("res_model", "res_id")
    def _compute_record_name(self):
        """With the rights of who reads it."""
        self.record_name = False
        for model, moves in self.grouped("res_model").items():
            if model not in self.env:
                continue
            # sudo(False): no names the user could not see elsewhere
            records = self.env[model].sudo(False).browse(moves.mapped("res_id"))
            readable = records.exists()._filtered_access("read")
            names = {record.id: record.display_name for record in readable}
            for move in moves:
                move.record_name = names.get(move.res_id)

    def action_open_record(self):
        """Open the record, by the rights of who asks."""
        self.ensure_one()
        return self.env[self.res_model].browse(self.res_id).get_formview_action()
