"""Every door has a guard, and every guard asks for a permission that somebody declared."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar, get
from litestar.handlers import HTTPRouteHandler
from litestar.routes import HTTPRoute

from app.frame.auth import is_guard, needs, public, signed_in
from app.frame.settings import Settings
from app.main import create_app


@pytest.fixture
def house(tmp_path: Path) -> Litestar:
    return create_app(Settings(data=tmp_path, secret="a secret of the tests, long enough"))


def doors(app: Litestar) -> Iterator[tuple[str, HTTPRouteHandler]]:
    for route in app.routes:
        if not isinstance(route, HTTPRoute):
            yield route.path, route.route_handler
            continue
        for handler in route.route_handlers:
            if handler.http_methods != {"OPTIONS"}:  # Litestar's own answer: which methods there are
                yield f"{'/'.join(sorted(handler.http_methods))} {route.path}", handler


def ours(handler: Any) -> list[Any]:
    """Our guards on the handler and on everything that holds it."""
    return [guard for layer in handler.ownership_layers for guard in layer.guards or () if is_guard(guard)]


def is_guarded(handler: Any) -> bool:
    """By one of ours at least; `public` only by itself, as anything beside it would be a contradiction."""
    found = ours(handler)
    return found == [public] or (bool(found) and public not in found)


def test_it_works(house):
    assert len(list(doors(house))) > 3
    open_doors = [door for door, handler in doors(house) if not is_guarded(handler)]
    assert open_doors == [], "give each one of needs(), signed_in, public (app.frame.auth)"


def test_every_permission_asked_for_is_declared(house):
    declared = {p.name for m in house.state.office.modules.values() for p in m.permissions}
    asked = {guard.permission for _, handler in doors(house) for guard in ours(handler) if hasattr(guard, "permission")}
    assert asked <= declared


def test_an_unguarded_door_is_seen():
    @get("/open")
    async def forgotten() -> None: ...

    @get("/twice", guards=[signed_in, needs("x.y")])
    async def twice() -> None: ...

    @get("/confused", guards=[public, signed_in])
    async def confused() -> None: ...

    @get("/fine", guards=[public])
    async def fine() -> None: ...

    app = Litestar([forgotten, twice, confused, fine], openapi_config=None)
    found = {door: is_guarded(handler) for door, handler in doors(app)}
    assert found == {"GET /open": False, "GET /twice": True, "GET /confused": False, "GET /fine": True}
