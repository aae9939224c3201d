"""The developer commands' own logic."""

import subprocess
import sys
from types import SimpleNamespace

import pytest
from devenv import (
    addons,
    commands,
    console,
    core_suites,
    environment,
    logcheck,
    odoo_source,
    paths,
    results_plugin,
    template,
    testing,
    translations,
)
from devenv.console import StepError


def module(folder, name, **manifest):
    """Write a module with nothing but a manifest."""
    (folder / name).mkdir(parents=True)
    (folder / name / "__manifest__.py").write_text(repr({"name": name, **manifest}))


def test_uninstallable_modules_are_left_out(tmp_path):
    module(tmp_path, "one", depends=["base"])
    module(tmp_path, "two", installable=False)
    assert list(addons.scan(tmp_path)) == ["one"]


def test_a_module_comes_with_its_parents_and_the_glue_they_attract(tmp_path):
    module(tmp_path, "hub", depends=["crm"])
    module(tmp_path, "tags", depends=["mail"])
    module(tmp_path, "import_", depends=["hub"])
    module(tmp_path, "hub_sale", depends=["hub", "sale"], auto_install=True)
    module(tmp_path, "hub_tags", depends=["hub", "tags"], auto_install=True)
    found = addons.scan(tmp_path)
    assert list(addons.closure("import_", found)) == ["hub", "hub_sale", "import_"]
    assert list(addons.closure("tags", found)) == ["tags"]
    assert addons.external_depends(found) == ["crm", "mail", "sale"]


@pytest.fixture
def shop_addons(tmp_path, monkeypatch):
    """Our hub, its shop, and glue between the hub and Odoo's pages; an environment
    that knows them."""
    ours, odoo = tmp_path / "ours", tmp_path / "odoo"
    module(odoo, "web", depends=["base"])
    module(odoo, "crm", depends=["web"])
    module(odoo, "website", depends=["web"])
    module(odoo, "website_crm", depends=["website", "crm"])
    module(odoo, "sale", depends=["web"])
    module(odoo, "sale_crm", depends=["sale", "crm"])
    module(ours, "hub", depends=["crm"])
    module(ours, "hub_pages", depends=["hub", "website_crm"], auto_install=True)
    module(ours, "hub_sale", depends=["hub", "sale_not_here"], auto_install=True)
    module(ours, "shop", depends=["hub_pages"])
    found = addons.scan(ours)
    monkeypatch.setattr(addons, "scan", lambda *_words: found)
    source = odoo_source.OdooSource(odoo, odoo, (tmp_path / "none", odoo), "19.0")
    return environment.Environment(source, tmp_path, None)


def test_what_needs_the_website_is_kept_apart(shop_addons):
    """However far down it needs it, and whatever is unknown to Odoo."""
    ours = shop_addons.our_modules()
    assert list(ours.together) == ["hub", "hub_sale"]
    assert list(ours.apart) == ["hub_pages", "shop"]


def test_what_needs_the_accounting_of_sales_is_kept_apart(shop_addons, tmp_path):
    """As what needs the website: nothing else waits for its installation."""
    glue = addons.Addon("hub_orders", tmp_path, {"depends": ["hub", "sale_crm"]})
    found = {**addons.scan(), glue.name: glue}
    ours = addons.split(found, shop_addons.source.addons_paths)
    assert set(ours.apart) == {"hub_orders", "hub_pages", "shop"}


def test_what_is_kept_apart_comes_when_it_is_asked_for_only(shop_addons):
    """Glue would be attracted by its parents; apart from it no test changes."""
    assert list(shop_addons.chosen_modules(None)) == ["hub", "hub_sale"]
    assert list(shop_addons.chosen_modules("hub")) == ["hub", "hub_sale"]
    assert list(shop_addons.chosen_modules("hub_pages")) == [
        "hub",
        "hub_pages",
        "hub_sale",
    ]
    with pytest.raises(StepError, match="no module 'hup'"):
        shop_addons.chosen_modules("hup")


def test_the_template_all_share_has_no_website(shop_addons):
    together = shop_addons.our_modules().together
    assert "website_crm" not in template.core_modules(together)


def test_tests_of_modules_apart_run_along_each_on_its_own_template(shop_addons):
    """``make test`` forgets none of them, nor their translations."""
    (target, other) = testing._apart(shop_addons)
    assert [path.name for path in target.paths] == ["tests", "test_translations.py"]
    assert target.paths[0].parent.name == "hub_pages"
    assert target.names == ["hub_pages"]
    assert list(target.chosen) == ["hub", "hub_pages", "hub_sale"]
    assert list(other.chosen) == ["hub", "hub_pages", "hub_sale", "shop"]
    folders = [t.paths[0].parent.name for t in testing._together({})]
    assert "hub_pages" not in folders


def test_an_unknown_module_is_one_line(tmp_path):
    module(tmp_path, "hub")
    with pytest.raises(StepError, match="no module 'hup'.*there are: hub"):
        addons.closure("hup", addons.scan(tmp_path))


def test_a_broken_manifest_is_one_line(tmp_path):
    module(tmp_path, "hub")
    (tmp_path / "hub/__manifest__.py").write_text("{'name': ")
    with pytest.raises(StepError, match="not a valid manifest"):
        addons.scan(tmp_path)


