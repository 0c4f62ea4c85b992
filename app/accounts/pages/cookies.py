"""The cookies of accounts."""

from litestar import Response
from litestar.datastructures import Cookie

from app.accounts import logins
from app.accounts.logins import Opened, Visitor
from app.accounts.models import User
from app.frame.office import Office
from app.frame.pages import AnyRequest, go

SESSION = "centralita"
MARK = "centralita_equipo"
PENDING = "centralita_paso"
MARK_S = 400 * 24 * 3600
PENDING_S = 300


def visitor(request: AnyRequest) -> Visitor:
    client = request.client
    return Visitor(
        ip=client.host if client else "",
        agent=request.headers.get("user-agent", "")[:400],
        mark=request.cookies.get(MARK, ""),
    )


def put(response: Response[str], office: Office, key: str, value: str, max_age_s: int | None = None) -> None:
    """HttpOnly, SameSite=Lax, Secure over https."""
    response.set_cookie(
        Cookie(
            key=key,
            value=value,
            max_age=max_age_s,
            path="/",
            httponly=True,
            samesite="lax",
            secure=office.settings.https,
        )
    )


def drop(response: Response[str], office: Office, key: str) -> None:
    put(response, office, key, "", 0)


def let_in(response: Response[str], office: Office, opened: Opened) -> Response[str]:
    """The answer to a good log-in: session and mark."""
    put(response, office, SESSION, opened.token, office.settings.session_h * 3600)
    put(response, office, MARK, opened.mark, MARK_S)
    drop(response, office, PENDING)
    return response


async def enter(request: AnyRequest, office: Office, user: User, next_url: str) -> Response[str]:
    """After a good password: in, or to the second step for who uses one."""
    if user.has_2fa:
        response = go("/entrar/codigo", request)
        put(response, office, PENDING, logins.pending(office, user, next_url), PENDING_S)
        return response
    return let_in(go(next_url, request), office, await logins.open_for(office, user, visitor(request)))


def local_path(url: str) -> str:
    """Where to go next: a path of ours, never another site."""
    plain = url.startswith("/") and not url.startswith(("//", "/\\")) and url.isprintable() and "\\" not in url
    return url if plain and not url.startswith(("/entrar", "/salir", "/instalacion")) else "/"
