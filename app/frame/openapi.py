"""The OpenAPI document at /api/v1/openapi.json, and a page of it at /api/v1/docs: only the API is in them."""

from typing import Any

import msgspec
from litestar import Litestar, Request, Response, Router, get
from litestar.openapi.config import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme, Server
from litestar.routes import HTTPRoute

from app import __version__
from app.frame.auth import public
from app.frame.document import tidy
from app.frame.operations import by_tag
from app.frame.pages import fragment
from app.frame.settings import Settings

HIDDEN = "/_openapi"  # the framework's own router answers unknown paths below it with HTML, so it is kept out of /api
ABOUT = (
    "API of Centralita. Send an API key in `X-API-Key`, or a token of `POST /api/v1/auth/token` as "
    "`Authorization: Bearer`. Errors are problem details (RFC 9457). Lists are paged: send `next` back as `after`. "
    "Send `Idempotency-Key` on POST to repeat safely."
)


def openapi_config(settings: Settings) -> OpenAPIConfig:
    return OpenAPIConfig(
        title="Centralita",
        version=__version__,
        description=ABOUT,
        path=HIDDEN,
        openapi_router=Router(HIDDEN, route_handlers=[], guards=[public], include_in_schema=False),
        servers=[Server(url=settings.url)],
        render_plugins=[JsonRenderPlugin(path="/openapi.json")],
        components=Components(
            security_schemes={
                "key": SecurityScheme(type="apiKey", name="X-API-Key", security_scheme_in="header"),
                "token": SecurityScheme(type="http", scheme="bearer", bearer_format="JWT"),
            }
        ),
        security=[{"key": []}, {"token": []}],
    )


def document_of(app: Litestar) -> dict[str, Any]:
    """The document, made once: the routes do not change while the office is open."""
    kept: dict[str, Any] | None = app.state.get("openapi")
    if kept is None:
        kept = app.state["openapi"] = tidy(app.openapi_schema.to_schema(), files_of(app))
    return kept


def files_of(app: Litestar) -> dict[str, tuple[str, ...]]:
    """The media types of operations that answer with a file, as their `opt` says under `files`."""
    handlers = [handler for route in app.routes if isinstance(route, HTTPRoute) for handler in route.route_handlers]
    return {str(one.operation_id): one.opt["files"] for one in handlers if "files" in one.opt}


@get("/api/v1/openapi.json", guards=[public], include_in_schema=False, sync_to_thread=False)
def openapi_document(request: Request[Any, Any, Any]) -> Response[bytes]:
    """The document that integrators import."""
    return Response(msgspec.json.encode(document_of(request.app)), media_type="application/json")


@get("/api/v1/docs", guards=[public], include_in_schema=False)
async def openapi_page(request: Request[Any, Any, Any]) -> Response[str]:
    """The same for people, without a script from elsewhere."""
    document = document_of(request.app)
    return fragment("openapi/page.html", tags=by_tag(document), server=document["servers"][0]["url"])
