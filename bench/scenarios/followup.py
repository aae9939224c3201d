"""Follow-ups: the nightly rules against plain SQL, what they write, and what the module
costs leads, partners and lists."""

from __future__ import annotations

import statistics
import time
from typing import Any

from lxml import etree

from bench.harness import WITH, Run, scenario

RULES = 10
ROUNDS = 5
LIMIT = 3.0
SPREAD = 60  # days over which the last contacts lie
DATES = ["last_contact_date", "next_contact_date", "followup_overdue"]

# What the ten rules look for, as a person would write it in SQL.
_PLAIN = """
SELECT p.id
  FROM res_partner p
  LEFT JOIN crm_followup_state s ON s.partner_id = p.id
  JOIN res_users u ON u.id = p.user_id AND u.active
 WHERE p.active AND p.lifecycle_state IS NOT NULL AND {condition}
   AND COALESCE(s.last_contact_date, p.create_date::date) <= current_date - {days}
   AND NOT EXISTS (SELECT FROM crm_followup_task t
                    WHERE t.partner_id = p.id AND t.state = 'open')
 LIMIT 1000
"""


def contact_everybody(run: Run, newest: int, spread: int) -> int:
    """Give every customer a last contact between ``newest`` and ``newest + spread``
    days ago, as years of use do; return how many customers there are."""
    run.env.cr.execute(
        """
        INSERT INTO crm_followup_state (partner_id, last_contact_date, followup_count)
        SELECT id, current_date - (%s + (id / 10) %% %s)::int, 1
          FROM res_partner WHERE active AND lifecycle_state IS NOT NULL
            ON CONFLICT DO NOTHING
        """,
        [newest, spread],
    )
    customers = run.env.cr.rowcount
    run.env.cr.execute("ANALYZE crm_followup_state")
    return customers


def ensure_contacts(run: Run) -> None:
    """Give every customer a last contact for good: rows written and rolled back in
    each round would have the list read past them, which no list in use has to."""
    with run.env.registry.cursor() as cr:
        contact_everybody(
            Run(run.env(cr=cr, user=1), run.side, run.size, run.number),
            newest=0,
            spread=SPREAD,
        )
    # a snapshot older than the rows would not see them
    run.env.cr.commit()
    run.env.invalidate_all()


def make_rules(run: Run, days: int) -> tuple[Any, list[str]]:
    """Return ten rules, each over about all customers, and the SQL of each."""
    cities = [
        "北京",
        "上海",
        "广州",
        "深圳",
        "杭州",
        "苏州",
        "成都",
        "武汉",
        "西安",
        "青岛",
    ]
    env = run.env(su=True)
    env["crm.followup.rule"].search([]).active = False
    rules = env["crm.followup.rule"].create(
        [
            {
                "name": f"Bench {city}",
                "domain": str([("city", "!=", city)]),
                "days": days,
                "remind_days": 0,
                "activity_type_id": env.ref("mail.mail_activity_data_call").id,
            }
            for city in cities[:RULES]
        ]
    )
    plain = [
        _PLAIN.format(condition=f"(p.city <> '{city}' OR p.city IS NULL)", days=days)
        for city in cities[:RULES]
    ]
    return rules, plain


def seconds(function: Any) -> float:
    """Return the median time of a few calls, after one that warms up."""
    times = []
    for _round in range(ROUNDS + 1):
        started = time.perf_counter()
        function()
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


def written_rows(run: Run) -> int:
    """Return the rows this transaction has written so far."""
    run.env.flush_all()
    run.env.cr.execute(
        "SELECT sum(n_tup_ins + n_tup_upd + n_tup_del) FROM pg_stat_xact_user_tables"
    )
    return int(run.env.cr.fetchone()[0] or 0)


def run_all(rules: Any) -> int:
    """Do what the nightly job does, without its commits; return how many were due."""
    rules._withdraw_outdated()
    return sum(rule._run_batch() for rule in rules)


