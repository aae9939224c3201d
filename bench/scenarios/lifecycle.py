"""Lifecycle and levels: a night over all customers against the plain SQL of the same
sets, what a second one writes, and what the history costs who writes partners."""

from __future__ import annotations

import statistics
import time
from typing import Any

from bench.harness import WITH, Run, scenario

LIMIT = 3.0
ROUNDS = 5
MOVERS = 2000

# what the shipped rules by days and four level rules ask, as a person would write it
_SILENT = """
SELECT p.id, p.lifecycle_state, max(e.date)
  FROM res_partner p
  JOIN crm_customer_event e ON e.partner_id = p.id AND e.gone_at IS NULL
  LEFT JOIN (SELECT c.commercial_partner_id AS id, max(a.date_done) AS day
               FROM mail_activity a JOIN res_partner c ON c.id = a.res_id
              WHERE a.res_model = 'res.partner' AND a.date_done IS NOT NULL
              GROUP BY 1) contact ON contact.id = p.id
 WHERE p.active AND p.lifecycle_state IN ('active', 'dormant')
 GROUP BY p.id, contact.day
HAVING GREATEST(max(e.date), contact.day) < now() - CASE p.lifecycle_state
       WHEN 'active' THEN interval '181 days' ELSE interval '366 days' END
"""
_LEVELS = """
SELECT p.id, p.customer_level_id,
       CASE WHEN s.sales >= 500000 THEN 1 WHEN s.sales >= 200000 THEN 2
            WHEN s.sales >= 50000 THEN 3 WHEN s.orders >= 1 THEN 4 END AS earned
  FROM res_partner p
  LEFT JOIN (SELECT partner_id, sum(amount) AS sales, count(*) AS orders
               FROM crm_customer_event
              WHERE gone_at IS NULL AND date > now() - interval '1 year'
              GROUP BY partner_id) s ON s.partner_id = p.id
  LEFT JOIN (SELECT c.commercial_partner_id AS id, sum(l.expected_revenue) AS open
               FROM crm_lead l JOIN res_partner c ON c.id = l.partner_id
              WHERE l.active AND l.won_status = 'pending' GROUP BY 1) o ON o.id = p.id
 WHERE p.active AND p.lifecycle_state IS NOT NULL
"""
_KNOWN = """
SELECT l.id, c.commercial_partner_id, l.date_closed, l.expected_revenue
  FROM crm_lead l JOIN res_partner c ON c.id = l.partner_id
 WHERE l.won_status = 'won'
EXCEPT
SELECT res_id, partner_id, date, amount FROM crm_customer_event WHERE kind = 'won'
"""


def live(run: Run) -> int:
    """Give every customer a deal won in the past half year, as years of use do, and
    whatever follows from it; return how many customers there are."""
    cr = run.env.cr
    cr.execute("SELECT id FROM crm_stage WHERE is_won LIMIT 1")
    stage = cr.fetchone()[0]
    cr.execute(
        """
        INSERT INTO crm_lead (name, type, active, partner_id, stage_id, won_status,
                              probability, expected_revenue, date_closed, company_id,
                              create_date, write_date, create_uid, write_uid)
        SELECT 'Bench', 'opportunity', TRUE, id, %s, 'won', 100, (id %% 700) * 1000,
               now() at time zone 'UTC' - (id %% 170) * interval '1 day',
               (SELECT min(id) FROM res_company), now(), now(), 1, 1
          FROM res_partner
         WHERE active AND lifecycle_state IS NOT NULL
        """,
        [stage],
    )
    customers = cr.rowcount
    run.env.invalidate_all()
    book = run.env["crm.customer.event"].sudo()
    for source in book._event_sources():
        book._sync(source)
    cr.execute(
        """
        UPDATE res_partner SET lifecycle_state = 'active'
         WHERE active AND lifecycle_state IS NOT NULL AND lifecycle_state <> 'active'
        """
    )
    cr.execute(
        """
        INSERT INTO crm_customer_state (partner_id, lifecycle_since, touched_at)
        SELECT partner_id, max(date), max(date) FROM crm_customer_event
         GROUP BY partner_id
            ON CONFLICT (partner_id) DO UPDATE
           SET lifecycle_since = EXCLUDED.lifecycle_since,
               touched_at = EXCLUDED.touched_at, replay_from = NULL
        """
    )
    cr.execute("ANALYZE crm_lead, crm_customer_event, crm_customer_state, res_partner")
    run.env.invalidate_all()
    return customers


