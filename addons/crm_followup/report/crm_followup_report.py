from datetime import timedelta

import pytz

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.crm_suite_base.fields import OptionalFloat

from ..models.crm_followup import METHODS

KINDS = [
    ("record", "Follow-up"),
    ("due", "Planned follow-up"),
    ("response", "New lead"),
    ("coverage", "Own customer"),
    ("conversion", "Followed-up lead"),
]


class CrmFollowupReport(models.Model):
    """How well follow-up works.

    Grain: one row per event, its ``kind`` saying which: a follow-up written; a
    planned follow-up whose day has come; a lead contacted for the first time; a
    customer that has an owner (as of today); a lead that was followed up. A measure
    is filled on the rows of its kind and empty on all others, so that averages of it
    are right in every grouping. Rates are percentages: 100 or 0 on a row.
    """

    _name = "crm.followup.report"
    _description = "Follow-up Analysis"
    _auto = False
    _order = "date desc, id desc"
    _rec_name = "kind"
    _depends = {  # noqa: RUF012  Odoo reads a dict
        "crm.followup": [
            "date",
            "method",
            "user_id",
            "lead_id",
            "customer_id",
            "guard_user_id",
            "is_first_contact",
            "response_hours",
        ],
        "crm.followup.task": [
            "state",
            "date_due",
            "on_time",
            "followup_id",
            "user_id",
            "company_id",
        ],
        "crm.lead": ["won_status", "date_closed", "user_id", "team_id", "partner_id"],
        "res.partner": ["customer_owner_id", "lifecycle_state", "team_id", "active"],
    }

    kind = fields.Selection(KINDS, readonly=True)
    date = fields.Date(readonly=True)
    user_id = fields.Many2one("res.users", "Person", readonly=True)
    team_id = fields.Many2one("crm.team", "Sales Team", readonly=True)
    partner_id = fields.Many2one("res.partner", "Customer", readonly=True)
    lead_id = fields.Many2one("crm.lead", readonly=True)
    followup_id = fields.Many2one("crm.followup", "Follow-up", readonly=True)
    rule_id = fields.Many2one("crm.followup.rule", readonly=True)
    method = fields.Selection(METHODS, readonly=True)
    # measures
    record_count = fields.Integer("Follow-ups", readonly=True)
    due_count = fields.Integer("Due", readonly=True)
    on_time_rate = OptionalFloat("On Time (%)", readonly=True, aggregator="avg")
    response_hours = OptionalFloat(
        "Response to New Leads (working h)", readonly=True, aggregator="avg"
    )
    customer_count = fields.Integer("Own Customers", readonly=True)
    coverage_rate = OptionalFloat("Coverage (%)", readonly=True, aggregator="avg")
    conversion_rate = OptionalFloat(
        "Won After Follow-up (%)", readonly=True, aggregator="avg"
    )
    # access, as on crm.followup
    guard_user_id = fields.Many2one("res.users", readonly=True)
    lead_user_id = fields.Many2one("res.users", readonly=True)
    lead_team_id = fields.Many2one("crm.team", readonly=True)
    is_customer = fields.Boolean(readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    @property
    def _table_query(self) -> SQL:
        parts = self._report_parts()
        union = SQL(" UNION ALL ").join(parts[kind] for kind in parts)
        return SQL("SELECT * FROM (%s) report", union)

    @api.model
    def _report_parts(self) -> dict[str, SQL]:
        """One query per kind, all with the columns of ``_columns``; extend through
        ``super()``. The id of a row is that of its source times ten plus the number
        of its kind."""
        return {
            "record": self._part_record(),
            "due": self._part_due(),
            "response": self._part_response(),
            "coverage": self._part_coverage(),
            "conversion": self._part_conversion(),
        }

    @api.model
    def _columns(self, **given: str) -> SQL:
        """The select list of a part: what is given, and typed NULLs."""
        types = {
            "id": "bigint",
            "kind": "varchar",
            "date": "date",
            "user_id": "int",
            "team_id": "int",
            "partner_id": "int",
            "lead_id": "int",
            "followup_id": "int",
            "rule_id": "int",
            "method": "varchar",
            "record_count": "int",
            "due_count": "int",
            "on_time_rate": "float8",
            "response_hours": "float8",
            "customer_count": "int",
            "coverage_rate": "float8",
            "conversion_rate": "float8",
            "guard_user_id": "int",
            "lead_user_id": "int",
            "lead_team_id": "int",
            "is_customer": "boolean",
            "company_id": "int",
        }
        unknown = given.keys() - types.keys()
        if unknown:
            raise ValueError(f"no columns of the report: {sorted(unknown)}")
        return SQL(", ").join(
            # the expressions are constants of this file
            SQL(f"({given.get(name, 'NULL')})::{sql_type} AS {name}")
            for name, sql_type in types.items()
        )

    @api.model
    def _followup_columns(self, **more: str) -> SQL:
        return self._columns(
            user_id="f.user_id",
            team_id="COALESCE(f.lead_team_id, p.team_id)",
            partner_id="f.customer_id",
            lead_id="f.lead_id",
            followup_id="f.id",
            method="f.method",
            date=f"({self._day('f.date')})",
            guard_user_id="f.guard_user_id",
            lead_user_id="f.lead_user_id",
            lead_team_id="f.lead_team_id",
            is_customer="f.is_customer",
            company_id="f.company_id",
            **more,
        )

    @api.model
    def _day(self, column: str) -> str:
        """The day of a moment where the company is, as figures count it."""
        # the name of a time zone is one that pytz knows, see company._zone()
        zone = pytz.timezone(self.env.company._zone()).zone
        return f"({column} AT TIME ZONE 'UTC' AT TIME ZONE '{zone}')::date"

    def _part_record(self) -> SQL:
        """One row per follow-up, on its day."""
        return SQL(
            "SELECT %s FROM crm_followup f"
            " LEFT JOIN res_partner p ON p.id = f.customer_id",
            self._followup_columns(id="f.id * 10", kind="'record'", record_count="1"),
        )

    def _part_response(self) -> SQL:
        """One row per lead, on the day of its first contact; hours as stored then."""
        return SQL(
            "SELECT %s FROM crm_followup f"
            " LEFT JOIN res_partner p ON p.id = f.customer_id"
            " WHERE f.is_first_contact",
            self._followup_columns(
                id="f.id * 10 + 1", kind="'response'", response_hours="f.response_hours"
            ),
        )

    def _part_due(self) -> SQL:
        """One row per planned follow-up whose day has come, on that day; on time when
        done by then. What was cancelled or withdrawn was not to be done."""
        return SQL(
            """
            SELECT %s FROM crm_followup_task t
              LEFT JOIN crm_lead l ON l.id = t.lead_id
              LEFT JOIN res_partner p ON p.id = COALESCE(t.partner_id, l.partner_id)
             WHERE (t.state = 'done' OR t.state = 'open' AND t.date_due < %s)
            """,
            self._columns(
                id="t.id * 10 + 2",
                kind="'due'",
                date="t.date_due",
                user_id="t.user_id",
                team_id="COALESCE(l.team_id, p.team_id)",
                partner_id="p.commercial_partner_id",
                lead_id="t.lead_id",
                followup_id="t.followup_id",
                rule_id="t.rule_id",
                due_count="1",
                on_time_rate="CASE WHEN t.on_time THEN 100 ELSE 0 END",
                guard_user_id="COALESCE(p.customer_owner_id, l.user_id)",
                lead_user_id="l.user_id",
                lead_team_id="l.team_id",
                is_customer="p.is_customer",
                company_id="t.company_id",
            ),
            self.env.company._today(),
        )

    def _part_coverage(self) -> SQL:
        """One row per customer with an owner, as of today; covered when contacted in
        the period of the settings."""
        today = self.env.company._today()
        days = self.env["crm.followup"]._setting("coverage_days")
        return SQL(
            """
            SELECT %(columns)s FROM res_partner p
              LEFT JOIN crm_followup_state s ON s.partner_id = p.id
             CROSS JOIN (SELECT %(since)s::date AS since, %(today)s::date AS today) now
             WHERE p.active IS TRUE AND p.lifecycle_state IS NOT NULL
               AND p.customer_owner_id IS NOT NULL
               AND p.commercial_partner_id = p.id
            """,
            columns=self._columns(
                id="p.id::bigint * 10 + 3",
                kind="'coverage'",
                date="now.today",
                user_id="p.customer_owner_id",
                team_id="p.team_id",
                partner_id="p.id",
                customer_count="1",
                coverage_rate="CASE WHEN s.last_contact_date > now.since"
                " THEN 100 ELSE 0 END",
                guard_user_id="p.customer_owner_id",
                is_customer="p.is_customer",
                company_id="p.company_id",
            ),
            since=today - timedelta(days=days),
            today=today,
        )

    def _part_conversion(self) -> SQL:
        """One row per followed-up lead, on the day of its first follow-up; won when
        the deal closed within the period of the settings after any of them."""
        days = self.env["crm.followup"]._setting("conversion_days")
        return SQL(
            """
            SELECT %(columns)s
              FROM (SELECT lead_id, min(day) AS day, array_agg(day) AS days
                      FROM (SELECT lead_id, %(contact)s AS day FROM crm_followup
                             WHERE lead_id IS NOT NULL) contact GROUP BY lead_id) f
              JOIN crm_lead l ON l.id = f.lead_id
              LEFT JOIN res_partner p ON p.id = l.partner_id
             CROSS JOIN (SELECT %(days)s::int AS days) period
            """,
            columns=self._columns(
                id="l.id::bigint * 10 + 4",
                kind="'conversion'",
                date="f.day",
                user_id="l.user_id",
                team_id="l.team_id",
                partner_id="p.commercial_partner_id",
                lead_id="l.id",
                conversion_rate="CASE WHEN l.won_status = 'won' AND EXISTS ("
                "SELECT FROM unnest(f.days) contact(day)"
                f" WHERE {self._day('l.date_closed')} BETWEEN contact.day"
                " AND contact.day + period.days) THEN 100 ELSE 0 END",
                guard_user_id="COALESCE(p.customer_owner_id, l.user_id)",
                lead_user_id="l.user_id",
                lead_team_id="l.team_id",
                is_customer="p.is_customer",
                company_id="COALESCE(l.company_id, p.company_id)",
            ),
            contact=SQL(self._day("crm_followup.date")),
            days=days,
        )

    def action_open_source(self):
        """Open what the row is about."""
        self.ensure_one()
        record = self.followup_id or self.lead_id or self.partner_id
        return record.get_formview_action()
