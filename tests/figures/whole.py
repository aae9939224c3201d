"""Customers, deals and follow-ups together, counted by hand."""

from odoo.addons.crm_reports_followup.tests.common import FollowupReportsCommon
from odoo.addons.crm_reports_sales_process.tests.common import SalesReportsCommon


class WholeCommon(FollowupReportsCommon, SalesReportsCommon):
    """November 2026 as both tables say; see there."""
