from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError

ADMIN = "crm_customer_center.group_crm_admin"
MANAGER = "crm_customer_center.group_team_manager"
REASONS = [
    ("leaves", "Leaves the company"),
    ("moves", "Takes on other work"),
    ("absent", "Is away for some time"),
]
# written by the methods alone
SYSTEM = {
    "trigger", "state", "user_id", "changed", "restored", "left_alone",
    "rollback_date", "rollback_user_id", "is_part", "partner_ids", "date_done",
    "closed_date", "closed_by_id", "closed_json",
}  # fmt: skip


class CrmHandover(models.Model):
    """A person's work goes to others: what, to whom, and the way back.

    What is to be handed over is written down when it starts, a line of the journal for
    each record; the job works that off in batches, so that a run which was interrupted
    goes on where it was. Everything is written with the rights of who hands over, if
    that one might have written it by hand. See docs/adr/0060.
    """

    _name = "crm.handover"
    _description = "Hand-over of a Person's Work"
    _inherit = "crm.run.mixin"
    _link_gate = True

    state = fields.Selection(default="draft", index=True, copy=False)
    trigger = fields.Selection(default="manual")
    user_id = fields.Many2one(
        string="Handed Over By", default=lambda self: self.env.uid, index=True
    )
    person_id = fields.Many2one(
        "res.users",
        "Hands Over",
        required=True,
        index=True,
        ondelete="cascade",
        domain="[('share', '=', False)]",
        context={"active_test": False},
        help="Whose work is handed over.",
    )
    reason = fields.Selection(REASONS, "Why", required=True, default="leaves")
    note = fields.Text(help="What those who take over should know. They read it.")
    receiver_ids = fields.One2many("crm.handover.receiver", "handover_id", copy=False)
    by_region = fields.Boolean(
        help="Who has regions gets the customers of these regions only."
    )
    line_ids = fields.One2many("crm.handover.line", "handover_id", copy=False)
    move_ids = fields.One2many("crm.handover.move", "handover_id", readonly=True)
    is_part = fields.Boolean(
        "Single Customers", readonly=True, help="Of some customers, not of all."
    )
    partner_ids = fields.Many2many("res.partner", string="Customers", readonly=True)
    date_done = fields.Datetime("Done On", readonly=True, copy=False)
    stuck_count = fields.Integer("Not Handed Over", compute="_compute_stuck_count")
    receiver_names = fields.Char("To", compute="_compute_receiver_names")

    _running_uniq = models.UniqueIndex(
        "(person_id) WHERE state IN ('running', 'undoing') AND is_part IS NOT TRUE",
        "The work of this person is being handed over already. Wait for it.",
    )

    @api.model
    def _run_state_selection(self):
        draft, undoing = self.env._("Draft"), self.env._("Being Taken Back")
        running, done, back = super()._run_state_selection()
        return [("draft", draft), running, done, ("undoing", undoing), back]

    @api.model
    def _system_fields(self):
        return super()._system_fields() | SYSTEM

    @api.model
    def _system_fields_advice(self):
        return self.env._("Start a hand-over, or take it back, by the buttons.")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("person_id", "create_date")
    @api.depends_context("lang", "tz")
    def _compute_display_name(self):
        for handover in self:
            handover.display_name = self.env._(
                "Hand-over from %s",
                # sudo: the name of a colleague
                handover.sudo().person_id.name or self.env._("somebody"),
            )

    @api.depends("move_ids.state")
    def _compute_stuck_count(self):
        groups = self.env["crm.handover.move"]._read_group(
            [("handover_id", "in", self.ids), ("state", "=", "left")],
            ["handover_id"],
            ["__count"],
        )
        counts = {handover.id: count for handover, count in groups}
        for handover in self:
            handover.stuck_count = counts.get(handover._origin.id, 0)

    @api.depends("receiver_ids.user_id")
    def _compute_receiver_names(self):
        for handover in self:
            # sudo: names of colleagues
            people = handover.sudo().receiver_ids.user_id
            handover.receiver_names = ", ".join(people.mapped("name"))

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        handovers = super().create(vals_list)
        handovers._look()
        return handovers

    def write(self, vals):
        self._check_draft()
        result = super().write(vals)
        if "person_id" in vals:
            self._look()
        return result

    @api.ondelete(at_uninstall=False)
    def _unlink_except_done(self):
        if not self.env.su:
            self._check_draft()

    def _check_draft(self):
        """:raises UserError: for a person who changes one that was started"""
        if not self.env.su and any(one.state != "draft" for one in self):
            raise UserError(
                self.env._(
                    "This hand-over was started already and stays as it is. Take it "
                    "back, or begin another one."
                )
            )

    def _look(self):
        """Count what the people have, as far as who hands over may see it. How a line
        goes stays as it was said."""
        for handover in self:
            mine = handover.with_user(handover.user_id)
            known = {line.key: line for line in handover.line_ids}
            sources = mine._readable_sources()
            found, is_admin = {}, handover.user_id.has_group(ADMIN)
            for source in sources.values():
                domain = mine._source_domain(source, sources)
                if domain is not None and (is_admin or not source.is_setup):
                    hands = handover._hands(source.model)
                    found[source.key] = hands.search_count(domain)
            # sudo: lines are the system's, up to what a person says of them
            own = handover.sudo()
            gone = [line for key, line in known.items() if not found.get(key)]
            own.line_ids.browse(line.id for line in gone).unlink()
            for key, count in found.items():
                if count and key in known:
                    known[key].sudo().count = count  # sudo: as above
            own.line_ids.create(
                [
                    own._prepare_line(sources[key], count)
                    for key, count in found.items()
                    if count and key not in known
                ]
            )

    def _prepare_line(self, source, count: int) -> dict:
        return {
            "handover_id": self.id,
            "key": source.key,
            "sequence": source.sequence,
            "count": count,
            "way": "along" if source.along else "share",
            "user_id": False,
        }

    # ------------------------------------------------------------
    # WHO
    # ------------------------------------------------------------

    def _check_may(self):
        """Whoever hands over must be allowed to, for this person and these receivers.

        :raises AccessError: else
        """
        self.ensure_one()
        user = self.env.user
        if self.env.su or user.has_group(ADMIN):
            return
        # sudo: who of the house it is about, and who leads whom
        own = self.sudo()
        people = own.receiver_ids.user_id | own.line_ids.user_id
        team = user.sudo().managed_user_ids  # sudo: as above
        if self.is_part and own.person_id == user:
            return
        if not user.has_group(MANAGER) or own.person_id not in team:
            raise AccessError(
                self.env._(
                    "You hand over the work of the people of your team. Ask an "
                    "administrator of the Customer Centre for others."
                )
            )
        if people - team and not self.is_part:
            raise AccessError(
                self.env._(
                    "%s is not of your team. Choose somebody of your team, or ask an "
                    "administrator of the Customer Centre.",
                    (people - team)[0].name,
                )
            )

    def _check_rollback(self):
        self.check_access("read")
        if self.env.user != self.user_id and not self.env.user.has_group(ADMIN):
            raise AccessError(
                self.env._(
                    "Who handed over takes it back, or an administrator of the "
                    "Customer Centre."
                )
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_look(self):
        """Count again what the person has."""
        self.check_access("write")
        self._check_draft()
        self._look()

    def action_start(self):
        """Hand over what the lines say.

        :raises AccessError: for who may not
        :raises UserError: when it is not said who gets what, or another one runs
        """
        self.ensure_one()
        self.check_access("write")
        self._check_may()
        # sudo: who may hand over was asked just now; what runs is the system's
        own = self.sudo()
        own.lock_for_update()
        own._check_draft_now()
        own.user_id = self.env.uid
        own._look()
        own._check_complete()
        own._check_alone()
        own._plan()
        return own._go_on()

    def action_retry(self):
        """Try once more what could not be handed over."""
        self.ensure_one()
        self._check_rollback()
        self._check_may()
        # sudo: as in action_start
        own = self.sudo()
        own.lock_for_update()
        if own.state != "done":
            raise UserError(self.env._("This hand-over is not done yet."))
        own._check_alone()
        own._plan_again()
        return own._go_on()

    def action_rollback(self):
        """Bring everything back that is still with who got it; the rest is listed.

        :raises UserError: unless it is done, or where the account is closed
        """
        self.ensure_one()
        self._check_rollback()
        # sudo: who may take it back was asked just now
        own = self.sudo()
        own.lock_for_update()
        if own.state != "done":
            raise UserError(
                self.env._(
                    "Only a hand-over that is done can be taken back, and only once."
                )
            )
        if not own.person_id.active:
            raise UserError(
                self.env._(
                    "The account of %s is closed. Let it be opened again first.",
                    own.person_id.name,
                )
            )
        own._check_alone()
        own.write({"rollback_user_id": self.env.uid, "state": "undoing"})
        own.move_ids.filtered(lambda m: m.state == "moved").state = "returning"
        return own._go_on()

    def action_open_moves(self):
        """Open the journal: what went to whom, and what did not."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "crm_customer_center.action_handover_move"
        )
        return {**action, "domain": [("handover_id", "=", self.id)]}

    def get_progress(self) -> dict:
        """How far the work is.

        :return: ``{state, percent, done, total}``
        """
        self.ensure_one()
        self.check_access("read")
        # sudo: numbers alone, of a hand-over that may be read
        groups = (
            self.env["crm.handover.move"]
            .sudo()
            ._read_group([("handover_id", "=", self.id)], ["state"], ["__count"])
        )
        total = sum(count for _state, count in groups)
        rest = sum(n for state, n in groups if state in ("waiting", "returning"))
        percent = 100.0 * (total - rest) / total if total else 100.0
        return {
            "state": self.state,
            "percent": percent,
            "done": total - rest,
            "total": total,
        }

    # ------------------------------------------------------------
    # CHECKS
    # ------------------------------------------------------------

    def _check_draft_now(self):
        if self.state != "draft":
            raise UserError(self.env._("This hand-over was started already."))

    def _check_alone(self):
        """:raises UserError: when the person's work is being handed over; of two at
        the same moment the index says the same"""
        others = self.search_count(
            [("person_id", "=", self.person_id.id), ("is_part", "=", False),
             ("state", "in", ("running", "undoing")), ("id", "!=", self.id)], limit=1
        )  # fmt: skip
        if others and not self.is_part:
            raise UserError(self._running_uniq.get_error_message(self, None))

    def _check_complete(self):
        """:raises UserError: for what nobody would get, or that nobody would have"""
        lines = self.line_ids
        if not lines:
            raise UserError(
                self.env._("%s has nothing to hand over.", self.person_id.name)
            )
        if any(line.way == "person" and not line.user_id for line in lines):
            raise UserError(self.env._("Say to which person the line goes."))
        needs = lines.filtered(lambda line: line.way in ("share", "along"))
        if needs and not self.receiver_ids:
            raise UserError(self.env._("Say who takes over: add one person or more."))
        people = self.receiver_ids.user_id | lines.user_id
        if self.person_id in people:
            raise UserError(
                self.env._("%s cannot take over from himself or herself.",
                           self.person_id.name)
            )  # fmt: skip
        if gone := people.filtered(lambda user: not user.active or user.share):
            raise UserError(self.env._("%s has no account to work with.", gone[0].name))
        sources = self._readable_sources()
        posts = [line for line in lines if sources[line.key].is_post]
        if self.reason == "leaves" and any(line.way == "leave" for line in posts):
            raise UserError(
                self.env._(
                    "%s leaves and is the only one who leads there. Say who leads from "
                    "now on.",
                    self.person_id.name,
                )
            )
