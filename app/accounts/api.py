"""The API's own door: tokens, who am I, and how often a key may ask."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.config.app import AppConfig
from litestar.connection import ASGIConnection
from litestar.di import NamedDependency
from litestar.handlers import BaseRouteHandler
from litestar.params import JSONBody, QueryParameter
from litestar.plugins import InitPlugin
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import logins, people, tokens
from app.accounts.limits import MustFirst, check_must, limits_of
from app.accounts.listing import Wanted, people_page
from app.accounts.models import User
from app.accounts.pages.cookies import visitor
from app.frame.api import After, problem_responses
from app.frame.auth import needs, public, signed_in
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import go
from app.frame.refused import Forbidden, NotFound, Refused

AnyRequest = Request[Any, Any, Any]


class Credentials(msgspec.Struct, forbid_unknown_fields=False):
    """A person's name and password; `otp` when they use the second factor."""

    username: Annotated[str, msgspec.Meta(min_length=1, max_length=254)]
    password: Annotated[str, msgspec.Meta(min_length=1, max_length=logins.PASSWORD_MAX)]
    otp: Annotated[str, msgspec.Meta(max_length=40)] | None = None


class Token(msgspec.Struct):
    """A bearer token and how many seconds it lives."""

    access_token: str
    expires_in: int
    token_type: str = "bearer"


class Me(msgspec.Struct):
    """Whose key or token this is, and what it may do."""

    id: int
    name: str
    email: str
    username: str
    role: str
    team_ids: list[int]
    permissions: dict[str, str]
    via: str


async def give_token(request: AnyRequest, office: Office, said: Credentials) -> Token:
    """Check the credentials and hand out a token. Raises Refused 401, 403 or 429."""
    user = await _checked(request, office, said)
    if user.must_change_password or (office.profile.require_2fa and not user.has_2fa):
        raise Forbidden(_("Entre primero en la página y complete su cuenta."))
    seen = visitor(request)
    async with office.database.unit(actor=logins.visiting(user, seen)) as db:
        text = await tokens.give(db, office.settings.secret, user.id, office.settings.session_h, seen.ip)
    return Token(access_token=text, expires_in=office.settings.session_h * 3600)


async def _checked(request: AnyRequest, office: Office, said: Credentials) -> User:
    try:
        user = await logins.check_password(office, said.username, said.password, visitor(request))
        if user.has_2fa:
            await logins.check_code(office, user, said.otp or "", visitor(request))
    except Refused as refused:
        if refused.status == 422:
            raise Refused(refused.sentence, status=401) from refused
        raise
    return user


@post(
    "/api/v1/auth/token", guards=[public], opt={"api": True}, status_code=200, operation_id="createToken",
    tags=["auth"],
    summary="Log in and get a bearer token", security=[{}],
    description="The token lives as long as a session (24 h) and is sent as `Authorization: Bearer`. People who use "
    "the second factor add `otp`. Wrong credentials answer 401, too many tries 429 with Retry-After.",
    responses=problem_responses(400, 422),
)  # fmt: skip
async def create_token(request: AnyRequest, office: NamedDependency[Office], data: JSONBody[Credentials]) -> Token:
    """Credentials for a token."""
    return await give_token(request, office, data)


@post(
    "/login", guards=[public], opt={"api": True, "exclude_from_csrf": True}, status_code=200, operation_id="login",
    tags=["older tool"], summary="Log in and get a bearer token (older path)", security=[{}],
    description="Same as POST /api/v1/auth/token.", responses=problem_responses(400, 422),
)  # fmt: skip
async def older_login(request: AnyRequest, office: NamedDependency[Office], data: JSONBody[Credentials]) -> Token:
    """The path that the older tool's clients know."""
    return await give_token(request, office, data)


@delete(
    "/api/v1/auth/token", guards=[signed_in], operation_id="revokeToken", tags=["auth"], summary="Revoke this token",
    description="The bearer token of this very request stops working at once.", responses=problem_responses(404),
)  # fmt: skip
async def revoke_token(request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]) -> None:
    """Log out."""
    jti = tokens.read(office.settings.secret, request.headers.get("authorization", "")[7:].strip())
    if request.user.via != "token" or jti is None:
        raise NotFound(_("Esta solicitud no trae un token. Una clave se revoca en la página de ajustes."))
    await tokens.revoke(db, jti)


@get(
    "/api/v1/me", guards=[signed_in], operation_id="getMe", tags=["auth"], summary="Who am I",
    description="The person behind this key or token, with the permissions it really has and their scope.",
    responses=problem_responses(),
)  # fmt: skip
async def me(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Me:
    """The actor, as the API sees it."""
    actor, user = request.user, await people.get_person(db, request.user.user_id)
    return Me(
        id=user.id, name=user.name, email=user.email, username=user.username, role=user.role,
        team_ids=list(actor.team_ids), permissions=actor.grants, via=actor.via,
    )  # fmt: skip


class PersonOut(msgspec.Struct):
    """Somebody of the office."""

    id: int
    name: str
    email: str
    username: str
    role: str
    teams: list[str]
    disabled: bool


class PeoplePage(msgspec.Struct):
    """A page of people by name; send `next` back as `after`."""

    items: list[PersonOut]
    next: str | None = None


@get(
    "/api/v1/people", guards=[needs("people.view")], operation_id="listPeople", tags=["people"], summary="List people",
    description="The people within the key's reach, by name, with the ids that `owner` takes elsewhere.",
    responses=problem_responses(422),
)  # fmt: skip
async def list_people(
    request: AnyRequest,
    db: NamedDependency[AsyncSession],
    q: Annotated[str, QueryParameter(max_length=100, description="Part of a name, e-mail or user name.")] = "",
    after: After = "",
) -> PeoplePage:
    """One page."""
    if after and not (after.isascii() and after.isdigit() and len(after) < 18):
        raise Refused(_("Este cursor no es de esta lista. Empiece sin él."), "after")
    rows, following = await people_page(db, request.user, Wanted(q=q, after=int(after) if after else None))
    items = [PersonOut(r.id, r.name, r.email, r.username, r.role, r.teams, r.disabled_at is not None) for r in rows]
    return PeoplePage(items, str(following) if following else None)


async def at_the_door(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Every route, after the actor is known: a key's rate, and what a person must do before anything else."""
    actor = connection.scope["user"]
    if actor.via in ("key", "token"):
        limits_of(connection.app.state.office).spend(actor)
    if actor.must:
        check_must(actor, connection.scope["path"])


def to_what_comes_first(request: AnyRequest, must: MustFirst) -> Response[str]:
    """Send the browser to the page where it is done."""
    return go(must.extra["url"], request)


class AccountsPlugin(InitPlugin):
    """Puts `at_the_door` before every route."""

    def on_app_init(self, app_config: AppConfig) -> AppConfig:
        app_config.guards.append(at_the_door)
        app_config.exception_handlers[MustFirst] = to_what_comes_first
        return app_config


routes = (create_token, older_login, revoke_token, me, list_people)
