"""Guards. Every route carries exactly one of needs(), signed_in or public; a test walks the routes.

They are coroutines on purpose: Litestar runs a plain function in a thread, which costs more than the whole check."""

from collections.abc import Awaitable, Callable
from typing import Any

from litestar.connection import ASGIConnection
from litestar.handlers import BaseRouteHandler

from app.frame.i18n import _
from app.frame.refused import Forbidden, Refused

Guard = Callable[[ASGIConnection[Any, Any, Any, Any], BaseRouteHandler], Awaitable[None]]


class NotSignedIn(Refused):
    """Nobody is signed in: pages go to the login, the API answers 401."""

    status = 401


async def signed_in(connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Guard: somebody is signed in."""
    if connection.scope["user"].via == "nobody":
        raise NotSignedIn(_("Entre para continuar."))


async def public(_connection: ASGIConnection[Any, Any, Any, Any], _handler: BaseRouteHandler) -> None:
    """Guard: open to everyone, on purpose."""


def needs(permission: str) -> Guard:
    """Guard: signed in and holds the permission, whatever its scope; objects are checked in the service."""

    async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
        await signed_in(connection, handler)
        if not connection.scope["user"].may(permission):
            raise Forbidden(
                _("No tiene permiso para hacer esto. Pida acceso a la persona administradora."), permission=permission
            )

    guard.permission = permission  # type: ignore[attr-defined]
    return guard


def is_guard(guard: Any) -> bool:
    """Whether this is one of ours (used by the test that walks all routes)."""
    return guard in (signed_in, public) or hasattr(guard, "permission")
