"""Every error as an answer that says what happened and what to do: page, fragment, or problem details (RFC 9457)."""

import logging
import re
from typing import Any
from urllib.parse import quote

import msgspec
from litestar import Request, Response
from litestar.exceptions import ClientException, HTTPException, ValidationException
from litestar.types import Scope
from litestar.utils.scope.state import ScopeState
from sqlalchemy.exc import DataError, DBAPIError

from app.frame import audit
from app.frame.auth import NotSignedIn
from app.frame.forms import Again, explain
from app.frame.here import here
from app.frame.i18n import _
from app.frame.navigation import navigation
from app.frame.pages import fragment, go, is_partial
from app.frame.refused import Forbidden, Refused
from app.frame.unfit import unfit
from app.frame.wrong_fields import wrong_fields

log = logging.getLogger("centralita.errors")
AnyRequest = Request[Any, Any, Any]
PROBLEM = "application/problem+json"
NAMED = re.compile(r"field `([^`]+)`")


def is_api(request: AnyRequest) -> bool:
    """The API and the old tool's paths speak JSON; everything else speaks HTML."""
    handler = request.scope.get("route_handler")
    return request.url.path.startswith("/api/") or bool(handler and handler.opt.get("api"))


def titles() -> dict[int, str]:
    return {
        400: _("La solicitud no se entiende"),
        401: _("Hace falta entrar"),
        403: _("No tiene permiso para hacer esto"),
        404: _("No se encontró"),
        405: _("Ese método no se puede usar aquí"),
        409: _("Choca con lo que está guardado"),
        412: _("Cambió desde que lo leyó"),
        413: _("El envío es demasiado grande"),
        415: _("Ese tipo de contenido no se acepta"),
        422: _("Hay datos que corregir"),
        428: _("Falta decir qué versión leyó"),
        429: _("Demasiadas solicitudes"),
        500: _("El servidor tuvo un error"),
        503: _("No disponible por ahora"),
    }


