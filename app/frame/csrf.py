"""The token that forms send back, in a cookie that this office signed."""

from hmac import compare_digest
from typing import Any

from litestar.config.csrf import CSRFConfig
from litestar.connection import ASGIConnection
from litestar.middleware.csrf import CSRF_SECRET_LENGTH, generate_csrf_hash

from app.frame.settings import Settings

COOKIE = "centralita_csrf"


def csrf_config(settings: Settings) -> CSRFConfig:
    return CSRFConfig(
        secret=settings.secret,
        cookie_name=COOKIE,
        cookie_secure=settings.https,
        cookie_httponly=True,
        cookie_samesite="lax",
        exclude=["^/api/", "^/hooks/", "^/static/"],
    )


def leave_out_foreign_token(connection: ASGIConnection[Any, Any, Any, Any], secret: str) -> None:
    """Another office at the same address (the demo, one before a new secret) left its cookie: as if there were none,
    so that a new one is given. Litestar would keep it, and refuse every form until somebody clears the browser."""
    token = connection.cookies.get(COOKIE)
    if token is not None and not _signed_here(token, secret):
        del connection.cookies[COOKIE]


def _signed_here(token: str, secret: str) -> bool:
    given = token[CSRF_SECRET_LENGTH:].encode()
    return compare_digest(given, generate_csrf_hash(token[:CSRF_SECRET_LENGTH], secret).encode())
