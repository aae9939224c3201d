from odoo import api, fields, models
from odoo.tools import SQL

# what customers and leads compute from this table
STATE_FIELDS = [
    "followup_state_ids",
    "last_contact_date",
    "next_contact_date",
    "days_since_contact",
    "followup_overdue",
    "followup_count",
]

WAITING = "crm_followup_state_waiting"  # key in the cursor's data


class CrmFollowupState(models.Model):
    """When a customer or lead was contacted last and when it is next.

    These values change with every contact and every activity. On ``res_partner``, a
    wide table with many indexes, they would cost five times as much; here a row is
    written only when it differs. Nothing else writes this table, and every value can
    be computed anew from follow-ups and activities at any time.
    """

    _name = "crm.followup.state"
    _description = "Follow-up State"
    _log_access = False
    _rec_names_search = ("partner_id", "lead_id")

    partner_id = fields.Many2one("res.partner", ondelete="cascade", readonly=True)
    lead_id = fields.Many2one("crm.lead", ondelete="cascade", readonly=True)
    last_contact_date = fields.Date(readonly=True)
    next_contact_date = fields.Date(readonly=True)
    followup_count = fields.Integer(readonly=True)

    _partner_uniq = models.UniqueIndex("(partner_id) WHERE partner_id IS NOT NULL")
    _lead_uniq = models.UniqueIndex("(lead_id) WHERE lead_id IS NOT NULL")
    _partner_last_idx = models.Index(
        "(last_contact_date, partner_id) WHERE partner_id IS NOT NULL"
    )
    _partner_next_idx = models.Index(
        "(next_contact_date) WHERE next_contact_date IS NOT NULL"
    )

    @api.model
    def _refresh(self, partners, leads):
        """Bring the rows of customers and leads up to date.

        :param partners: any partners; contacts stand for their company
        :param leads: leads; their customers are refreshed with them
        """
        # sudo: figures of records the caller works with, and of their companies;
        # who may read a figure is asked when it is read
        partners, leads = partners.sudo(), leads.sudo()
        families = (partners | leads.partner_id).commercial_partner_id
        self._flush_sources()
        if leads:
            self._upsert("lead_id", self._lead_source(leads.ids))
        if families:
            self._upsert("partner_id", self._partner_source(families.ids))

    @api.model
    def _refresh_later(self, partners, leads):
        """Do as ``_refresh``, once for all changes before somebody asks or commits.

        Leads are converted one by one; three statements for each would make Odoo's
        conversion of many visibly slower.
        """
        waiting = self.env.cr.precommit.data.setdefault(WAITING, (set(), set()))
        if not any(waiting):
            self.env.cr.precommit.add(self._refresh_waiting)
        waiting[0].update(partners.ids)
        waiting[1].update(leads.ids)
        self._forget_dates()

    @api.model
    def _refresh_waiting(self):
        """Bring up to date what ``_refresh_later`` left for later."""
        waiting = self.env.cr.precommit.data.pop(WAITING, None)
        if waiting:
            partners, leads = waiting
            self._refresh(
                self.env["res.partner"].browse(partners).exists(),
                self.env["crm.lead"].browse(leads).exists(),
            )

    @api.model
    def _refresh_all(self):
        """Bring every row up to date: what SQL merges and imports passed by.

        :return: the number of rows that were wrong
        """
        self._flush_sources()
        return self._upsert("lead_id", self._lead_source(None)) + self._upsert(
            "partner_id", self._partner_source(None)
        )

    def _flush_sources(self):
        self.env["crm.followup"].flush_model()
        self.env["mail.activity"].flush_model()
        self.env["crm.lead"].flush_model(["partner_id", "active"])
        self.env["res.partner"].flush_model(["commercial_partner_id"])

    @api.model
    def _upsert(self, key: str, source: SQL) -> int:
        """Write the rows of ``source`` (key, last, next, count) that differ."""
        column = SQL.identifier(key)
        self.env.cr.execute(
            SQL(
                """
                INSERT INTO crm_followup_state AS state
                       (%(key)s, last_contact_date, next_contact_date, followup_count)
                SELECT fresh.id, fresh.last, fresh.next, fresh.number
                  FROM (%(source)s) fresh
                    ON CONFLICT (%(key)s) WHERE %(key)s IS NOT NULL
                    DO UPDATE SET last_contact_date = EXCLUDED.last_contact_date,
                                  next_contact_date = EXCLUDED.next_contact_date,
                                  followup_count = EXCLUDED.followup_count
                 WHERE (state.last_contact_date, state.next_contact_date,
                        state.followup_count)
                       IS DISTINCT FROM (EXCLUDED.last_contact_date,
                        EXCLUDED.next_contact_date, EXCLUDED.followup_count)
                """,
                key=column,
                source=source,
            )
        )
        written = self.env.cr.rowcount
        if written:
            self._forget_dates()
            self.invalidate_model(flush=False)
        return written

    def _forget_dates(self):
        """What is in memory is read anew when it is asked for."""
        for model in ("res.partner", "crm.lead"):
            self.env[model].invalidate_model(STATE_FIELDS, flush=False)

    @api.model
    def _lead_source(self, ids: list[int] | None) -> SQL:
        """Rows of these leads, or of all that have anything."""
        return SQL(
            """
            SELECT COALESCE(contact.id, activity.id, known.id) AS id,
                   contact.last, activity.next, COALESCE(contact.number, 0) AS number
              FROM (SELECT lead_id AS id, max(day) AS last, count(*) AS number
                      FROM crm_followup
                     WHERE %(followups)s
                     GROUP BY lead_id) contact
              FULL JOIN (SELECT res_id AS id, min(date_deadline) AS next
                           FROM mail_activity
                          WHERE active IS TRUE AND res_model = 'crm.lead'
                            AND %(activities)s
                            AND EXISTS (SELECT FROM crm_lead
                                         WHERE crm_lead.id = mail_activity.res_id)
                          GROUP BY res_id) activity
                ON activity.id = contact.id
              FULL JOIN (SELECT lead_id AS id FROM crm_followup_state
                          WHERE %(followups)s) known
                ON known.id = COALESCE(contact.id, activity.id)
            """,
            followups=self._among("lead_id", ids),
            activities=self._among("res_id", ids),
        )

    @api.model
    def _partner_source(self, ids: list[int] | None) -> SQL:
        """Rows of these customers, or of all that have anything.

        Activities on the customer's people and on its leads count for the customer.
        """
        return SQL(
            """
            SELECT COALESCE(contact.id, activity.id, known.id) AS id,
                   contact.last, activity.next, COALESCE(contact.number, 0) AS number
              FROM (SELECT customer_id AS id, max(day) AS last, count(*) AS number
                      FROM crm_followup
                     WHERE %(followups)s
                     GROUP BY customer_id) contact
              FULL JOIN (SELECT id, min(date_deadline) AS next
                           FROM (%(activities)s) planned GROUP BY id) activity
                ON activity.id = contact.id
              FULL JOIN (SELECT partner_id AS id FROM crm_followup_state
                          WHERE %(known)s) known
                ON known.id = COALESCE(contact.id, activity.id)
            """,
            followups=self._among("customer_id", ids),
            known=self._among("partner_id", ids),
            activities=self._customer_activities(ids),
        )

    @api.model
    def _customer_activities(self, ids: list[int] | None) -> SQL:
        return SQL(
            """
            SELECT person.commercial_partner_id AS id, activity.date_deadline
              FROM res_partner person
              JOIN mail_activity activity
                ON activity.res_model = 'res.partner' AND activity.res_id = person.id
               AND activity.active IS TRUE
             WHERE %(person)s
             UNION ALL
            SELECT person.commercial_partner_id, activity.date_deadline
              FROM res_partner person
              JOIN crm_lead lead ON lead.partner_id = person.id
              JOIN mail_activity activity
                ON activity.res_model = 'crm.lead' AND activity.res_id = lead.id
               AND activity.active IS TRUE
             WHERE %(person)s AND lead.active IS TRUE
            """,
            person=self._among("commercial_partner_id", ids, "person"),
        )

    @api.model
    def _among(self, column: str, ids: list[int] | None, table: str = "") -> SQL:
        name = SQL.identifier(table, column) if table else SQL.identifier(column)
        if ids is None:
            return SQL("%s IS NOT NULL", name)
        return SQL("%s = ANY(%s)", name, ids)
