from markupsafe import Markup

from odoo import fields, models

from .crm_service_team_member import LEVELS

#: Of so many tickets in one message each has its own words.
TOLD = 10
KINDS = [("manual", "By hand"), ("rule", "By rule"), ("clock", "By the clock")]


class CrmServiceTicketHandover(models.Model):
    """One hand-over of a ticket: who gave it to whom, why, and what was said."""

    _name = "crm.service.ticket.handover"
    _link_gate = True
    _description = "Ticket Hand-over"
    _order = "date desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    from_level = fields.Selection(LEVELS, required=True)
    to_level = fields.Selection(LEVELS, required=True)
    from_user_id = fields.Many2one("res.users", "From", index="btree_not_null")
    to_user_id = fields.Many2one("res.users", "To", index="btree_not_null")
    by_user_id = fields.Many2one(
        "res.users",
        "Handed Over By",
        required=True,
        default=lambda self: self.env.user,
    )
    note = fields.Text(help="What the next person needs to know.")
    kind = fields.Selection(KINDS, required=True, default="manual")
    rule_id = fields.Many2one(
        "crm.service.escalation.rule", index="btree_not_null", ondelete="set null"
    )
    # access follows the ticket
    team_id = fields.Many2one(related="ticket_id.team_id", store=True, index=True)
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)

    def _as_note(self) -> Markup:
        """The hand-over as it stands in the ticket's history."""
        self.ensure_one()
        field = self._fields["to_level"]
        line = self.env._(
            "Handed over to %(level)s: %(person)s",
            level=dict(field._description_selection(self.env))[self.to_level],
            person=self.to_user_id.name or self.env._("whoever is free"),
        )
        return Markup("<p><b>%s</b></p><p>%s</p>") % (line, self.note or "")

    def _as_told(self) -> str:
        """What is said to whoever gets these tickets: once what holds for all, of
        each ticket what is its own."""
        notes = list(dict.fromkeys(row.note for row in self if row.note))
        if len(notes) < 2:
            return "".join(notes)
        own = [f"{row.ticket_id.number}: {row.note}" for row in self[:TOLD] if row.note]
        return Markup("<br/>").join(own)
