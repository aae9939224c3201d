"""What a newcomer, a hook and a hosted check rely on says what is so."""

import re

import house
import pytest
import yaml
from devenv import addons, check, commands, lint

PAGES = ("CONTRIBUTING.md", "CHANGELOG.md", "SECURITY.md", "UPGRADE.md", "README.md")
LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)#\s]+)")


def read(name):
    """Return a file of the repository, read as YAML."""
    return yaml.safe_load((house.REPOSITORY / name).read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PAGES)
def test_pages_lead_to_pages_that_are_there(name):
    text = house.text_of(house.REPOSITORY / name)
    lost = [one for one in LINK.findall(text) if not (house.REPOSITORY / one).exists()]
    assert text and not lost


@pytest.mark.parametrize("name", PAGES)
def test_commands_that_pages_name_are_there(name):
    """``make check k=merge`` names one; “make it” does not."""
    named = re.findall(
        r"(?:^|`)make ([a-z][\w-]+)(?=[ `])",
        house.text_of(house.REPOSITORY / name),
        re.MULTILINE,
    )
    assert not set(named) - commands.COMMANDS.keys() - {"help"}


def test_hooks_before_a_commit_call_make_and_fetch_nothing():
    found = read(".pre-commit-config.yaml")["repos"]
    assert [repo["repo"] for repo in found] == ["local"]
    hooks = [hook for repo in found for hook in repo["hooks"]]
    assert hooks
    for hook in hooks:
        program, command = hook["entry"].split()
        assert (program, command in commands.COMMANDS) == ("make", True)
        assert hook["language"] == "system" and not hook["pass_filenames"]


def test_the_hosted_check_is_the_one_of_the_repository():
    """On every Python that ``scripts/dev.py`` accepts and the README promises."""
    (job,) = read(".github/workflows/ci.yml")["jobs"].values()
    assert ".ci/run" in [step.get("run") for step in job["steps"]]
    start = house.text_of(house.REPOSITORY / "scripts/dev.py")
    bounds = re.search(r"OLDEST, NEWEST = \(3, (\d+)\), \(3, (\d+)\)", start)
    oldest, newest = (int(minor) for minor in bounds.groups())
    promised = [f"3.{minor}" for minor in range(oldest, newest + 1)]
    assert job["strategy"]["matrix"]["python"] == promised
    readme = house.text_of(house.REPOSITORY / "README.md")
    assert f"Python {promised[0]} to {promised[-1]}" in readme
    settings = house.text_of(house.REPOSITORY / "pyproject.toml")
    assert f'python_version = "{promised[0]}"' in settings


def test_the_changelog_knows_the_line_of_every_module():
    text = house.text_of(house.REPOSITORY / "CHANGELOG.md")
    lines = {
        ".".join(addon.manifest["version"].split(".")[:3])
        for addon in addons.scan().values()
    }
    assert not [line for line in lines if f"## {line} " not in text]


def test_types_are_checked_in_every_folder_of_logic():
    checks = lint._checks(house.Path("venv"))
    tools = {addon.path / "tools" for addon in addons.scan().values()}
    checked = {one for one in checks["mypy"] if isinstance(one, house.Path)}
    assert {folder for folder in tools if folder.exists()} <= checked


def test_the_check_without_a_database_takes_all_logic():
    """And the rules of the house but those that ask a database."""
    files = check.test_files()
    assert house.Path(__file__) in files
    logic = [file for file in files if file.name.endswith("_logic.py")]
    assert len(logic) > 60
    for file in logic:
        text = house.text_of(file)
        assert "TransactionCase" not in text and "HttpCase" not in text, file
