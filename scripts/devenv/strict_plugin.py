"""A pytest plugin: what a green run must not hide.

* A skipped test is a failed one. A tour without a browser, for example, is
  skipped and would leave the run green.
* A line at WARNING or above in the log fails the test during which it came,
  unless it is in the list of Odoo's own noise. A test that provokes an error
  silences it with ``odoo.tools.mute_logger`` or expects it with ``assertLogs``.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import hypothesis
import pytest

from devenv import logcheck


class LogWatch(logging.Handler):
    """Collects what no test may log, and writes everything to a file."""

    def __init__(self, file: Path) -> None:
        """Write to ``file``; look for records from WARNING on."""
        super().__init__(logging.WARNING)
        self.patterns = logcheck.allowed_patterns()
        self.lines: list[str] = []
        self.out = file.open("w", encoding="utf-8")
        self.setFormatter(
            logging.Formatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
        )

    def emit(self, record: logging.LogRecord) -> None:
        """Note one record."""
        text = self.format(record)
        self.out.write(text + "\n")
        self.out.flush()
        if not record.name.startswith(("odoo", "werkzeug", "py.warnings")):
            return
        if not logcheck.is_allowed(record.name, record.getMessage(), self.patterns):
            self.lines.append(text)

    def take(self) -> list[str]:
        """Return the lines since the last call."""
        lines, self.lines = self.lines, []
        return lines


def pytest_configure(config: pytest.Config) -> None:
    """Start watching; the file's name comes from the caller.

    A property is not refuted by a busy machine, so hypothesis does not judge times.
    Whether a change is accepted is no lottery either: the same code is tried with the
    same examples, and ``EXPLORE=1`` looks for new ones.
    """
    hypothesis.settings.register_profile(
        "suite",
        deadline=None,
        derandomize="EXPLORE" not in os.environ,
        suppress_health_check=[hypothesis.HealthCheck.too_slow],
    )
    hypothesis.settings.load_profile("suite")
    watch = LogWatch(Path(os.environ["CRM_SUITE_TEST_LOG"]))
    config.stash[_WATCH] = watch
    logging.getLogger().addHandler(watch)


_WATCH: pytest.StashKey[LogWatch] = pytest.StashKey()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[Any]
) -> Iterator[None]:
    """Turn a skip and a logged warning into a failure."""
    report = yield
    if report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else ""
        report.outcome = "failed"
        report.longrepr = f"skipped, which counts as failed: {reason}"
    elif call.when == "teardown" and report.passed:
        lines = item.config.stash[_WATCH].take()
        if lines:
            report.outcome = "failed"
            report.longrepr = "\n".join(["logged during this test:", *lines[:10]])
    return report


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail for warnings that came outside any test."""
    for line in session.config.stash[_WATCH].take():
        print(f"\nlogged outside the tests: {line}")
        if session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
