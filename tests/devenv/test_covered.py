"""Floors of coverage only rise."""

import json

import pytest
from devenv import covered
from devenv.covered import Lines


def test_lines_are_added_up_by_module():
    files = {
        f"addons/{file}": {"summary": {"num_statements": known, "covered_lines": run}}
        for file, known, run in [
            ("b/tools/x.py", 10, 9),
            ("a/tools/y.py", 5, 5),
            ("b/tools/z.py", 10, 10),
        ]
    }
    assert covered.by_module(files) == {"a": Lines(5, 5), "b": Lines(20, 19)}


def test_percents_are_never_rounded_up():
    assert Lines(1000, 999).percent == 99
    assert Lines(3, 3).percent == 100
    assert Lines(0, 0).percent == 100


@pytest.fixture
def floors(tmp_path, monkeypatch):
    """Two floors, to stand on."""
    file = tmp_path / "coverage.json"
    file.write_text('{"a": 90, "gone": 80}')
    monkeypatch.setattr(covered, "FLOORS", file)
    monkeypatch.delenv("FLOOR", raising=False)
    return file


def test_lower_is_refused_and_never_written(floors, monkeypatch):
    monkeypatch.setenv("FLOOR", "raise")
    assert covered.judge({"a": Lines(100, 89)}) == 1
    assert json.loads(floors.read_text())["a"] == 90


def test_higher_is_no_fault_and_is_written_when_asked(floors, monkeypatch):
    better = {"a": Lines(100, 95), "new": Lines(10, 5)}
    assert covered.judge(better) == 0
    assert json.loads(floors.read_text()) == {"a": 90, "gone": 80}
    monkeypatch.setenv("FLOOR", "raise")
    assert covered.judge(better) == 0
    assert json.loads(floors.read_text()) == {"a": 95, "gone": 80, "new": 50}
