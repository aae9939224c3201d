"""A pytest plugin that writes one line per test: its outcome and its node id."""

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


def pytest_configure(config: pytest.Config) -> None:
    """Register the writer; the file's name comes from the caller."""
    config.pluginmanager.register(ResultFile(Path(os.environ["CRM_SUITE_RESULTS"])))
