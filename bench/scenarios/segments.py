"""Choosing customers by tags: the search panel beside a list, segments, the editor.

Without us the list has Odoo's own panel of ``category_id``; the calls are those of
the web client on both sides. 24 tags in three groups, three of them on every partner.
"""

from __future__ import annotations

from typing import Any

from lxml import etree

from bench.harness import WITH, Run, scenario

TAGS = 24
GROUPS = 3
EACH = 3
RELATION = "res_partner_res_partner_category_rel"
DOMAIN = [["is_company", "=", True]]


def put_tags_on(run: Run) -> list[int]:
    """Create the tags and put them on by SQL; return their ids."""
    Tag = run.env["res.partner.category"].sudo()
    values: list[dict[str, Any]] = [
        {"name": f"Bench {run.number} {number}"} for number in range(TAGS)
    ]
    if run.side == WITH:
        groups = (
            run.env["crm.tag.group"]
            .sudo()
            .create([{"name": f"Bench {run.number} {n}"} for n in range(GROUPS)])
        )
        for number, vals in enumerate(values):
            vals["tag_group_id"] = groups[number % GROUPS].id
    tags = Tag.create(values)
    run.env.flush_all()
    run.env.cr.execute(
        f"""
        INSERT INTO {RELATION} (partner_id, category_id)
        SELECT p.id, (%(tags)s::int[])[1 + (p.id * step * 7 + p.id / 11) %% %(count)s]
          FROM res_partner p, generate_series(1, %(each)s) step
            ON CONFLICT DO NOTHING
        """,
        {"tags": tags.ids, "count": TAGS, "each": EACH},
    )
    run.env.cr.execute(f"ANALYZE {RELATION}")
    run.env.invalidate_all()
    return tags.ids


def list_fields(run: Run) -> dict[str, Any]:
    """Return what the web client asks for to show the list."""
    view = run.env["res.partner"].get_view(view_type="list")
    fields = run.env["res.partner"]._fields
    names = etree.fromstring(view["arch"]).xpath("//field[not(ancestor::field)]/@name")
    return {
        name: {"fields": {"display_name": {}}} if fields[name].relational else {}
        for name in names
    }


def read_panel(run: Run, **options: Any) -> list[dict[str, Any]]:
    """Read the tags with their counts, as the web client does."""
    answer = run.env["res.partner"].search_panel_select_multi_range(
        "category_id",
        search_domain=DOMAIN,
        category_domain=[],
        comodel_domain=[],
        filter_domain=[],
        enable_counters=True,
        expand=False,
        limit=200,
        group_by="tag_group_id" if run.side == WITH else False,
        **options,
    )
    return answer["values"]


@scenario("partner list with tag panel", extra_queries=None)
def list_with_panel(run: Run) -> str:
    """The first page of the list and the panel with counts beside it."""
    put_tags_on(run)
    wanted = list_fields(run)
    with run.clock():
        values = read_panel(run)
        run.env["res.partner"].web_search_read(
            DOMAIN, wanted, limit=80, count_limit=10001
        )
    return f"{len(values)} tags"


@scenario("tag panel alone", extra_queries=None)
def panel(run: Run) -> str:
    """The counts only: one statement against one for every tag."""
    put_tags_on(run)
    with run.clock():
        values = read_panel(run)
    return f"{sum(value['__count'] for value in values)} counted"


def expression(tags: list[int]) -> dict[str, Any]:
    """Return "any of two, and any of two others, and none of one"."""
    return {
        "match": "all",
        "blocks": [
            {
                "match": "all",
                "rows": [
                    {"match": "any", "tags": tags[:2]},
                    {"match": "any", "tags": tags[2:5]},
                    {"match": "none", "tags": tags[5:6]},
                ],
            }
        ],
    }


def plain_domain(tags: list[int]) -> list[Any]:
    """Return the same as a domain somebody would write without us."""
    return [
        ("category_id", "in", tags[:2]),
        ("category_id", "in", tags[2:5]),
        ("category_id", "not in", tags[5:6]),
    ]


@scenario("list by segment", extra_queries=None)
def list_by_segment(run: Run) -> str:
    """The first page of a list filtered by a segment against the same domain."""
    tags = put_tags_on(run)
    domain = plain_domain(tags)
    if run.side == WITH:
        segment = run.env["crm.segment"].create(
            {"name": "Bench", "expression": expression(tags)}
        )
        domain = [("segment_ids", "in", segment.ids)]
    wanted = list_fields(run)
    with run.clock():
        answer = run.env["res.partner"].web_search_read(
            domain, wanted, limit=80, count_limit=10001
        )
    return f"{answer['length']} found"


@scenario("segment editor, live count", extra_queries=None, limit=None)
def preview(run: Run) -> str:
    """One call of the editor, with the counts of all tags; without us, the count."""
    tags = put_tags_on(run)
    with run.clock():
        if run.side == WITH:
            total = run.env["crm.segment"].preview(expression(tags), DOMAIN, [0, 0])
            return f"{total['total']} found"
        return str(run.env["res.partner"].search_count(DOMAIN + plain_domain(tags)))


def refresh(run: Run, changed: bool) -> str:
    """Refresh a segment that is up to date, or has lost and gained members."""
    tags = put_tags_on(run)
    if run.side != WITH:
        with run.clock():
            found = run.env["res.partner"].sudo()._search(plain_domain(tags))
            run.env.cr.execute(found.select())
            return f"{len(run.env.cr.fetchall())} selected by plain SQL"
    segment = run.env["crm.segment"].create(
        {"name": "Bench", "expression": expression(tags)}
    )
    if changed:
        run.env.cr.execute(
            f"DELETE FROM {RELATION} WHERE category_id = %s AND partner_id %% 50 = 0",
            [tags[0]],
        )
    with run.clock():
        [(joined, left)] = segment._refresh_members().values()
    if not changed and (joined, left) != (0, 0):
        raise AssertionError(f"nothing had changed, yet {joined} joined, {left} left")
    return f"{joined} joined, {left} left"


@scenario(
    "segment refresh, nothing changed", users=("admin",), extra_queries=None, limit=3
)
def quiet_refresh(run: Run) -> str:
    """No member may be written; without us, the SELECT that finds them."""
    return refresh(run, changed=False)


@scenario(
    "segment refresh, some changed", users=("admin",), extra_queries=None, limit=3
)
def changed_refresh(run: Run) -> str:
    """One in fifty of those with a tag has lost it."""
    return refresh(run, changed=True)
