"""`make load`: fifty people at once, on Odoo without us and with us, in turns."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from . import bench, paths, server, template
from .bench import WITH, WITHOUT
from .console import StepError, lock, say, step
from .environment import Environment, prepare

DEFAULT_SIZE = 50_000
PEOPLE = 50
WORKERS = 4
SECONDS = 40
PAUSES = {"no pause": (0.0, 0.0), "1 to 3 s": (1.0, 3.0)}
PORTS = {WITHOUT: 18169, WITH: 18179}
PASSWORD = "load-of-fifty"
# what is compared: the side, and on whose views its people ask
SAME, OWN = "with, the same columns", "with, our columns"
CASES = {WITHOUT: (WITHOUT, WITHOUT), SAME: (WITH, WITHOUT), OWN: (WITH, WITH)}
LIMITS = {SAME: 1.15, OWN: 1.3}
SLOWEST = 3.0


class Times(NamedTuple):
    """How long one step took in one case."""

    count: int
    p50: float
    p95: float


def run_load() -> int:
    """Fill, let people work, print; 1 when a limit is exceeded or a step failed."""
    size = bench._number("N", DEFAULT_SIZE)
    rounds = bench._number("ROUNDS", 2)
    env = prepare("test", development=True)
    templates = template.ensure_suite(env, env.chosen_modules(None))
    databases = {
        WITHOUT: f"bench_{templates.core}_{size}",
        WITH: f"bench_{templates.suite}_{size}",
    }
    with lock(paths.state_root() / "bench.lock", "a benchmark"):
        bench._fill(env, templates, databases, size)
        with bench._workers(env, databases, size) as workers:
            for worker in workers.values():
                worker.ask(run="pipeline list", user="admin", number=0)
                worker.ask(let_in=PASSWORD)
        with _servers(env, databases):
            seconds, errors = _work(env, databases, rounds)
    lines, exceeded = table(seconds)
    say("\n".join(["", *lines]))
    for line in [*exceeded, *errors]:
        say(f"NOT AS ASKED: {line}")
    return 1 if exceeded or errors else 0


@contextmanager
def _servers(env: Environment, databases: dict[str, str]) -> Iterator[None]:
    """One server a side, as it would run for a company."""
    started = []
    try:
        for side, database in databases.items():
            with step(f"Odoo {side} our modules, {WORKERS} workers"):
                started.append(_serve(env, side, database))
        yield
    finally:
        for process in started:
            server._terminate(process.pid)


def _serve(env: Environment, side: str, database: str) -> subprocess.Popen:
    port = PORTS[side]
    words = [
        "-d",
        database,
        f"--http-port={port}",
        f"--gevent-port={port + 3}",
        f"--db-filter=^{database}$",
        f"--workers={WORKERS}",
        "--max-cron-threads=0",
        "--log-level=warn",
    ]
    log = paths.logs() / f"load-{side}.log"
    with log.open("w") as out:
        process = subprocess.Popen(
            [os.fspath(word) for word in env.odoo(*words)],
            env=env.variables(),
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + 120
    while not server.answers(f"http://127.0.0.1:{port}/web/health"):
        if process.poll() is not None or time.monotonic() > deadline:
            server._terminate(process.pid)
            raise StepError(f"the server {side} us does not answer (log: {log})")
        time.sleep(0.5)
    return process


Seconds = dict[tuple[str, str, str], list[float]]


def _work(
    env: Environment, databases: dict[str, str], rounds: int
) -> tuple[Seconds, list[str]]:
    """Let the cases work in turns; return seconds by (pause, case, step), and what
    went wrong."""
    order = {
        "sides": {
            side: {"url": f"http://127.0.0.1:{PORTS[side]}", "database": name}
            for side, name in databases.items()
        },
        "password": PASSWORD,
        "people": PEOPLE,
        "cases": CASES,
        "pauses": PAUSES,
        "rounds": rounds,
        "seconds": SECONDS,
    }
    script = paths.REPOSITORY / "bench" / "crowd.py"
    with subprocess.Popen(
        [env.python, script, json.dumps(order)],
        env=env.variables(), stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        last = ""
        for line in process.stdout or ():
            if last:
                say(f"    {json.loads(last)}")
            last = line
    if process.returncode:
        raise StepError("the people could not work")
    done = json.loads(last)
    return {tuple(row[:3]): row[3] for row in done["seconds"]}, done["errors"]


def table(seconds: Seconds) -> tuple[list[str], list[str]]:
    """Return the lines of a table, and what exceeds its limit."""
    lines = [
        "| pause | step | case | times | p50 ms | p95 ms | p50 ratio | p95 ratio |",
        "|---|---|---|---|---|---|---|---|",
    ]
    exceeded = []
    steps = list(dict.fromkeys(name for _pause, _case, name in seconds))
    for pause in PAUSES:
        for name in steps:
            plain = _times(seconds.get((pause, WITHOUT, name), []))
            for case in CASES:
                times = _times(seconds.get((pause, case, name), []))
                if not times or not plain:
                    continue
                ratios = (times.p50 / plain.p50, times.p95 / plain.p95)
                lines.append(
                    f"| {pause} | {name} | {case} | {times.count} "
                    f"| {times.p50 * 1e3:.0f} | {times.p95 * 1e3:.0f} "
                    f"| {ratios[0]:.2f} | {ratios[1]:.2f} |"
                )
                exceeded += _judge(f"{pause}, {name}, {case}", case, times, ratios)
    return lines, exceeded


def _times(seconds: list[float]) -> Times | None:
    if len(seconds) < 2:
        return None
    cuts = statistics.quantiles(seconds, n=20, method="inclusive")
    return Times(len(seconds), statistics.median(seconds), cuts[18])


def _judge(
    title: str, case: str, times: Times, ratios: tuple[float, float]
) -> Iterator[str]:
    limit = LIMITS.get(case)
    if limit is None:
        return
    if max(ratios) > limit:
        yield f"{title}: {ratios[0]:.2f} and {ratios[1]:.2f} times, {limit} allowed"
    if times.p95 > SLOWEST:
        yield f"{title}: p95 {times.p95:.1f} s, {SLOWEST:.0f} s allowed"
