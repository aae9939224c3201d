"""The customer master in daily use: create, list, kanban, search by name."""

from __future__ import annotations

from typing import Any

from lxml import etree

from bench.harness import Run, scenario


def new_customer(run: Run, number: int) -> dict[str, Any]:
    """Return the values a person types for a new customer."""
    return {
        "name": f"南京新客户{run.number}-{number}有限公司",
        "is_company": True,
        "phone": f"025-8{run.number % 1000:03d}{number:04d}",
        "email": f"info{run.number}-{number}@neu.example",
        "city": "南京",
        "user_id": run.env.uid,
    }


@scenario("partner create 1")
def create_one(run: Run) -> None:
    """A customer typed in a form."""
    values = new_customer(run, 0)
    with run.clock():
        run.env["res.partner"].create(values)


@scenario("partner create 100")
def create_hundred(run: Run) -> None:
    """A batch, as an integration sends it."""
    values = [new_customer(run, number) for number in range(100)]
    with run.clock():
        run.env["res.partner"].create(values)


def specification(run: Run, kind: str) -> dict[str, Any]:
    """Return what the web client asks for to show a view of partners."""
    view = run.env["res.partner"].get_view(view_type=kind)
    fields = run.env["res.partner"]._fields
    names = etree.fromstring(view["arch"]).xpath("//field[not(ancestor::field)]/@name")
    answer: dict[str, Any] = {}
    for name in names:
        relational = fields[name].type == "many2one"
        many = fields[name].type in ("many2many", "one2many")
        answer[name] = {"fields": {"display_name": {}}} if relational or many else {}
    return answer


def read_view(run: Run, kind: str, limit: int) -> None:
    """Read the first page of a view with its count, as the web client does."""
    wanted = specification(run, kind)
    with run.clock():
        run.env["res.partner"].web_search_read(
            [("is_company", "=", True)], wanted, limit=limit, count_limit=10001
        )


@scenario("partner list, first page")
def list_page(run: Run) -> None:
    """The standard list: 80 rows."""
    read_view(run, "list", 80)


@scenario("partner kanban, first page")
def kanban_page(run: Run) -> None:
    """The standard kanban: 40 cards."""
    read_view(run, "kanban", 40)


@scenario("partner name search")
def search_by_name(run: Run) -> None:
    """Typing part of a name into a customer field."""
    run.env["res.partner"].name_search("瑞丰17", limit=8)