def start_levels(run: Run) -> None:
    """Put the shipped level rules in use, with the levels they give already given."""
    rules = run.env["crm.level.rule"].sudo().search([])
    rules.write({"state": "ok"})
    plan = run.env["crm.level.engine"].sudo()._plan()
    run.env.flush_all()
    run.env.cr.execute(
        """
        UPDATE res_partner p SET customer_level_id = given.level
          FROM unnest(%s::int[], %s::int[]) given (id, level) WHERE p.id = given.id
        """,
        [list(plan), [row.target or None for row in plan.values()]],
    )
    run.env.cr.execute("UPDATE crm_customer_state SET level_by_rule = TRUE")
    run.env.cr.execute("ANALYZE res_partner, crm_customer_state")
    run.env.invalidate_all()


def night(run: Run) -> None:
    """Do what the nightly job does, without its commits."""
    run.env["crm.customer.run"].sudo()._run("nightly", ["lifecycle", "level"])
    run.env.flush_all()


def seconds(function: Any) -> float:
    """Return the median time of a few calls, after one that warms up."""
    times = []
    for _round in range(ROUNDS + 1):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def plainly(run: Run) -> None:
    """Ask the same questions by hand."""
    for query in (_KNOWN, _SILENT, _LEVELS):
        run.env.cr.execute(query)
        run.env.cr.fetchall()


def written_rows(run: Run) -> int:
    """Return the rows this transaction has written so far."""
    run.env.flush_all()
    run.env.cr.execute(
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    )
    return int(run.env.cr.fetchone()[0] or 0)


@scenario(
    "lifecycle and levels, a night on which nobody moves",
    users=("admin",), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def quiet_night(run: Run) -> str:
    """All customers have bought and have their levels: who would move is asked, in
    sets, and nothing is written.

    :raise AssertionError: above the limit, or when anything is written
    """
    customers = live(run)
    start_levels(run)
    night(run)
    by_hand = seconds(lambda: plainly(run))
    before = written_rows(run)
    ours = seconds(lambda: night(run))
    written = written_rows(run) - before
    with run.clock():
        night(run)
    ratio = ours / by_hand
    assert not written, f"{written} rows written"
    assert ratio <= LIMIT, f"{ratio:.2f} times plain SQL, {LIMIT} allowed"
    return (
        f"{customers} customers: {ours * 1000:.0f} ms, plain SQL {by_hand * 1000:.0f} "
        f"ms, ratio {ratio:.2f} (limit {LIMIT}), 0 rows written"
    )


@scenario(
    "lifecycle and levels, a night on which two thousand move",
    users=("admin",), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def moving_night(run: Run) -> str:
    """Two thousand have been silent long enough; the night after writes nothing.

    :raise AssertionError: when the second night writes anything
    """
    live(run)
    start_levels(run)
    night(run)
    run.env.cr.execute(
        """
        UPDATE crm_lead SET date_closed = date_closed - interval '190 days'
         WHERE id IN (SELECT res_id FROM crm_customer_event WHERE kind = 'won'
                       ORDER BY res_id LIMIT %s)
        """,
        [MOVERS],
    )
    run.env.invalidate_all()
    with run.clock():
        started = time.perf_counter()
        night(run)
        first = time.perf_counter() - started
    before = written_rows(run)
    night(run)
    written = written_rows(run) - before
    assert not written, f"{written} rows written"
    run.env.cr.execute(
        "SELECT count(*) FROM res_partner WHERE lifecycle_state = 'dormant'"
    )
    moved = run.env.cr.fetchone()[0]
    return f"{moved} moved in {first:.1f} s; second night: 0 rows written"
