"""Webhooks as Meta sends them: JSON with escaped accents, signed over the bytes. And any JSON for properties."""

import json
from datetime import UTC, datetime
from typing import Any

from hypothesis import strategies as st

from drivers.contract import HookRequest
from drivers.meta.hooks import sign

SECRET, VERIFY = "app-secret", "our-word"
AT = datetime(2026, 11, 21, 8, tzinfo=UTC)


def signed(body: bytes | Any, secret: str = SECRET) -> HookRequest:
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return HookRequest(method="POST", body=raw, headers={"x-hub-signature-256": sign(secret, raw)}, received_at=AT)


def handshake(token: str = VERIFY, mode: str = "subscribe", challenge: str = "1158201444") -> HookRequest:
    query = (("hub.mode", mode), ("hub.challenge", challenge), ("hub.verify_token", token))
    return HookRequest(method="GET", query=query, received_at=AT)


def any_json(words: list[str], values: list[Any]) -> st.SearchStrategy[Any]:
    """Trees whose names are mostly the ones that a parser looks for."""
    leaf = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text() | st.sampled_from(values)
    names = st.sampled_from(words) | st.text(max_size=3)
    return st.recursive(leaf, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=6))


def mangled(payload: Any) -> st.SearchStrategy[Any]:
    """A real payload in which one place holds something else."""
    places = list(_places(payload))
    numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    odd = st.none() | st.booleans() | numbers | st.text() | st.just([]) | st.just({})
    return st.builds(lambda at, value: _with(payload, at, value), st.sampled_from(places), odd)


def _places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    yield path
    for name, each in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _places(each, (*path, name))


def _with(value: Any, path: tuple[Any, ...], new: Any) -> Any:
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = _with(value[path[0]], path[1:], new)
    return copy
