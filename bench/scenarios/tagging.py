"""Tag rules: a night with 20 rules, and what they cost whoever saves customers.

``without`` our modules the night is the plain SQL that computes the same sets: for
each rule who gains and who loses its tag.
"""

from __future__ import annotations

from typing import Any

from bench.fill import CITIES
from bench.harness import WITH, Run, scenario

# (condition of the rule, the same in SQL)
CONDITIONS: list[tuple[list[Any], str]] = [
    *(
        (
            [("city", "=", city), ("is_company", "=", True)],
            f"city = '{city}' AND is_company",
        )
        for city in CITIES
    ),
    *(
        (
            [("create_date", ">=", f"today -{days}d"), ("is_company", "=", True)],
            (
                f"create_date >= date_trunc('day', now()) - interval '{days} days'"
                " AND is_company"
            ),
        )
        for days in (7, 30, 90, 180)
    ),
    *(
        (
            [("name", "ilike", word), ("is_company", "=", True)],
            f"name ILIKE '%%{word}%%' AND is_company",
        )
        for word in ("科技", "医药", "物流")
    ),
    (
        [("user_id", "=", False), ("is_company", "=", True)],
        "user_id IS NULL AND is_company",
    ),
    (
        [("child_ids.email", "ilike", "kontakt7")],
        (
            "id IN (SELECT parent_id FROM res_partner"
            " WHERE email ILIKE '%%kontakt7%%' AND active)"
        ),
    ),
    (
        [("parent_id.city", "=", CITIES[0]), ("street", "ilike", "路1")],
        (
            f"parent_id IN (SELECT id FROM res_partner WHERE city = '{CITIES[0]}')"
            " AND street ILIKE '%%路1%%'"
        ),
    ),
]
RELATION = "res_partner_res_partner_category_rel"


def make_tags(run: Run) -> list[int]:
    """Create a tag for each condition; return their ids."""
    tags = (
        run.env["res.partner.category"]
        .sudo()
        .create(
            [
                {"name": f"Bench {run.number}-{number}"}
                for number in range(len(CONDITIONS))
            ]
        )
    )
    run.env.flush_all()
    return tags.ids


def make_rules(run: Run) -> Any:
    """Create a rule in use for each condition."""
    rules = (
        run.env["crm.tag.rule"]
        .sudo()
        .create(
            [
                {
                    "name": f"Bench {tag}",
                    "domain": repr(domain),
                    "add_tag_ids": [(6, 0, [tag])],
                    "state": "ok",
                }
                for tag, (domain, _where) in zip(
                    make_tags(run), CONDITIONS, strict=True
                )
            ]
        )
    )
    run.env.flush_all()
    run.env["crm.tag.engine"]._program()
    return rules


def night(run: Run) -> Any:
    """Run all rules as the scheduled action does, without its commits."""
    rules = run.env["crm.tag.rule"].sudo().search([("state", "=", "ok")])
    found = run.env["crm.tag.run"].sudo()._start(rules, "nightly")
    while found._process_batch():
        pass
    return found


def plain_first(run: Run, tags: list[int]) -> int:
    """Put the tags on by plain SQL; return how many."""
    count = 0
    for tag, (_domain, where) in zip(tags, CONDITIONS, strict=True):
        run.env.cr.execute(
            f"INSERT INTO {RELATION} (partner_id, category_id)"
            f" SELECT id, %s FROM res_partner WHERE active AND {where}",
            [tag],
        )
        count += run.env.cr.rowcount
    return count


def plain_sets(run: Run, tags: list[int]) -> tuple[int, int]:
    """Compute who gains and who loses each tag by plain SQL; return both counts."""
    gained = lost = 0
    for tag, (_domain, where) in zip(tags, CONDITIONS, strict=True):
        run.env.cr.execute(
            f"""
            SELECT count(*) FILTER (WHERE r.partner_id IS NULL),
                   count(*) FILTER (WHERE m.id IS NULL)
              FROM (SELECT id FROM res_partner WHERE active AND {where}) m
              FULL JOIN (SELECT partner_id FROM {RELATION} WHERE category_id = %s) r
                ON r.partner_id = m.id
            """,
            [tag],
        )
        more, fewer = run.env.cr.fetchone()
        gained += more
        lost += fewer
    return gained, lost


