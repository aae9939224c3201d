from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..tools import ledger
from .crm_service_sla_clock import unnest

BUCKETS = [
    (ledger.WORKING, "Working"),
    (ledger.CLOSED, "Closed hours"),
    (ledger.CUSTOMER, "Waiting for the customer"),
    (ledger.PAUSED, "Paused"),
    (ledger.DONE, "Resolved"),
    (ledger.BEFORE, "Before the clock"),
]
COLUMNS = {
    "ticket_id": "int",
    "date_from": "timestamp",
    "date_to": "timestamp",
    "seconds": "int",
    "bucket": "varchar",
    "state": "varchar",
    "team_id": "int",
    "user_id": "int",
    "policy_id": "int",
    "company_id": "int",
}


class CrmServiceSlaEntry(models.Model):
    """The ledger: a line says who or what a stretch of a ticket's life went to.

    Lines are written by the engine when a span ends, and never changed or deleted by
    anybody; the database refuses a change, and a ticket whose lines would not add up.
    """

    _name = "crm.service.sla.entry"
    _link_gate = True
    _description = "SLA Ledger"
    _order = "ticket_id, date_from, id"
    _rec_name = "ticket_id"
    _log_access = False

    ticket_id = fields.Many2one(
        "crm.service.ticket", required=True, readonly=True, ondelete="cascade"
    )
    date_from = fields.Datetime("From", required=True, readonly=True)
    date_to = fields.Datetime("To", required=True, readonly=True)
    seconds = fields.Integer(required=True, readonly=True)
    hours = fields.Float(
        readonly=True,
        digits=(16, 2),
        help="The same as the seconds, for reading.",
    )
    bucket = fields.Selection(BUCKETS, "Spent On", required=True, readonly=True)
    state = fields.Char("State Then", required=True, readonly=True)
    team_id = fields.Many2one("crm.service.team", readonly=True, ondelete="restrict")
    user_id = fields.Many2one(
        "res.users", "Person", readonly=True, index=True, ondelete="restrict"
    )
    policy_id = fields.Many2one(
        "crm.service.sla.policy", readonly=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one(
        "res.company", readonly=True, index=True, ondelete="restrict"
    )

    _seconds_check = models.Constraint(
        "CHECK (seconds > 0 AND date_to > date_from"
        " AND seconds <= extract(epoch FROM date_to - date_from))",
        "A line of the ledger cannot be longer than the time it is about.",
    )
    _line_uniq = models.UniqueIndex("(ticket_id, date_from, bucket)")
    _team_idx = models.Index("(team_id, date_from)")

    def init(self):
        """The database's own guard; see the docstring of the class."""
        self.env.cr.execute(GUARD)

    def write(self, vals):  # pylint: disable=method-required-super
        raise UserError(self._append_only())

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self._append_only())

    def copy(self, default=None):  # pylint: disable=method-required-super
        raise UserError(self._append_only())

    def _append_only(self) -> str:
        return self.env._(
            "The ledger only grows: what time went to is neither changed nor deleted."
        )

    @api.model_create_multi
    def create(self, vals_list):
        if not vals_list:
            return super().create(vals_list)
        raise UserError(
            self.env._("Lines of the ledger are written by the clock, not by hand.")
        )

    @api.model
    def _bucket_names(self) -> list[tuple[str, str]]:
        """The buckets in the user's language."""
        return self._fields["bucket"]._description_selection(self.env)

    @api.model
    def _append(self, rows: list[tuple]):
        """Write lines, in one statement.

        :param rows: values in the order of ``COLUMNS``
        """
        if not rows:
            return
        self.env.cr.execute(
            SQL(
                "INSERT INTO crm_service_sla_entry (%s, hours)"
                " SELECT *, l.seconds / 3600.0 FROM %s AS l(%s)",
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
                unnest(COLUMNS.values(), rows),
                SQL(", ").join(map(SQL.identifier, COLUMNS)),
            )
        )
        self.invalidate_model()


GUARD = """
CREATE OR REPLACE FUNCTION crm_service_sla_entry_is_final() RETURNS trigger AS $$
BEGIN
    RAISE EXCEPTION 'the ledger of service tickets only grows'
        USING ERRCODE = 'check_violation';
END $$ LANGUAGE plpgsql;

CREATE OR REPLACE FUNCTION crm_service_sla_entry_adds_up() RETURNS trigger AS $$
DECLARE wrong integer;
BEGIN
    SELECT e.ticket_id INTO wrong
      FROM crm_service_sla_entry e
     WHERE e.ticket_id IN (SELECT ticket_id FROM added)
     GROUP BY e.ticket_id
    HAVING sum(e.seconds) <> extract(epoch FROM max(e.date_to) - min(e.date_from))
     LIMIT 1;
    IF FOUND THEN
        RAISE EXCEPTION 'the ledger of ticket % does not add up', wrong
            USING ERRCODE = 'check_violation';
    END IF;
    RETURN NULL;
END $$ LANGUAGE plpgsql;

DROP TRIGGER IF EXISTS crm_service_sla_entry_final ON crm_service_sla_entry;
CREATE TRIGGER crm_service_sla_entry_final BEFORE UPDATE ON crm_service_sla_entry
    FOR EACH ROW EXECUTE FUNCTION crm_service_sla_entry_is_final();

DROP TRIGGER IF EXISTS crm_service_sla_entry_sum ON crm_service_sla_entry;
CREATE TRIGGER crm_service_sla_entry_sum AFTER INSERT ON crm_service_sla_entry
    REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION crm_service_sla_entry_adds_up();
"""
