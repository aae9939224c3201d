"""A pytest plugin: tests of pure logic, with Odoo's code and without a database.

Instead of pytest-odoo's, which opens the registry of a database before the first test.
What the tests import is the same: modules are ``odoo.addons.…``, so that what runs here
runs in ``make test`` as well.
"""

from __future__ import annotations

import pytest
import pytest_odoo

import odoo.tests
from odoo.tools import config as odoo_config


def pytest_configure(config: pytest.Config) -> None:
    """Read where Odoo's modules are; make Odoo's tests behave in pytest."""
    odoo_config.parse_config([])
    pytest_odoo.support_subtest()
    pytest_odoo.disable_odoo_test_retry()
    pytest_odoo.monkey_patch_resolve_pkg_root_and_module_name()


def pytest_collection_modifyitems(
    config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Leave out what asks for a database server by its fixture, and classes with the
    tag ``large``: they try limits with millions of rows, and are for ``make test``."""
    left_out = [one for one in items if _asks_server(one) or _is_large(one)]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [one for one in items if one not in left_out]


def _asks_server(item: pytest.Item) -> bool:
    return "cluster" in getattr(item, "fixturenames", ())


def _is_large(item: pytest.Item) -> bool:
    return "large" in getattr(getattr(item, "cls", None), "test_tags", ())


@pytest.fixture(autouse=True, scope="session")
def no_database() -> None:
    """A test that asks for a database is none of pure logic: it fails."""

    def refuse(*_args: object, **_words: object) -> None:
        raise AssertionError("a test of pure logic asks for a database")

    odoo.sql_db.db_connect = refuse
    odoo.modules.registry.Registry.__new__ = refuse
