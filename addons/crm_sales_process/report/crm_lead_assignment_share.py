from odoo import fields, models
from odoo.tools import SQL


class CrmLeadAssignmentShare(models.Model):
    """What each person got from the pools, against what was due.

    Grain: a decision of a rule, a person who was there, and the kind of figure. Each
    lead given away adds the person's share of it (0 to 1, by weight among those who
    were there then) to the target, and 1 to what the one who got it received. Over any
    period the two add up to the same number of leads.
    """

    _name = "crm.lead.assignment.share"
    _link_gate = True
    _description = "Fairness of Lead Assignment"
    _auto = False
    _order = "date desc, id"
    _rec_name = "lead_id"

    date = fields.Datetime(readonly=True)
    log_id = fields.Many2one(
        "crm.lead.assignment.log", "Line of the Log", readonly=True
    )
    lead_id = fields.Many2one("crm.lead", readonly=True)
    rule_id = fields.Many2one("crm.lead.assignment.rule", readonly=True)
    user_id = fields.Many2one("res.users", "Salesperson", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    kind = fields.Selection(
        [("target", "Target"), ("received", "Received")], "Figure", readonly=True
    )
    leads = fields.Float(readonly=True, digits=(16, 1))
    deviation = fields.Float(
        "More or Less Than Target",
        readonly=True,
        digits=(16, 1),
        help="Received minus target; in any period less than two leads.",
    )

    @property
    def _table_query(self) -> SQL:
        return SQL("%s %s %s", self._select(), self._from(), self._where())

    def _select(self) -> SQL:
        return SQL(
            """SELECT row_number()
                       OVER (ORDER BY log.id, person.number, kind.name) AS id,
                   log.id AS log_id, log.date, log.lead_id, log.rule_id,
                   lead.company_id,
                   (person.value->>'user')::int AS user_id,
                   kind.name AS kind,
                   kind.leads AS leads,
                   CASE kind.name WHEN 'target' THEN -kind.leads ELSE kind.leads END
                       AS deviation"""
        )

    def _from(self) -> SQL:
        return SQL(
            """FROM crm_lead_assignment_log log
               JOIN crm_lead lead ON lead.id = log.lead_id
               CROSS JOIN LATERAL jsonb_array_elements(log.candidates)
                   WITH ORDINALITY AS person(value, number)
               CROSS JOIN LATERAL (VALUES
                   ('target', (person.value->>'share')::float),
                   ('received', CASE WHEN (person.value->>'user')::int = log.user_id
                                     THEN 1.0 ELSE 0.0 END)
               ) AS kind(name, leads)"""
        )

    def _where(self) -> SQL:
        return SQL("WHERE log.outcome = 'assigned' AND kind.leads > 0")