def problem(
    status: int,
    detail: str = "",
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> Response[bytes]:
    """Problem details; `errors` is a list of {"field", "detail"}."""
    body: dict[str, Any] = {"type": "about:blank", "title": titles().get(status, _("Error")), "status": status}
    body |= {"detail": detail} if detail else {}
    body |= {"errors": errors} if errors else {}
    body |= {"reference": here().request_id} | extra
    return Response(
        msgspec.json.encode(body, enc_hook=str), status_code=status, media_type=PROBLEM, headers=headers or {}
    )


def _page(request: AnyRequest, status: int, sentence: str, headers: dict[str, str] | None = None) -> Response[Any]:
    context = {"title": titles().get(status, _("Error")), "sentence": sentence, "reference": here().request_id}
    context["retry"] = _again(request) if status >= 500 or status == 429 else ""
    name = "errors/_fragment.html" if is_partial(request) else "errors/page.html"
    base = "layout.html" if here().actor.via == "session" else "bare.html"
    nav = navigation(request.url.path) if base == "layout.html" else []
    return fragment(name, status=status, headers=headers, base=base, nav=nav, **context)


def _again(request: AnyRequest) -> str:
    """The address to ask once more, where asking twice does no harm."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "") if request.method == "GET" else ""


def answer(
    request: AnyRequest,
    status: int,
    sentence: str,
    errors: list[dict[str, str]] | None = None,
    headers: dict[str, str] | None = None,
    **extra: Any,
) -> Response[Any]:
    if is_api(request):
        return problem(status, sentence, errors, headers, **extra)
    return _page(request, status, sentence, headers)


def on_refused(request: AnyRequest, refused: Refused) -> Response[Any]:
    if isinstance(refused, NotSignedIn):
        return _login(request, refused)
    headers = {"Retry-After": str(refused.extra["retry_after_s"])} if "retry_after_s" in refused.extra else None
    errors = [{"field": field, "detail": sentence} for field, sentence in refused.errors.items() if field]
    return answer(request, refused.status, refused.sentence, errors or None, headers, **refused.extra)


def _login(request: AnyRequest, refused: Refused) -> Response[Any]:
    if is_api(request):
        return problem(401, refused.sentence, headers={"WWW-Authenticate": 'Bearer realm="centralita"'})
    office = here().office
    if office is not None and not office.profile.ready:
        return go("/instalacion", request)
    if is_partial(request):
        return fragment(
            "errors/_fragment.html", status=401, title=titles()[401], sentence=refused.sentence, reference=""
        )
    path = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    return go("/entrar" if path == "/" else f"/entrar?siguiente={quote(path)}", request)


async def audit_refusal(error: Exception, scope: Scope) -> None:
    """After-exception hook: a signed-in person tried what is not theirs."""
    office, actor = here().office, here().actor
    if not isinstance(error, Forbidden) or office is None or actor.user_id is None:
        return
    method = dict(scope).get("method", "")
    async with office.database.unit(actor=actor) as db:
        audit.record(db, "access.refused", "path", scope["path"][:80], after={"method": method, **error.extra})


def on_again(_request: AnyRequest, again: Again) -> Response[Any]:
    return fragment(again.template, status=again.status, **again.context)


def on_http(request: AnyRequest, error: HTTPException) -> Response[Any]:
    """Litestar's own refusals: unknown path, wrong method, unreadable body, wrong type."""
    if isinstance(error, ValidationException) or (
        error.status_code == 400 and "validation" in str(error.detail).lower()
    ):
        return _invalid(request, error)
    headers = dict(error.headers) if error.headers else None
    return answer(request, error.status_code, _sentence(error), headers=headers)


def _sentence(error: HTTPException) -> str:
    known = {
        404: _("Aquí no hay nada. Revise la dirección."),
        405: _("Revise el método de la solicitud."),
        413: _("Envíe un archivo más pequeño."),
        415: _("Envíe el contenido como JSON o como formulario."),
        403: _("La página estuvo abierta demasiado tiempo. Recárguela e intente de nuevo."),
        400: _("Revise el cuerpo de la solicitud: no se pudo leer."),
    }
    return known.get(error.status_code, str(error.detail))


def _invalid(request: AnyRequest, error: HTTPException) -> Response[Any]:
    found = error.extra if isinstance(error.extra, list) else []
    errors = _of_body(request, found) or [_field_problem(e) for e in found if isinstance(e, dict)]
    sentence = _("Revise los datos marcados.") if errors else _("Revise el cuerpo de la solicitud: no se pudo leer.")
    if is_api(request):
        return problem(422 if errors else 400, sentence, errors)
    return _page(request, 422, " ".join(e["detail"] for e in errors) or sentence)


def _of_body(request: AnyRequest, found: list[Any]) -> list[dict[str, str]]:
    """All that is wrong with a JSON body, where the first wrong thing is in it and nowhere else."""
    body, data = ScopeState.from_scope(request.scope).body, request.scope["route_handler"].parsed_data_field
    if data is None or not isinstance(body, bytes) or any(e.get("source") != "body" for e in found):
        return []
    return wrong_fields(data.annotation, body)


def _field_problem(extra: dict[str, Any]) -> dict[str, str]:
    """One entry of Litestar's list; for a missing or unknown field msgspec names it in the message only."""
    message, key = str(extra.get("message", "")), str(extra.get("key", ""))
    named = NAMED.search(message)
    field = named[1] if named else key.removeprefix("data.")
    return {"field": "" if field == "data" else field, "detail": explain(message)}


def on_unfit(request: AnyRequest, error: Exception) -> Response[Any]:
    """A number or character that no column can hold (NUL on PostgreSQL, more than 64 bits): said, not crashed."""
    if not isinstance(error, OverflowError) and not _is_data_error(error):
        return on_crash(request, error)
    log.warning("unfit value: %s", str(error)[:200], extra={"request_id": here().request_id})
    return on_refused(request, unfit())


def _is_data_error(error: Exception) -> bool:
    cause = getattr(getattr(error, "orig", None), "__cause__", None)
    return isinstance(error, DataError) or any(kind.__name__ == "DataError" for kind in type(cause).__mro__)


def on_deep(request: AnyRequest, _error: Exception) -> Response[Any]:
    """JSON within JSON within JSON, to exhaust the reader: it stopped in time."""
    return answer(request, 400, _sentence(ClientException()))


def on_crash(request: AnyRequest, error: Exception) -> Response[Any]:
    """A bug: the log has the traceback under the reference that the person sees."""
    log.exception("unhandled error", exc_info=error, extra={"request_id": here().request_id, "path": request.url.path})
    return answer(
        request, 500, _("Sus datos siguen en pantalla. Intente de nuevo; si se repite, dé esta referencia a soporte.")
    )


HANDLERS: dict[Any, Any] = {
    Refused: on_refused,
    Again: on_again,
    HTTPException: on_http,
    DBAPIError: on_unfit,
    OverflowError: on_unfit,
    RecursionError: on_deep,
    Exception: on_crash,
}
