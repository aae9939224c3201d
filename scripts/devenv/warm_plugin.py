"""A pytest plugin: what one test has compiled the next one finds ready.

Odoo throws all its caches away after each test, because a test is rolled back and what
was read during it may never have been. That is right for what is kept of records;
compiled views, templates and routes are the same in the next test unless this one
changed some, and to compile them anew costs more than most tests do.
"""

from __future__ import annotations

from typing import Any

import pytest

# what is kept of records; Odoo's names
_OF_RECORDS = "stable"
_COMPILED = frozenset({"assets", "templates", "routing", "groups"})


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop() -> None:
    """Let only what may have changed be cleared; the tests run in this process."""
    from odoo.orm.registry import Registry  # noqa: PLC0415  # not before its set-up

    clear_all = Registry.clear_all_caches
    seen: dict[Any, dict[str, int]] = {}

    def clear_changed(registry: Any) -> None:
        """Instead of all: what is kept of records, and the rest if some of it was said
        to have changed, by this thread or by one that answered a request."""
        sequences = dict(registry.cache_sequences)
        before = seen.get(registry.db_name, {})
        told = {name for name, number in sequences.items() if number != before.get(name)}
        if registry.registry_invalidated or _COMPILED & (
            told | registry.cache_invalidated
        ):
            clear_all(registry)
        else:
            registry.clear_cache(_OF_RECORDS)
        registry.cache_invalidated.clear()
        seen[registry.db_name] = sequences

    Registry.clear_all_caches = clear_changed  # type: ignore[method-assign]