def test_the_hash_follows_what_an_installation_reads(tmp_path):
    module(tmp_path, "hub")
    before = addons.content_hash(addons.scan(tmp_path).values())
    (tmp_path / "hub/tests").mkdir()
    (tmp_path / "hub/tests/test_a.py").write_text("a")
    (tmp_path / "hub/README.md").write_text("a")
    assert addons.content_hash(addons.scan(tmp_path).values()) == before
    (tmp_path / "hub/views.xml").write_text("<odoo/>")
    assert addons.content_hash(addons.scan(tmp_path).values()) != before


def test_only_our_warnings_are_counted(tmp_path):
    allowed = "A known line of Odoo"
    text = (
        "2026-01-01 10:00:00,000 1 INFO db odoo.modules: fine\n"
        "2026-01-01 10:00:00,000 1 WARNING db odoo.models: not fine\n"
        "2026-01-01 10:00:00,000 1 ERROR ? odoo.x.browser: Error received after "
        "termination: gone\n"
    )
    assert [line[-8:] for line in logcheck.offending_lines(text)] == ["not fine"]
    assert not logcheck.is_allowed("odoo", allowed, logcheck.allowed_patterns())


def test_progress_shows_modules_packages_and_nothing_else():
    line = "2026 INFO x odoo.modules.loading: Loading module crm (3/44)"
    assert console.progress_note(line) == "crm (3/44)"
    assert console.progress_note("Collecting lxml==5.4.0") == "collecting lxml==5.4.0"
    assert console.progress_note("anything else") == ""


def test_a_failing_program_ends_with_what_to_do_and_no_traceback(tmp_path):
    with pytest.raises(StepError, match="do this .whole output"):
        console.run(["false"], log=tmp_path / "log", failure="do this")
    with pytest.raises(StepError, match="No such file.*do that"):
        console.run([tmp_path / "none"], log=tmp_path / "log", failure="do that")


def test_new_failures_are_those_that_passed_before(tmp_path):
    (tmp_path / "r").write_text("passed\ta\nfailed\ta\npassed\tb::c\n")
    assert core_suites.read_results(tmp_path / "r") == {"a": "failed", "b::c": "passed"}
    before = {"a": "passed", "b": "failed", "gone": "passed"}
    assert core_suites.regressed(before, {"a": "failed", "b": "failed"}) == [
        "a",
        "gone",
    ]


def test_odoos_tests_outside_of_its_standard_are_left_out():
    def item(**attributes):
        return SimpleNamespace(cls=type("Test", (), attributes))

    assert results_plugin.is_standard(item(test_tags={"standard", "at_install"}))
    assert results_plugin.is_standard(item())
    assert not results_plugin.is_standard(item(test_tags={"profiling_performance"}))


def test_merging_keeps_translations_and_drops_what_is_gone(tmp_path):
    po = tmp_path / "zh_CN.po"
    po.write_text('msgid "Level"\nmsgstr "级别"\n\nmsgid "Gone"\nmsgstr "没了"\n')
    template = (
        'msgid ""\nmsgstr ""\n\nmsgid "Level"\nmsgstr ""\n\nmsgid "New"\nmsgstr ""\n'
    )
    assert translations.merge(template, po) == (2, 1)
    text = po.read_text()
    assert "级别" in text and "Gone" not in text


def test_a_template_that_differs_in_dates_only_is_not_written(tmp_path):
    file = tmp_path / "i18n" / "a.pot"
    text = '"POT-Creation-Date: {}\\n"\nmsgid "a"\n'
    assert translations.write_template(text.format(1), file)
    assert not translations.write_template(text.format(2), file)
    assert ": 1" in file.read_text()


def test_the_cache_folder_can_be_chosen(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert paths.cache_root() == tmp_path / "odoo-crm-suite"


def test_help_names_every_command_and_make_knows_them(capsys, repository):
    assert commands.dispatch([]) == 0
    shown = capsys.readouterr().out
    makefile = (repository / "Makefile").read_text()
    for name in commands.COMMANDS:
        assert f"make {name} " in shown
        assert f" {name} " in makefile


def test_an_unknown_command_is_one_line(repository):
    command = [sys.executable, str(repository / "scripts/dev.py"), "rum"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    assert result.returncode == 1
    assert (
        result.stderr.strip()
        == "FAILED: there is no command 'rum': make help lists them"
    )


def test_a_database_server_others_work_with_is_not_stopped(cluster):
    """``make stop`` in one terminal does not end the tests in another."""
    assert cluster.is_in_use()
    assert not cluster.stop()
    assert cluster.is_running()


@pytest.mark.parametrize(
    ("summary", "counts"),
    [
        ("160 passed, 511 subtests passed in 43.27s", (160, 0)),
        ("== 2 failed, 54 passed, 1 error, 6 deselected in 11.51s ==", (54, 3)),
        ("3 errors in 1.2s", (0, 3)),
        ("the interpreter crashed", (0, 0)),
    ],
)
def test_the_sum_of_all_folders_counts_each_summary(summary, counts):
    assert testing._counts(summary) == counts
