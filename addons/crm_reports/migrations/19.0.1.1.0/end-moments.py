"""A night on which a figure of the moment was nothing left no row, and looked as if it
had not been counted. Of the nights on which a company counted other such figures, the
ones without a row get it."""

from odoo import SUPERUSER_ID, api
from odoo.tools import SQL


def migrate(cr, version):
    env = api.Environment(cr, SUPERUSER_ID, {})
    moments = [one for one in env["crm.measure"]._measures().values()
               if not one.date_field]  # fmt: skip
    if not moments:
        return
    cr.execute(
        SQL(
            """
            INSERT INTO crm_report_snapshot (date, company_id, measure, amount, weight)
            SELECT night.date, night.company_id, figure.measure, 0, figure.weight
              FROM (SELECT DISTINCT date, company_id FROM crm_report_snapshot
                     WHERE measure = ANY(%(keys)s) AND company_id IS NOT NULL) night
             CROSS JOIN unnest(%(keys)s, %(weights)s::float8[])
                        AS figure (measure, weight)
             WHERE NOT EXISTS (
                   SELECT FROM crm_report_snapshot kept
                    WHERE kept.date = night.date AND kept.measure = figure.measure
                      AND kept.company_id = night.company_id)
                ON CONFLICT DO NOTHING
            """,
            keys=[one.key for one in moments],
            weights=[0.0 if one.is_ratio else None for one in moments],
        )
    )
