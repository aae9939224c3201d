"""Flags in the context that no client can raise.

A context is half the client's: whoever calls a method over RPC names any key with any
value that JSON can say. A flag that switches a check off, or a value that is written
with more rights than the caller's, must therefore be something JSON cannot say.
"""

from collections.abc import Mapping
from typing import Any, Protocol, TypeVar


class HasContext(Protocol):
    """What a token asks of an environment."""

    context: Mapping[str, Any]


R = TypeVar("R")


class _Held:
    """A value together with the token that vouches for it."""

    __slots__ = ("token", "value")

    def __init__(self, token: "Token", value: object) -> None:
        self.token = token
        self.value = value


class Token:
    """One flag, or one value, that our own Python code alone puts into a context.

    ``QUIET = Token("followup_quiet")`` at the head of a module, then
    ``QUIET.on(records).write(…)`` raises it and ``QUIET.is_on(env)`` asks; a value
    travels by ``ORIGIN.on(records, "mail")`` and ``ORIGIN.value(env)``. Compared by
    identity: a key of the same name from a client counts for nothing. See
    docs/adr/0028.
    """

    __slots__ = ("_raised", "key")

    def __init__(self, key: str) -> None:
        self.key = key
        self._raised = _Held(self, True)

    def __repr__(self) -> str:
        return f"Token({self.key!r})"

    def on(self, records: R, value: object = True) -> R:
        """Return the records (or model) in a context that carries the token.

        :param value: what :meth:`value` will answer
        """
        return records.with_context(**self.entry(value))  # type: ignore[attr-defined]

    def entry(self, value: object = True) -> dict[str, object]:
        """Return the token as a piece of a context, to be put beside others."""
        return {self.key: self._raised if value is True else _Held(self, value)}

    def off(self, records: R) -> R:
        """Return the records in a context without the token."""
        return records.with_context(**{self.key: None})  # type: ignore[attr-defined]

    def is_on(self, env: HasContext) -> bool:
        """Return whether our own code put the token into the environment."""
        held = env.context.get(self.key)
        return type(held) is _Held and held.token is self

    def value(self, env: HasContext, default: Any = None) -> Any:
        """Return what came with the token, ``default`` without it."""
        return env.context[self.key].value if self.is_on(env) else default
