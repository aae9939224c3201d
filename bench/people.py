"""People at work, as their browsers ask: what `make load` sends to a server."""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import requests

MODEL = "crm.lead"
ACTION = "crm.crm_lead_action_pipeline"
DEALS = [["type", "=", "opportunity"]]
PAGE = 80
PATIENCE = 120
WORDS = "恒通 瑞丰 金鼎 嘉禾 海纳 盛世 博雅 天成 东方 明远".split()
ALWAYS = {"1", "True"}

Spec = dict[str, dict[str, Any]]


class Client:
    """One signed-in browser."""

    def __init__(self, url: str, database: str, login: str, password: str) -> None:
        """Sign in.

        :raises RuntimeError: when the server refuses
        """
        self.url = url
        self.http = requests.Session()
        self.http.trust_env = False
        words = {"db": database, "login": login, "password": password}
        self.uid = self.ask("/web/session/authenticate", **words)["uid"]

    def ask(self, path: str, **params: Any) -> Any:
        """Return what the server answers.

        :raises RuntimeError: with the server's words, when it answers with an error
        """
        message = {"jsonrpc": "2.0", "method": "call", "params": params}
        answer = self.http.post(self.url + path, json=message, timeout=PATIENCE)
        answer.raise_for_status()
        told = answer.json()
        if "error" in told:
            error = told["error"]
            raise RuntimeError(error.get("data", {}).get("message") or error)
        return told["result"]

    def call(self, model: str, method: str, *args: Any, **kwargs: Any) -> Any:
        """Call a method of a model."""
        kwargs.setdefault("context", {"lang": "zh_CN", "tz": "Asia/Shanghai"})
        return self.ask(
            f"/web/dataset/call_kw/{model}/{method}",
            model=model,
            method=method,
            args=args,
            kwargs=kwargs,
        )

    def specifications(self) -> dict[str, Spec]:
        """What list and form of the pipeline ask for, as the web client reads it out
        of the views."""
        views = {
            kind: view
            for view, kind in self.ask("/web/action/load", action_id=ACTION)["views"]
        }
        wanted = [[views.get(kind, False), kind] for kind in ("list", "form")]
        found = self.call(MODEL, "get_views", wanted, {"toolbar": True})
        models = {name: info["fields"] for name, info in found["models"].items()}
        return {
            kind: specification(
                ElementTree.fromstring(found["views"][kind]["arch"]), MODEL, models
            )
            for kind in ("list", "form")
        }


def specification(arch: ElementTree.Element, model: str, models: dict) -> Spec:
    """Return what the web client asks of the fields of a view.

    :param models: descriptions of fields by model, as ``get_views`` gives them
    """
    known, found = models[model], {}
    for node in _own_fields(arch):
        name = node.get("name", "")
        field = known.get(name)
        if field is None:
            continue
        hidden = {node.get("invisible"), node.get("column_invisible")} & ALWAYS
        found[name] = {} if hidden else _asked_of(node, field, models)
    return found


def _own_fields(arch: ElementTree.Element) -> list[ElementTree.Element]:
    """The fields of this view, not those of views inside its fields."""
    fields = []
    for child in arch:
        if child.tag == "field":
            fields.append(child)
        else:
            fields += _own_fields(child)
    return fields


def _asked_of(node: ElementTree.Element, field: dict, models: dict) -> dict:
    if field["type"] in ("many2one", "reference"):
        return {"fields": {"display_name": {}}}
    if field["type"] not in ("one2many", "many2many"):
        return {}
    inner = next((child for child in node if child.tag in ("list", "kanban")), None)
    if inner is not None and field["relation"] in models:
        return {"fields": specification(inner, field["relation"], models), "limit": 40}
    if "tags" in node.get("widget", ""):
        return {"fields": {"display_name": {}}}
    return {"fields": {}}


class Person:
    """Somebody at work: list, form, search of a customer, new deal, change."""

    def __init__(self, client: Client, asked: dict[str, Spec], seed: int) -> None:
        """Sit down; the first list is read to know some deals."""
        self.client = client
        self.asked = asked
        self.luck = random.Random(seed)
        self.partner = False
        self.pages = 1
        self.deals = self._list()

    def steps(self) -> dict[str, Callable[[], Any]]:
        """What the person does, in turn."""
        return {
            "list": self._list,
            "form": self._form,
            "customer search": self._search,
            "create": self._create,
            "write": self._write,
        }

    def _list(self) -> list[int]:
        found = self.client.call(
            MODEL,
            "web_search_read",
            domain=[*DEALS, ["user_id", "=", self.client.uid]],
            specification=self.asked["list"],
            offset=PAGE * self.luck.randrange(self.pages),
            limit=PAGE,
            count_limit=10_001,
        )
        self.pages = max(1, found["length"] // PAGE)
        self.deals = [row["id"] for row in found["records"]]
        return self.deals

    def _form(self) -> None:
        deal = self.luck.choice(self.deals)
        self.client.call(MODEL, "web_read", [deal], specification=self.asked["form"])

    def _search(self) -> None:
        text = self.luck.choice(WORDS)
        found = self.client.call(
            "res.partner", "name_search", name=text, operator="ilike", limit=8
        )
        self.partner = self.luck.choice(found)[0] if found else False

    def _create(self) -> None:
        values = {
            "name": f"商机 {self.luck.randrange(10**9)}",
            "type": "opportunity",
            "partner_id": self.partner,
            "expected_revenue": 1000 * self.luck.randrange(1, 500),
        }
        self._save([], values)

    def _write(self) -> None:
        values = {
            "expected_revenue": 1000 * self.luck.randrange(1, 500),
            "priority": self.luck.choice("0123"),
        }
        self._save([self.luck.choice(self.deals)], values)

    def _save(self, ids: list[int], values: dict) -> None:
        self.client.call(
            MODEL, "web_save", ids, values, specification=self.asked["form"]
        )


class Crowd:
    """All of them at once for some seconds.

    ``pause``: the shortest and the longest time between two clicks, in seconds.
    """

    def __init__(
        self, people: list[Person], seconds: float, pause: tuple[float, float]
    ) -> None:
        """Nobody has begun yet."""
        self.people = people
        self.seconds = seconds
        self.pause = pause
        self.times: dict[str, list[float]] = {}
        self.errors: list[str] = []
        self._lock = threading.Lock()

    def work(self) -> None:
        """Let everybody work, and wait until they have done."""
        self._end = time.monotonic() + self.seconds
        threads = [
            threading.Thread(target=self._of_person, args=(person,))
            for person in self.people
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _of_person(self, person: Person) -> None:
        # not all of them read the list in the same moment
        time.sleep(person.luck.uniform(0, max(self.pause) or 0.5))
        while True:
            for name, step in person.steps().items():
                if time.monotonic() >= self._end:
                    return
                self._do(name, step)
                time.sleep(person.luck.uniform(*self.pause))

    def _do(self, name: str, step: Callable[[], Any]) -> None:
        started = time.perf_counter()
        try:
            step()
        except Exception as error:  # noqa: BLE001  nobody stops working unnoticed
            with self._lock:
                self.errors.append(f"{name}: {type(error).__name__}: {error}")
            return
        took = time.perf_counter() - started
        with self._lock:
            self.times.setdefault(name, []).append(took)
