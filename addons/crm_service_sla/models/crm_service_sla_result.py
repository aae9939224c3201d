from odoo import api, fields, models
from odoo.tools import SQL

from .crm_service_sla_clock import unnest

CLOCK_NAMES = [
    ("first_response", "First response"),
    ("next_response", "Next response"),
    ("resolution", "Resolution"),
]
COLUMNS = {
    "ticket_id": "int",
    "policy_id": "int",
    "clock": "varchar",
    "cycle": "int",
    "date_from": "timestamp",
    "date_to": "timestamp",
    "target": "int",
    "used": "int",
    "is_late": "bool",
    "team_id": "int",
    "user_id": "int",
    "company_id": "int",
    "type_id": "int",
    "priority": "varchar",
}


class CrmServiceSlaResult(models.Model):
    """A promise that was kept or not: one line per clock that has ended.

    Written when it happens, so that the figures of last month stay what they were.
    The grain of SLA figures; a reopened ticket that is resolved again has two lines.
    """

    _name = "crm.service.sla.result"
    _link_gate = True
    _description = "SLA Result"
    _order = "date_to desc, id desc"
    _rec_name = "ticket_id"
    _log_access = False

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, readonly=True, ondelete="cascade"
    )
    policy_id = fields.Many2one(
        "crm.service.sla.policy", readonly=True, index=True, ondelete="restrict"
    )
    clock = fields.Selection(CLOCK_NAMES, "Target", required=True, readonly=True)
    cycle = fields.Integer("Round", readonly=True)
    date_from = fields.Datetime("Started", required=True, readonly=True)
    date_to = fields.Datetime("Ended", required=True, readonly=True)
    target = fields.Integer(
        "Target (s)", required=True, readonly=True, aggregator="avg"
    )
    used = fields.Integer("Used (s)", required=True, readonly=True, aggregator="avg")
    used_hours = fields.Float(
        readonly=True,
        aggregator="avg",
        help="Working hours used, on average.",
    )
    is_late = fields.Boolean("Breached", readonly=True)
    met_rate = fields.Float(
        "SLA %", readonly=True, aggregator="avg", help="Kept promises in per cent."
    )
    team_id = fields.Many2one(
        "crm.service.team", readonly=True, index=True, ondelete="restrict"
    )
    user_id = fields.Many2one(
        "res.users", "Person", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="restrict"
    )
    type_id = fields.Many2one(
        "crm.service.ticket.type",
        readonly=True,
        index=True,
        ondelete="restrict",
    )
    priority = fields.Selection(
        lambda self: self.env["crm.service.ticket"]._sla_choices("priority"),
        readonly=True,
    )

    # also what keeps two workers from noting the same end twice
    _result_uniq = models.UniqueIndex("(ticket_id, clock, cycle)")
    _date_idx = models.Index("(date_to)")

    @api.model
    def _append(self, rows: list[tuple]):
        """Note results, in one statement.

        :param rows: values in the order of ``COLUMNS``
        """
        if not rows:
            return
        names = SQL(", ").join(map(SQL.identifier, COLUMNS))
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_service_sla_result (%s, used_hours, met_rate)"
                " SELECT *, r.used / 3600.0, CASE WHEN r.is_late THEN 0 ELSE 100 END"
                " FROM %s AS r(%s)",
                names,
                unnest(COLUMNS.values(), rows),
                names,
            )
        )
        self.invalidate_model()
