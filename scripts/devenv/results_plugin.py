"""A pytest plugin that writes one line per test: its outcome and its node id.

It leaves out what Odoo leaves out itself unless asked: tests tagged ``-standard``,
which time the machine or try the test runner.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest


class ResultFile:
    """Writes at once, so that a crash leaves what was known."""

    def __init__(self, file: Path) -> None:
        """Start an empty file."""
        self.out = file.open("w", encoding="utf-8")

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Write the outcome; set-up and tear-down count when they fail."""
        if report.when == "call" or report.outcome != "passed":
            self.out.write(f"{report.outcome}\t{report.nodeid}\n")
            self.out.flush()

    def pytest_collection_modifyitems(
        self, config: pytest.Config, items: list[pytest.Item]
    ) -> None:
        """Keep the standard tests."""
        left_out = [item for item in items if not is_standard(item)]
        items[:] = [item for item in items if is_standard(item)]
        config.hook.pytest_deselected(items=left_out)


def is_standard(item: pytest.Item) -> bool:
    """Tell whether Odoo runs a test when nobody names tags."""
    tags = getattr(getattr(item, "cls", None), "test_tags", None)
    return tags is None or "standard" in tags


def pytest_configure(config: pytest.Config) -> None:
    """Register the writer; the file's name comes from the caller."""
    config.pluginmanager.register(ResultFile(Path(os.environ["CRM_SUITE_RESULTS"])))
