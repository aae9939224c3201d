from odoo import fields, models

from .crm_service_team_member import LEVELS

KINDS = [("manual", "By hand"), ("rule", "By rule"), ("clock", "By the clock")]


class CrmServiceTicketHandover(models.Model):
    """One hand-over of a ticket: who gave it to whom, why, and what was said."""

    _name = "crm.service.ticket.handover"
    _description = "Ticket Hand-over"
    _order = "date desc, id desc"
    _rec_name = "ticket_id"

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, index=True, ondelete="cascade"
    )
    date = fields.Datetime(required=True, default=fields.Datetime.now)
    from_level = fields.Selection(LEVELS, required=True)
    to_level = fields.Selection(LEVELS, required=True)
    from_user_id = fields.Many2one("res.users", "From")
    to_user_id = fields.Many2one("res.users", "To", index="btree_not_null")
    by_user_id = fields.Many2one(
        "res.users",
        "Handed Over By",
        required=True,
        default=lambda self: self.env.user,
    )
    note = fields.Text(help="What the next person needs to know.")
    kind = fields.Selection(KINDS, required=True, default="manual")
    # access follows the ticket
    team_id = fields.Many2one(related="ticket_id.team_id", store=True, index=True)
    company_id = fields.Many2one(related="ticket_id.company_id", store=True, index=True)
