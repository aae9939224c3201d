from contextlib import contextmanager
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import SQL

from odoo.addons.crm_suite_base.models.crm_job import Step

# A segment that takes longer to find is refused, and switched to error at night.
TIME_LIMIT_SECONDS = 60
# A segment is due again at the next nightly run, whenever exactly the last one was.
DUE_AFTER = timedelta(hours=12)

# One statement finds who joined and who left; a member who stays is not touched.
_REFRESH = """
WITH wanted AS MATERIALIZED (%(members)s),
gone AS (
    DELETE FROM crm_segment_member old
     WHERE old.segment_id = %(segment)s
       AND NOT EXISTS (SELECT FROM wanted WHERE wanted.id = old.partner_id)
    RETURNING old.partner_id
), come AS (
    INSERT INTO crm_segment_member (segment_id, partner_id)
    SELECT %(segment)s, wanted.id
      FROM wanted
     WHERE NOT EXISTS (
           SELECT FROM crm_segment_member old
            WHERE old.segment_id = %(segment)s AND old.partner_id = wanted.id
     )
    ON CONFLICT DO NOTHING
    RETURNING partner_id
)
SELECT (SELECT count(*) FROM come), (SELECT count(*) FROM gone)
"""


class CrmSegment(models.Model):
    """The members as of the last refresh.

    They are kept in the table of ``member_ids``, which nobody opens directly: counts
    join it with the partners a user may read.
    """

    _inherit = "crm.segment"

    @api.depends_context("uid", "allowed_company_ids")
    def _compute_member_count(self):
        counts = self._count_members()
        for segment in self:
            segment.member_count = counts.get(segment._origin.id, 0)

    def _count_members(self):
        """Return segment id -> members the user may see, in one statement."""
        query = self.env["res.partner"]._search(Domain.TRUE)
        query.add_join(
            "JOIN",
            "crm_segment_member",
            None,
            SQL(
                "crm_segment_member.partner_id = %s AND crm_segment_member.segment_id"
                " = ANY(%s)",
                SQL.identifier("res_partner", "id"),
                self._origin.ids,
            ),
        )
        segment = SQL.identifier("crm_segment_member", "segment_id")
        rows = self.env.execute_query(
            SQL("%s GROUP BY %s", query.select(segment, SQL("count(*)")), segment)
        )
        return dict(rows)

    # ------------------------------------------------------------
    # REFRESH
    # ------------------------------------------------------------

    def _refresh_members(self):
        """Find the members of each segment anew.

        One statement per segment, whatever the number of members; who stays is not
        written. A segment that fails is switched to error with the reason, keeps the
        members it had, and does not stop the others.

        :return: segment id -> (how many joined, how many left); failed ones are missing
        """
        done = {}
        # sudo: dates and states of segments of others are written by the cron and by
        # readers who ask for a refresh; who is found is decided by the owner's rights
        for segment in self.sudo():
            with segment._isolated():
                done[segment.id] = segment._refresh_one()
        # sudo: as above
        self.sudo().browse(done)._mark_refreshed()
        return done

    def _refresh_or_refuse(self):
        """The same at save: a segment that does not work is not saved."""
        segments = self.filtered("active").sudo()  # sudo: as above
        for segment in segments:
            try:
                with self.env.cr.savepoint():
                    segment._refresh_one()
            except (AccessError, UserError):
                raise
            except Exception as error:
                raise ValidationError(segment._error_text(error)) from error
        segments._mark_refreshed()

    def _refresh_one(self):
        partners = self._as_owner()
        owned = self.with_env(partners.env)
        query = partners._search(owned._get_partner_domain())
        with self._time_limit():
            [(come, gone)] = self.env.execute_query(
                SQL(_REFRESH, members=query.select(), segment=self.id)
            )
        self.invalidate_recordset(["member_ids", "member_count"])
        return come, gone

    def _as_owner(self):
        """Return partners with the rights of the owner, in the segment's company.

        Members found with more rights than that would tell the owner things about
        records he may not read.
        """
        owner = self.user_id
        companies = self.company_id or owner.company_ids
        return (
            self.env["res.partner"]
            .with_user(owner)
            .with_context(allowed_company_ids=companies.ids, active_test=True)
        )

    @contextmanager
    def _time_limit(self):
        cr = self.env.cr
        cr.execute("SHOW statement_timeout")
        [before] = cr.fetchone()
        cr.execute("SET LOCAL statement_timeout = %s", [TIME_LIMIT_SECONDS * 1000])
        yield
        cr.execute("SET LOCAL statement_timeout = %s", [before])

    @api.model
    def _too_slow(self):
        return self.env._(
            "Finding the members takes longer than %s seconds. Write a simpler"
            " condition.",
            TIME_LIMIT_SECONDS,
        )

    def _mark_refreshed(self):
        self._set_ok()
        # sudo: see _refresh_members
        self.sudo().write({"last_refreshed": fields.Datetime.now()})

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_refresh_segments(self):
        """Refresh all segments that are due, one commit each."""
        self.env["crm.job"]._work_off(
            Step(
                "crm_tagging.segment",
                self,
                self._due_domain(),
                lambda segment: segment._refresh_members(),
                order="last_refreshed NULLS FIRST, id",
                size=1,
                # one that failed is asked again with the next night
                stays=True,
            )
        )

    @api.model
    def _due_segments(self):
        """Return the segments to refresh, those never refreshed first."""
        return self.search(self._due_domain(), order="last_refreshed NULLS FIRST, id")

    @api.model
    def _due_domain(self) -> Domain:
        limit = fields.Datetime.now() - DUE_AFTER
        return Domain("last_refreshed", "=", False) | Domain(
            "last_refreshed", "<", limit
        )
