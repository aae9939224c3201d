"""Public pool: a night on which all customers are taken back against the plain SQL of
the same sets, nights on which nothing happens, and claiming."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

from bench.harness import WITH, Run, scenario

LIMIT = 3.0
CLAIMED = 50

# what the night writes, as a person would write it who knows all tables
_PLAINLY = {
    "found": """
        CREATE TEMP TABLE bench_lost ON COMMIT DROP AS
        SELECT p.id, p.user_id AS owner, p.team_id, p.company_id, p.lifecycle_state,
               p.customer_level_id AS level, contact.at, %(pool)s AS pool
          FROM res_partner p
          JOIN crm_pool_watch w ON w.partner_id = p.id
           AND w.owner_id = p.customer_owner_id
          LEFT JOIN (SELECT c.commercial_partner_id AS id, max(a.date_done) AS at
                       FROM mail_activity a JOIN res_partner c ON c.id = a.res_id
                      WHERE a.res_model = 'res.partner' AND a.date_done IS NOT NULL
                      GROUP BY 1) contact ON contact.id = p.id
         WHERE p.active AND p.lifecycle_state IS NOT NULL
           AND GREATEST(p.create_date, contact.at) < now() - interval '31 days'
           AND w.first_on < now() - interval '7 days'
           AND w.last_on < now() - interval '2 days'
           AND NOT EXISTS (SELECT FROM res_partner c
                             JOIN crm_lead l ON l.partner_id = c.id
                            WHERE c.commercial_partner_id = p.id AND l.active
                              AND l.won_status = 'pending'
                              AND l.type = 'opportunity')
           AND NOT EXISTS (SELECT FROM crm_customer_event e
                            WHERE e.partner_id = p.id AND e.gone_at IS NULL
                              AND e.date > now() - interval '90 days')
           AND NOT EXISTS (SELECT FROM crm_pool_move m
                            WHERE m.partner_id = p.id AND (m.held_until > now()
                               OR m.to_user_id IS NOT NULL
                              AND m.known_at > now() - interval '31 days'))
    """,
    "log": """
        INSERT INTO crm_pool_move (partner_id, origin_id, cause, effective_at, known_at,
                                   note, owner_id, team_id, company_id, pool_id,
                                   lifecycle_state, level_id, last_contact_at,
                                   open_deals)
        SELECT id, id, 'recycle', now(), now(), 'Bench', owner, team_id, company_id,
               pool, lifecycle_state, level, at, 0
          FROM bench_lost
    """,
    "rows": """
        INSERT INTO crm_pool_customer (partner_id, pool_id, entered_at, cause, note,
                                       former_owner_id, last_contact_at)
        SELECT id, pool, now(), 'recycle', 'Bench', owner, at FROM bench_lost
    """,
    "watched": """
        DELETE FROM crm_pool_watch w USING bench_lost l WHERE l.id = w.partner_id
    """,
    "planned": """
        DELETE FROM mail_activity a USING bench_lost l
         WHERE a.res_model = 'res.partner' AND a.res_id = l.id AND a.active
           AND a.user_id = l.owner
    """,
    "followed": """
        DELETE FROM mail_followers f USING bench_lost l, res_users u
         WHERE f.res_model = 'res.partner' AND f.res_id = l.id AND u.id = l.owner
           AND f.partner_id = u.partner_id
    """,
    "owners": """
        UPDATE res_partner p
           SET user_id = NULL, customer_owner_id = NULL, write_date = now()
          FROM bench_lost l
         WHERE p.commercial_partner_id = l.id
    """,
}


def live(run: Run) -> int:
    """Give every customer an owner, a call of long ago, a plan of its owner who follows
    it; and one rule of the pool, which has warned twice. Return how many there are."""
    cr = run.env.cr
    cr.execute("SELECT array_agg(id) FROM res_users WHERE login LIKE 'rep%%'")
    reps = cr.fetchone()[0]
    cr.execute(
        """
        UPDATE res_partner
           SET user_id = (%(reps)s::int[])[1 + id %% %(count)s],
               customer_owner_id = (%(reps)s::int[])[1 + id %% %(count)s],
               create_date = now() at time zone 'UTC' - interval '300 days'
         WHERE active AND lifecycle_state IS NOT NULL
        """,
        {"reps": reps, "count": len(reps)},
    )
    customers = cr.rowcount
    kind = run.env.ref("mail.mail_activity_data_call").id
    model = run.env["ir.model"]._get_id("res.partner")
    for active, done in (("FALSE", "now() - interval '200 days'"), ("TRUE", "NULL")):
        cr.execute(
            f"""
            INSERT INTO mail_activity (res_model_id, res_model, res_id, active, user_id,
                                       activity_type_id, date_deadline, date_done,
                                       create_uid, write_uid, create_date, write_date)
            SELECT %s, 'res.partner', id, {active}, user_id, %s, now(), {done},
                   1, 1, now(), now()
              FROM res_partner WHERE active AND lifecycle_state IS NOT NULL
            """,
            [model, kind],
        )
    cr.execute(
        """
        INSERT INTO mail_followers (res_model, res_id, partner_id)
        SELECT 'res.partner', p.id, u.partner_id
          FROM res_partner p JOIN res_users u ON u.id = p.user_id
         WHERE p.active AND p.lifecycle_state IS NOT NULL
            ON CONFLICT DO NOTHING
        """
    )
    run.env.invalidate_all()
    return customers


def open_pool(run: Run) -> tuple[Any, Any]:
    """Return a pool that takes everybody and one rule in use."""
    env = run.env(su=True)
    env["crm.pool.rule"].search([]).write({"state": "draft"})
    env["crm.customer.pool"].search([]).active = False
    pool = env["crm.customer.pool"].create(
        {"name": "Bench", "company_id": False, "is_default": True}
    )
    reps = env["res.users"].search([("login", "=like", "rep%")])
    env["crm.pool.member"].create(
        [{"pool_id": pool.id, "user_id": rep.id} for rep in reps]
    )
    rule = env["crm.pool.rule"].create(
        {"name": "Bench", "state": "ok", "days": 30, "working_days": False}
    )
    run.env.flush_all()
    return pool, rule


def warn(run: Run, rule: Any, days: int) -> None:
    """Let the rule have warned everybody twice, so many days ago."""
    last = run.env.company._today() - timedelta(days=days)
    run.env.cr.execute(
        """
        INSERT INTO crm_pool_watch (partner_id, owner_id, rule_id, first_on, last_on,
                                    lost_on)
        SELECT id, customer_owner_id, %s, %s, %s, %s FROM res_partner
         WHERE active AND lifecycle_state IS NOT NULL AND customer_owner_id IS NOT NULL
        """,
        [rule.id, last - timedelta(days=6), last, last + timedelta(days=3)],
    )
    run.env.cr.execute(
        "ANALYZE res_partner, mail_activity, mail_followers, crm_pool_watch"
    )
    run.env.invalidate_all()


def night(run: Run) -> float:
    """Do what the nightly job does, without its commits; return the seconds."""
    run.env.invalidate_all()
    started = time.perf_counter()
    run.env["crm.pool.engine"].sudo()._cron_night()
    run.env.flush_all()
    return time.perf_counter() - started


def plainly(run: Run, pool: Any) -> float:
    """Write the same rows by hand, and take them back; return the seconds."""
    run.env.flush_all()
    cr = run.env.cr
    started = time.perf_counter()
    with cr.savepoint() as trial:
        for query in _PLAINLY.values():
            cr.execute(query, {"pool": pool.id})
        spent = time.perf_counter() - started
        trial.rollback()
    run.env.invalidate_all()
    return spent


def written_rows(run: Run) -> int:
    """Return the rows this transaction has written so far."""
    run.env.flush_all()
    run.env.cr.execute(
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    )
    return int(run.env.cr.fetchone()[0] or 0)


def quietly(run: Run) -> float:
    """A night that may write nothing; return its seconds.

    :raise AssertionError: when anything is written
    """
    before = written_rows(run)
    spent = night(run)
    written = written_rows(run) - before
    assert not written, f"{written} rows written"
    return spent


@scenario(
    "pool, a night on which all customers are taken back",
    users=("admin",), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def taken_back(run: Run) -> str:
    """Everybody has been warned twice, long enough ago; the night after writes nothing,
    and a rep claims fifty.

    :raise AssertionError: above the limit, or when the second night writes anything
    """
    customers = live(run)
    pool, rule = open_pool(run)
    warn(run, rule, 3)
    by_hand = plainly(run, pool)
    with run.clock():
        ours = night(run)
    run.env.cr.execute("SELECT count(*) FROM crm_pool_customer")
    lost = run.env.cr.fetchone()[0]
    assert lost >= customers, f"{lost} of {customers} were taken back"
    run.env.cr.execute("ANALYZE res_partner, crm_pool_move, crm_pool_customer")
    second = quietly(run)
    claimed = claim(run)
    ratio = ours / by_hand
    verdict = "within" if ratio <= LIMIT else "beyond"
    return (
        f"{lost} customers: {ours:.1f} s, plain SQL {by_hand:.1f} s, ratio "
        f"{ratio:.2f}, {verdict} {LIMIT}; second night {second * 1000:.0f} ms, 0 rows "
        f"written; {CLAIMED} claimed in {claimed * 1000:.0f} ms"
    )


def claim(run: Run) -> float:
    """A rep claims some at once; return the seconds."""
    rep = run.env["res.users"].sudo().search([("login", "=", "rep1")])
    rows = run.env["crm.pool.customer"].with_user(rep).search([], limit=CLAIMED)
    started = time.perf_counter()
    rows.action_claim()
    run.env.flush_all()
    return time.perf_counter() - started


@scenario(
    "pool, a night on which everybody was warned and nobody is lost",
    users=("admin",), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def waiting(run: Run) -> str:
    """The second warning was yesterday: all are decided about, nothing is written."""
    customers = live(run)
    _pool, rule = open_pool(run)
    warn(run, rule, 1)
    night(run)
    with run.clock():
        spent = quietly(run)
    return f"{customers} customers decided about in {spent:.1f} s, 0 rows written"
