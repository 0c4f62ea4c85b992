"""/ajustes/verificacion: the second factor on, off, and its recovery codes."""

from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import logins, people, tokens, totp
from app.accounts.models import User
from app.frame.auth import signed_in
from app.frame.forms import Form, blank, read, refuse
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, page, toast
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
ENROL, ENROL_LIFE = "2fa enrolment", timedelta(minutes=15)


class Enrol(msgspec.Struct):
    """The signed secret that the QR showed, and the first code of it."""

    pending: Annotated[str, msgspec.Meta(max_length=1000)]
    code: Annotated[str, msgspec.Meta(max_length=20)]


class Confirm(msgspec.Struct):
    """The password again."""

    current: Annotated[str, msgspec.Meta(max_length=logins.PASSWORD_MAX)]


@get("/ajustes/verificacion", guards=[signed_in], include_in_schema=False)
async def factor_page(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """The second factor alone: where somebody lands who has to turn it on first."""
    user = await people.get_person(db, request.user.user_id)
    left = await totp.codes_left(db, user.id)
    return page(
        request, "accounts/one_section.html",
        part="accounts/_second_factor.html", title=_("Verificación en dos pasos"), user=user, codes_left=left,
    )  # fmt: skip


@get("/ajustes/verificacion/alta", guards=[signed_in], include_in_schema=False)
async def enrol_form(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """A new secret as a QR, and the field for its first code."""
    return _enrol(office, await people.get_person(db, request.user.user_id), totp.new_secret(), blank())


@post("/ajustes/verificacion", guards=[signed_in], include_in_schema=False, status_code=200)
async def enrol(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Turn it on; the recovery codes are shown once."""
    form, user = read(Enrol, await request.form()), await people.get_person(db, request.user.user_id)
    claims = tokens.claims_of(office.settings.secret, ENROL, str(form.raw.get("pending") or ""))
    if claims is None or claims["sub"] != str(user.id):
        return _enrol(office, user, totp.new_secret(), blank())
    if not form.ok:
        return _enrol(office, user, claims["totp"], form, 422)
    try:
        codes = await totp.enrol(db, office.vault, office.settings.secret, user, claims["totp"], form.value.code)
    except Refused as refused:
        return _enrol(office, user, claims["totp"], refuse(form, refused), 422)
    return toast(_codes(codes), "ok", _("Verificación en dos pasos activada"))


@post("/ajustes/verificacion/codigos", guards=[signed_in], include_in_schema=False, status_code=200)
async def fresh_codes(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """New recovery codes, after the password."""
    form = read(Confirm, await request.form())
    try:
        user = await _confirmed(request, office, form)
    except Refused as refused:
        return await _again(request, office, refuse(form, refused), refused.status)
    async with office.database.unit(actor=request.user) as db:
        codes = await totp.new_codes(db, office.settings.secret, await people.get_person(db, user.id))
    return _codes(codes)


@post("/ajustes/verificacion/baja", guards=[signed_in], include_in_schema=False, status_code=200)
async def turn_off(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Turn it off, after the password; not where the office requires it."""
    form = read(Confirm, await request.form())
    try:
        if office.profile.require_2fa:
            raise Refused(_("La oficina exige la verificación en dos pasos."), status=409)
        user = await _confirmed(request, office, form)
    except Refused as refused:
        return await _again(request, office, refuse(form, refused), refused.status)
    async with office.database.unit(actor=request.user) as db:
        fresh = await people.get_person(db, user.id)
        await totp.disable(db, fresh)
    return toast(_section(fresh, 0, blank()), "ok", _("Verificación en dos pasos desactivada"))


async def _confirmed(request: AnyRequest, office: Office, form: Form[Confirm]) -> User:
    if not form.ok:
        raise Refused(form.errors["current"], "current")
    return await logins.confirm_password(office, request.user, form.value.current)


async def _again(request: AnyRequest, office: Office, form: Form[Any], status: int) -> Response[str]:
    async with office.database.unit(write=False) as db:
        user = await people.get_person(db, request.user.user_id)
        return _section(user, await totp.codes_left(db, user.id), form, status)


def _section(user: User, left: int, form: Form[Any], status: int = 200) -> Response[str]:
    return fragment("accounts/_second_factor.html", status=status, user=user, codes_left=left, form=form)


def _codes(codes: list[str]) -> Response[str]:
    return fragment("accounts/_recovery_codes.html", codes=codes)


def _enrol(office: Office, user: User, secret: str, form: Form[Any], status: int = 200) -> Response[str]:
    pending = tokens.sign(office.settings.secret, ENROL, ENROL_LIFE, sub=str(user.id), totp=secret)
    spaced = " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))
    image = totp.qr(secret, user.email, office.profile.name)
    return fragment("accounts/_enrol.html", status=status, form=form, pending=pending, image=image, secret=spaced)


routes = (factor_page, enrol_form, enrol, fresh_codes, turn_off)
