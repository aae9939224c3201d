"""What happens once, at installation."""

from datetime import timedelta

PAST_DAYS = 120


def post_init_hook(env):
    """Take the snapshots of the last months that can still be reconstructed, so that
    trends show something on the first day."""
    snapshots = env["crm.report.snapshot"]
    for company in env["res.company"].search([]):
        last = snapshots._yesterday(company)
        snapshots._take(company, last - timedelta(days=PAST_DAYS), last)
