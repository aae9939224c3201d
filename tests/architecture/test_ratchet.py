"""The ratchet turns one way."""

import json

import house
import pytest


def test_what_is_new_and_what_grew_is_named():
    held = {"old": 60, "same": 50, "better": 70, "mended": 80}
    found = {"old": 61, "same": 50, "better": 65, "mended": 40, "new": 46, "fine": 45}
    wrong, fallen = house.judge(found, held, 45)
    assert wrong == ["new: 46, new, at most 45", "old: 61, was 60"]
    assert fallen == {"better": 65, "mended": 45}
    assert house.lowered(held, fallen, 45) == {"old": 60, "same": 50, "better": 65}


@pytest.fixture
def ratchet(tmp_path, monkeypatch):
    """A ratchet of one rule, to write on."""
    file = tmp_path / "ratchet.json"
    file.write_text('{"rule": {"a": 2, "b": 1}}')
    monkeypatch.setattr(house, "RATCHET", file)
    monkeypatch.delenv("RATCHET", raising=False)
    return file


def test_as_it_was_is_no_matter(ratchet):
    house.hold("rule", {"a": 2, "b": 1})


@pytest.mark.parametrize("found", [{"a": 3, "b": 1}, {"a": 2, "b": 1, "c": 1}])
def test_worse_is_refused_and_never_written(ratchet, monkeypatch, found):
    monkeypatch.setenv("RATCHET", "lower")
    with pytest.raises(AssertionError, match="do so"):
        house.hold("rule", found, advice="do so")
    assert json.loads(ratchet.read_text()) == {"rule": {"a": 2, "b": 1}}


def test_better_is_refused_until_it_is_written(ratchet, monkeypatch):
    with pytest.raises(AssertionError, match="RATCHET=lower"):
        house.hold("rule", {"a": 1})
    monkeypatch.setenv("RATCHET", "lower")
    house.hold("rule", {"a": 1})
    assert json.loads(ratchet.read_text()) == {"rule": {"a": 1}}
    house.hold("rule", {"a": 1})


def test_the_ratchet_is_sorted_and_holds_numbers():
    """So that two changes of it seldom meet in the same line."""
    text = house.RATCHET.read_text(encoding="utf-8")
    rules = json.loads(text)
    again = json.dumps(rules, indent=2, ensure_ascii=False, sort_keys=True)
    assert text == f"{again}\n"
    numbers = [number for rule in rules.values() for number in rule.values()]
    assert numbers and all(isinstance(number, int) for number in numbers)
