"""/ajustes/clave: one's own password. /invitacion: the first one, or a forgotten one."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from app.accounts import invitations, logins, people
from app.accounts.hashing import hash_password
from app.accounts.pages import cookies
from app.accounts.password_rules import check_password
from app.frame.auth import public, signed_in
from app.frame.forms import Form, blank, read, refuse
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import bare, fragment, go, page, toast
from app.frame.refused import NotFound, Refused

AnyRequest = Request[Any, Any, Any]
Secret = Annotated[str, msgspec.Meta(max_length=logins.PASSWORD_MAX)]


class Change(msgspec.Struct):
    """The password now and the next one."""

    current: Secret
    password: Secret


class First(msgspec.Struct):
    """A password where there was none to give."""

    password: Secret


@get("/ajustes/clave", guards=[signed_in], include_in_schema=False)
async def password_page(request: AnyRequest) -> Response[str]:
    """The password alone: where somebody lands who has to change it first."""
    part = "accounts/_change_password.html"
    return page(request, "accounts/one_section.html", part=part, form=blank(), title=_("Contraseña"))


@post("/ajustes/clave", guards=[signed_in], include_in_schema=False, status_code=200)
async def change_password(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """A new password; every other session is closed."""
    form = read(Change, await request.form())
    try:
        if not form.ok:
            return _again(form)
        user = await logins.confirm_password(office, request.user, form.value.current)
        check_password(form.value.password, (user.name, user.email, user.username, office.profile.name))
        hashed = await hash_password(form.value.password)
        async with office.database.unit(actor=request.user) as db:
            fresh = await people.get_person(db, user.id)
            await people.set_password(db, fresh, hashed, keep_session=request.user.session_id)
    except Refused as refused:
        return _again(refuse(form, refused), refused.status)
    if request.user.must:
        return go("/", request)
    return toast(fragment("accounts/_change_password.html", form=blank()), "ok", _("Contraseña cambiada"))


@get("/invitacion/{token:str}", guards=[public], include_in_schema=False)
async def link_page(office: NamedDependency[Office], token: FromPath[str]) -> Response[str]:
    """A one-time link."""
    async with office.database.unit(write=False) as db:
        try:
            link, user = await invitations.find_link(db, token)
        except NotFound as gone:
            return bare("accounts/link_gone.html", status=404, sentence=gone.sentence)
    return bare("accounts/link.html", form=blank(), token=token, user=user, purpose=link.purpose)


@post("/invitacion/{token:str}", guards=[public], include_in_schema=False, status_code=200)
async def use_link(request: AnyRequest, office: NamedDependency[Office], token: FromPath[str]) -> Response[str]:
    """Choose the password and come in."""
    form = read(First, await request.form())
    try:
        async with office.database.unit(write=False) as db:
            link, user = await invitations.find_link(db, token)
        if not form.ok:
            raise Refused(form.errors["password"], "password")
        check_password(form.value.password, (user.name, user.email, user.username, office.profile.name))
        hashed, seen = await hash_password(form.value.password), cookies.visitor(request)
        async with office.database.unit(actor=logins.visiting(user, seen)) as db:
            await invitations.use_link(db, token, hashed)
    except NotFound as gone:
        return bare("accounts/link_gone.html", status=404, sentence=gone.sentence)
    except Refused as refused:
        again = {"form": refuse(form, refused), "token": token, "user": user, "purpose": link.purpose}
        return bare("accounts/link.html", status=refused.status, **again)
    return await cookies.enter(request, office, user, "/")


def _again(form: Form[Any], status: int = 422) -> Response[str]:
    return fragment("accounts/_change_password.html", status=status, form=form)


routes = (password_page, change_password, link_page, use_link)
