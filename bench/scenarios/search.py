"""Looking a customer up: twelve shapes of query in three places, and how often the
right one is among the first three."""

from __future__ import annotations

import time
from collections import defaultdict
from typing import Any

from bench import names
from bench.harness import WITH, Run, scenario

# ``N`` customers made up by bench/fill.py; each text finds something there
SHAPES = {
    "middle of the name": "信17",
    "two characters": "瑞丰",
    "city": "上海",
    "initials": "ww",
    "whole pinyin": "zhangwei",
    "surname and initial": "zhangw",
    "mixed": "张w",
    "last 4 digits": "3700",
    "last 8 digits": "00003700",
    "code": "00123",
    "e-mail": "kontakt1234@",
    "nothing like it": "qqwwzz",
}
ROUNDS = 5
SECONDS = 0.05
CUSTOMERS = 20_000
TYPED = 1_000


def _in_a_list(env: Any, text: str) -> None:
    env["res.partner"].web_search_read(
        [("lifecycle_state", "!=", False), ("customer_search", "ilike", text)],
        {"complete_name": {}, "customer_code": {}},
        limit=80,
        count_limit=10001,
    )


def _in_a_picker(env: Any, text: str) -> None:
    env["res.partner"].name_search(text, limit=8)


def _in_the_box(env: Any, text: str) -> None:
    env["crm.global.search"].find(text)


PLACES = {"list": _in_a_list, "picker": _in_a_picker, "box": _in_the_box}


def _search_shapes(run: Run, place: str) -> str:
    """Each shape several times; the note names p50 and p95 of each."""
    ask = PLACES[place]
    notes = []
    slowest = 0.0
    with run.clock():
        for shape, text in SHAPES.items():
            times = []
            for _round in range(ROUNDS):
                run.env.invalidate_all()
                started = time.perf_counter()
                ask(run.env, text)
                times.append(time.perf_counter() - started)
            times.sort()
            worst = times[int(len(times) * 0.95)]
            slowest = max(slowest, worst)
            median = times[len(times) // 2]
            notes.append(f"{shape} {median * 1e3:.1f} / {worst * 1e3:.1f} ms")
    verdict = "within" if slowest <= SECONDS else "beyond"
    return f"p50 / p95, {verdict} {SECONDS * 1e3:.0f} ms: " + "; ".join(notes)


@scenario("search: list", limit=None, extra_queries=None, runs_on=(WITH,), rounds=2)
def search_list(run: Run) -> str:
    """The first page of the list of customers with its count."""
    return _search_shapes(run, "list")


@scenario("search: picker", limit=None, extra_queries=None, runs_on=(WITH,), rounds=2)
def search_picker(run: Run) -> str:
    """Eight lines below a field."""
    return _search_shapes(run, "picker")


@scenario("search: box", limit=None, extra_queries=None, runs_on=(WITH,), rounds=2)
def search_box(run: Run) -> str:
    """The box in the top bar, with deals, leads and tickets."""
    return _search_shapes(run, "box")


@scenario(
    "search: right one of the first three",
    users=("admin",),
    limit=None,
    extra_queries=None,
    runs_on=(WITH,),
    rounds=1,
)
def hits(run: Run) -> str:
    """Typed texts of every kind; the second half was not looked at while building."""
    people = names.customers(CUSTOMERS)
    ids = _insert(run.env, people)
    typed = names.queries(people, TYPED)
    half = len(typed) // 2
    notes = []
    with run.clock():
        for label, part in (("first half", typed[:half]), ("kept half", typed[half:])):
            notes.append(f"{label}: {_hits(run.env, people, ids, part)}")
    return "\n".join(notes)


def _insert(env: Any, people: list[names.Person]) -> list[int]:
    """Insert the people as customers with keys, each with a former name."""
    env.cr.execute(
        """
        INSERT INTO res_partner (name, complete_name, is_company, phone, former_names,
                                 phone_sanitized, active, partner_share, type, color,
                                 autopost_bills, lifecycle_state, is_customer)
        SELECT name, name, is_company, phone, former, '+86' || phone, true, true,
               'contact', 0, 'ask', 'active', true
          FROM unnest(%s, %s, %s, %s) AS made(name, is_company, phone, former)
        RETURNING id
        """,
        [
            [person.name for person in people],
            [person.is_company for person in people],
            [person.phone for person in people],
            [f"旧{names._core(person)}" for person in people],
        ],
    )
    ids = [id_ for (id_,) in env.cr.fetchall()]
    env["crm.partner.key"]._refresh(ids)
    env.cr.execute("ANALYZE crm_partner_key")
    return ids


def _hits(
    env: Any, people: list[names.Person], ids: list[int], part: list[names.Query]
) -> str:
    """How many of each kind found a customer of the wanted name among three."""
    place = {id_: at for at, id_ in enumerate(ids)}
    hit: dict[str, int] = defaultdict(int)
    of: dict[str, int] = defaultdict(int)
    domain = [("id", "in", ids)]
    for query in part:
        wanted = people[query.wanted]
        found = env["res.partner"].name_search(query.text, domain, limit=8)[:3]
        matches = [people[place[id_]] for id_, _name in found]
        of[query.kind] += 1
        hit[query.kind] += any(
            match == wanted or ("phone" not in query.kind and match.name == wanted.name)
            for match in matches
        )
    total = f"{100 * sum(hit.values()) / len(part):.1f} % of {len(part)}"
    kinds = ", ".join(f"{kind} {hit[kind]}/{of[kind]}" for kind in of)
    return f"{total} ({kinds})"
