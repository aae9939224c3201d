"""From which release an upgrade is tried, and what is wrong with one."""

import subprocess

import pytest
from devenv import paths, upgrade
from devenv.console import StepError


def test_the_last_line_is_the_release():
    text = "# why\n\n19.0.1 abc\n19.0.2 def\n"
    assert upgrade.releases(text)[-1] == upgrade.Release("19.0.2", "def")


def test_every_release_is_a_whole_commit():
    """A short one could become another's."""
    found = upgrade.releases(upgrade.RELEASES.read_text(encoding="utf-8"))
    assert found
    assert all(len(release.commit) == 40 for release in found)


def test_records_that_are_gone_are_named():
    before = {"res.partner": 5, "crm.lead": 2, "crm.tag": 1}
    after = {"res.partner": 7, "crm.lead": 1}
    assert upgrade.lost(before, after) == [
        "crm.lead: 2 before, 1 after",
        "crm.tag: 1 before, 0 after",
    ]
    assert not upgrade.lost(after, after)


@pytest.fixture
def clone(tmp_path, monkeypatch):
    """A repository with one commit, as that of the product."""
    repository = tmp_path / "clone"
    module = repository / "addons" / "a_module"
    module.mkdir(parents=True)
    (module / "__manifest__.py").write_text("{}")
    git = ["git", "-C", repository, "-c", "user.name=a", "-c", "user.email=a@b.example"]
    subprocess.run(["git", "init", "-q", repository], check=True)
    subprocess.run([*git, "add", "."], check=True)
    subprocess.run([*git, "commit", "-qm", "first"], check=True)
    monkeypatch.setattr(paths, "REPOSITORY", repository)
    monkeypatch.setattr(paths, "cache_root", lambda: tmp_path / "cache")
    head = subprocess.run(
        [*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True
    )
    return head.stdout.strip()


def test_the_release_comes_out_of_the_history(clone):
    folder = upgrade.unpacked(upgrade.Release("1.0", clone))
    assert (folder / "a_module" / "__manifest__.py").exists()
    assert upgrade.unpacked(upgrade.Release("1.0", clone)) == folder


def test_a_clone_without_history_is_told_how_to_get_it(clone):
    with pytest.raises(StepError, match="git fetch --unshallow"):
        upgrade.unpacked(upgrade.Release("0.9", "0" * 40))