def move_some(run: Run) -> None:
    """Let one customer in a hundred move to another city, unseen by the ORM."""
    run.env.flush_all()
    run.env.cr.execute(
        "UPDATE res_partner SET city = %s WHERE id %% 100 = 5 AND city != %s",
        [CITIES[0], CITIES[0]],
    )
    run.env.invalidate_all()


def nights(run: Run, change: Any) -> str:
    """Measure a night after ``change``; return what it did."""
    if run.side == WITH:
        make_rules(run)
        try:
            night(run)
            change(run)
            with run.clock():
                found = night(run)
        finally:
            run.env.registry.clear_cache()
        return f"{found.added} put on, {found.removed} taken off"
    tags = make_tags(run)
    plain_first(run, tags)
    change(run)
    with run.clock():
        gained, lost = plain_sets(run, tags)
    return f"{gained} put on, {lost} taken off"


@scenario(
    "tag rules, night, 1 % changed", users=("admin",), limit=3, extra_queries=None
)
def changed_night(run: Run) -> str:
    """20 rules; one customer in a hundred moved."""
    return nights(run, move_some)


@scenario(
    "tag rules, night, nothing changed", users=("admin",), limit=3, extra_queries=None
)
def quiet_night(run: Run) -> str:
    """20 rules; not a row of tags, reasons or journal may be written."""
    note = nights(run, lambda _run: None)
    if not note.startswith("0 put on, 0 taken off"):
        raise AssertionError(f"a second run wrote rows: {note}")
    return f"{note}: 0 rows"


@scenario("tag rules, first night", users=("admin",), limit=None, extra_queries=None)
def first_night(run: Run) -> str:
    """20 rules put all their tags on, with reasons and journal; plain SQL: only
    tags."""
    if run.side == WITH:
        make_rules(run)
        try:
            with run.clock():
                found = night(run)
        finally:
            run.env.registry.clear_cache()
        return f"{found.added} put on"
    tags = make_tags(run)
    with run.clock():
        count = plain_first(run, tags)
    return f"{count} put on"


def write_hundred(run: Run, values: dict[str, Any]) -> str:
    """Measure writing 100 customers, 20 rules in use that have run before."""
    if run.side == WITH:
        make_rules(run)
        night(run)
        # as autovacuum does after so many new rows
        run.env.cr.execute(f"ANALYZE {RELATION}, crm_partner_tag_reason")
    # those a rep may write: other scenarios let the reps read more than that
    mine = [] if run.env.user._is_admin() else [("user_id", "in", [False, run.env.uid])]
    partners = run.env["res.partner"].search(
        [("is_company", "=", True), ("city", "=", CITIES[1]), *mine], limit=100
    )
    # the caches that creating rules has emptied are warm in a running server
    run.env["res.partner"].search([("city", "=", CITIES[3]), *mine], limit=1).write(
        values
    )
    try:
        with run.clock():
            partners.write(values)
    finally:
        run.env.registry.clear_cache()
    return f"{len(partners)} customers, {len(partners.category_id)} tags"


@scenario("tag rules, write 100, no tag changes", extra_queries=None)
def write_quietly(run: Run) -> str:
    """10 of 20 rules ask about the city, which stays; the street does not."""
    return write_hundred(run, {"city": CITIES[1], "street": "新路 8 号"})


@scenario("tag rules, write 100, tags change", extra_queries=None)
def write_tags(run: Run) -> str:
    """All 100 move to another city."""
    return write_hundred(run, {"city": CITIES[2], "street": "新路 8 号"})
