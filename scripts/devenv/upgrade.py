"""`make upgrade`: a database of the last release, brought to what is here.

The release's modules come out of the history (``git archive``), are installed as a
template of their own, filled with a few records, and updated as UPGRADE.md says:
every module, and those that are new. Nothing may be logged, every module must have the
version of its manifest, and every record must be there.
"""

from __future__ import annotations

import json
import subprocess
import time
from pathlib import Path
from typing import NamedTuple

from . import logcheck, paths, template
from .console import StepError, capture, say, step
from .environment import Environment, prepare

RELEASES = paths.REPOSITORY / "tests" / "releases.txt"
# what people had before: found again after the update
_MODELS = "res.partner crm.lead crm.followup crm.service.ticket crm.tag crm.segment"
_FILL = """
partner = env["res.partner"].create(
    {"name": "Upgrade Ltd", "is_company": True, "lifecycle_state": "potential"}
)
env["res.partner"].create({"name": "Upgrade Person", "parent_id": partner.id})
deal = {"name": "Upgrade deal", "type": "opportunity", "partner_id": partner.id}
env["crm.lead"].create([deal, {"name": "Upgrade lead", "type": "lead"}])
env["crm.lead"].search([("name", "=", "Upgrade deal")]).action_set_won()
env["crm.service.ticket"].create({"name": "Upgrade ticket", "partner_id": partner.id})
env.cr.commit()
"""
_COUNT = """
import json
counts = {m: env[m].with_context(active_test=False).search_count([])
          for m in %(models)r.split() if m in env}
open(%(file)r, "w").write(json.dumps(counts, sort_keys=True))
"""


class Release(NamedTuple):
    """A version that people may have, and the commit that is it."""

    name: str
    commit: str


def run_upgrade() -> int:
    """Bring a database of the last release to what is here; 0 when it is whole."""
    started = time.monotonic()
    release = releases(RELEASES.read_text(encoding="utf-8"))[-1]
    folder = unpacked(release)
    env = prepare("test", development=True)
    old_env = env._replace(ours=folder)
    old = _installed(old_env, release)
    database = template.scratch_name("upgrade")
    env.cluster.clone(old, database)
    try:
        before = _counts(old_env, database)
        _update(env, database)
        after = _counts(env, database)
        wrong = [*_wrong_versions(env, database), *lost(before, after)]
    finally:
        env.cluster.drop(database)
    for line in wrong:
        say(f"    {line}")
    verdict = "FAILED" if wrong else "whole"
    say(f"upgrade from {release.name}: {verdict}, {time.monotonic() - started:.0f} s")
    return 1 if wrong else 0


def releases(text: str) -> list[Release]:
    """Return what the file of releases says, the newest last.

    >>> releases("# why\\n1.0 abc\\n1.1 def\\n")[-1]
    Release(name='1.1', commit='def')
    """
    lines = (line.split() for line in text.splitlines())
    return [Release(*words) for words in lines if words and words[0] != "#"]


def unpacked(release: Release) -> Path:
    """Return the folder of a release's modules, taken from the history.

    :raise StepError: when this clone has not that much history
    """
    folder = paths.cache_root() / "releases" / release.commit
    if (folder / "ready").exists():
        return folder / "addons"
    git = ["git", "-C", paths.REPOSITORY]
    if capture([*git, "cat-file", "-e", f"{release.commit}^{{commit}}"]).returncode:
        raise StepError(
            f"this clone does not have the commit of {release.name}: its history is "
            "cut off; get it with git fetch --unshallow, then run the same command "
            "again"
        )
    paths.remove_tree(folder)
    folder.mkdir(parents=True)
    words = [*git, "archive", release.commit, "addons"]
    with subprocess.Popen(words, stdout=subprocess.PIPE) as archive:
        subprocess.run(["tar", "-x", "-C", folder], stdin=archive.stdout, check=True)
    (folder / "ready").touch()
    return folder / "addons"


def lost(before: dict[str, int], after: dict[str, int]) -> list[str]:
    """Say of which models there are fewer records than before.

    >>> lost({"a": 2, "b": 1}, {"a": 3})
    ['b: 1 before, 0 after']
    """
    found = ((model, count, after.get(model, 0)) for model, count in before.items())
    return [
        f"{model}: {was} before, {now} after" for model, was, now in found if now < was
    ]


def _installed(env: Environment, release: Release) -> str:
    """Return the template with the release installed and some records.

    :param env: with the modules of the release
    """
    core = template.ensure_core(env)
    name = f"release_{template.key(core, release.commit, _FILL)}"

    def build(database: str) -> None:
        env.cluster.clone(core, database)
        log = paths.logs() / f"install-{name}.log"
        modules = ",".join(env.our_modules().together)
        words = ("-d", database, "-i", modules, "--stop-after-init", "--no-http")
        env.run_odoo(*words, log=log, failure="the release cannot be installed")
        _shell(env, database, _FILL)

    template.ensure(env, name, f"release {release.name}", build)
    for other in env.cluster.databases():
        if other.startswith("release_") and other != name:
            env.cluster.drop(other)
    return name


def _update(env: Environment, database: str) -> None:
    """Update every module of ours that is there, and install what is new."""
    modules = ",".join(env.our_modules().together)
    log = paths.logs() / "upgrade.log"
    with step("Update of every module"):
        words = ("-d", database, "-u", modules, "-i", modules, "--stop-after-init")
        env.run_odoo(
            *words, "--no-http", log=log, failure="the modules cannot be updated"
        )
    logcheck.check(log, "updating the modules")


def _wrong_versions(env: Environment, database: str) -> list[str]:
    """Say which modules are not what their manifest says."""
    rows = env.cluster.sql(
        "SELECT name || ' ' || COALESCE(latest_version, '-') FROM ir_module_module"
        " WHERE state = 'installed'",
        database,
    )
    there = dict(row.split() for row in rows.splitlines())
    return [
        f"{name}: {there.get(name, 'not installed')}, not {addon.manifest['version']}"
        for name, addon in env.our_modules().together.items()
        if there.get(name) != addon.manifest["version"]
    ]


def _counts(env: Environment, database: str) -> dict[str, int]:
    """Return how many records there are of what people had."""
    file = paths.logs() / "upgrade-counts.json"
    _shell(env, database, _COUNT % {"models": _MODELS, "file": str(file)})
    return dict(json.loads(file.read_text(encoding="utf-8")))


def _shell(env: Environment, database: str, code: str) -> None:
    log = paths.logs() / "upgrade-shell.log"
    env.shell(database, code, log=log, failure="the records cannot be made or counted")
