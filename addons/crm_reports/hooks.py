"""What happens once, when a module that has figures is installed."""

from datetime import timedelta

PAST_DAYS = 120


def post_init_hook(env):
    """Take the snapshots of the last months that can still be reconstructed, so that
    trends show something on the first day.

    Of the figures of which nothing is kept yet, as each module with figures comes at
    a time of its own, and what was kept stays as it was.
    """
    snapshots = env["crm.report.snapshot"]
    kept = {key for (key,) in snapshots._read_group([], ["measure"])}
    # sudo: installing is the system's
    measures = env["crm.measure"].sudo()._measures().values()
    fresh = [one for one in measures if one.key not in kept]
    for company in env["res.company"].search([]):
        last = snapshots._yesterday(company)
        first = last - timedelta(days=PAST_DAYS)
        snapshots._take_figures(fresh, company, first, last)
        if not company.report_snapshot_date:
            company.report_snapshot_date = last