@scenario(
    "follow-up rules, a night on which nothing is due",
    users=("admin",), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def nothing_due(run: Run) -> str:
    """Ten rules over all customers against the same ten questions in plain SQL.

    :raise AssertionError: above the limit, or when anything is written
    """
    customers = contact_everybody(run, newest=0, spread=SPREAD)
    rules, plain = make_rules(run, days=90)
    run.env.flush_all()
    by_hand = seconds(lambda: [run.env.cr.execute(query) for query in plain])
    before = written_rows(run)
    ours = seconds(lambda: run_all(rules))
    written = written_rows(run) - before
    with run.clock():
        due = run_all(rules)
    ratio = ours / by_hand
    assert not due, f"{due} were due"
    assert not written, f"{written} rows written"
    assert ratio <= LIMIT, f"{ratio:.2f} times plain SQL, {LIMIT} allowed"
    return (
        f"{customers} customers, {RULES} rules: {ours * 1000:.0f} ms, plain SQL "
        f"{by_hand * 1000:.0f} ms, ratio {ratio:.2f} (limit {LIMIT}), 0 rows written"
    )


@scenario(
    "follow-up rules, the second run of a night",
    users=("admin",), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def second_run(run: Run) -> str:
    """A thousand due per rule are planned; the run after it writes nothing.

    :raise AssertionError: when the second run plans or writes anything
    """
    contact_everybody(run, newest=0, spread=SPREAD)
    rules, _plain = make_rules(run, days=59)
    run.env.flush_all()
    started = time.perf_counter()
    planned = 0
    while due := run_all(rules):
        planned += due
    run.env.flush_all()
    first = time.perf_counter() - started
    before = written_rows(run)
    with run.clock():
        again = run_all(rules)
    written = written_rows(run) - before
    assert not again and not written, f"{again} planned, {written} rows written"
    return (
        f"first run: {planned} planned in {first:.1f} s "
        f"({first / max(planned, 1) * 1000:.1f} ms each); second run: 0 rows written"
    )


@scenario(
    "follow-up state, everything computed anew",
    users=("admin",), limit=None, rounds=1, runs_on=(WITH,),
)  # fmt: skip
def refresh_all(run: Run) -> str:
    """The nightly correction of the dates of all customers.

    :raise AssertionError: when a second pass writes anything
    """
    customers = contact_everybody(run, newest=0, spread=SPREAD)
    states = run.env["crm.followup.state"].sudo()
    corrected = states._refresh_all()
    with run.clock():
        again = states._refresh_all()
    assert not again, f"{again} rows written by the second pass"
    return f"{customers} rows without a contact corrected: {corrected}; then 0 written"


def new_leads(run: Run, number: int) -> list[dict[str, Any]]:
    """Return the values of new leads of one customer."""
    partner = run.env["res.partner"].search([("is_company", "=", True)], limit=1)
    return [
        {
            "name": f"询价 {run.number}-{index}",
            "type": "lead",
            "partner_id": partner.id,
            "user_id": run.env.uid,
        }
        for index in range(number)
    ]


@scenario("follow-up: lead create 1")
def create_lead(run: Run) -> None:
    """A lead typed in a form."""
    values = new_leads(run, 1)
    with run.clock():
        run.env["crm.lead"].create(values)


@scenario("follow-up: lead create 100")
def create_leads(run: Run) -> None:
    """A batch, as an integration sends it."""
    values = new_leads(run, 100)
    with run.clock():
        run.env["crm.lead"].create(values)


@scenario("follow-up: partner write 100")
def write_partners(run: Run) -> None:
    """A change of city of a hundred customers."""
    # the same ones on both sides, whatever record rules say
    owned = [("user_id", "=", run.env.uid)]
    partners = run.env["res.partner"].search(owned, order="id", limit=100)
    if not partners:
        partners = partners.search([("is_company", "=", True)], order="id", limit=100)
    partners.mapped("city")
    with run.clock():
        partners.write({"city": f"城市 {run.number}"})


def list_specification(run: Run) -> dict[str, Any]:
    """Return what the web client asks for to show Odoo's list of partners."""
    view = run.env["res.partner"].get_view(view_type="list")
    fields = run.env["res.partner"]._fields
    names = etree.fromstring(view["arch"]).xpath("//field[not(ancestor::field)]/@name")
    named = {"fields": {"display_name": {}}}
    return {name: named if fields[name].relational else {} for name in names}


@scenario("follow-up: list with last and next contact", extra_queries=2)
def list_with_dates(run: Run) -> str | None:
    """The first page of Odoo's list, with us with the three columns of contacts."""
    wanted = list_specification(run)
    if run.side == WITH:
        ensure_contacts(run)
        wanted |= {name: {} for name in DATES}
    partners = run.env["res.partner"]
    with run.clock():
        partners.web_search_read([("is_company", "=", True)], wanted, limit=80)
    if run.side != WITH:
        return None
    silent = [
        ("lifecycle_state", "!=", False),
        "|",
        ("last_contact_date", "=", False),
        ("last_contact_date", "<", "today -30d"),
    ]
    started = time.perf_counter()
    found = partners.search_count(silent)
    spent = time.perf_counter() - started
    return f"count of “no contact for 30 days”: {found} in {spent * 1000:.0f} ms"
