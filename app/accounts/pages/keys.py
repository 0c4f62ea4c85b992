"""/ajustes/claves: API keys of one's own."""

from typing import Annotated, Any

import msgspec
from litestar import Request, Response, delete, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import keys, people
from app.accounts.pages.choices import permission_titles
from app.frame.auth import signed_in
from app.frame.forms import Form, blank, read, refuse
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, toast
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]


class NewKey(msgspec.Struct):
    """Name, life in days (empty: no end), and the permissions it keeps (none ticked: all of one's own)."""

    name: Annotated[str, msgspec.Meta(max_length=80)]
    days: Annotated[int, msgspec.Meta(ge=1, le=3650)] | None = None
    narrowed: bool = False
    scopes: list[str] = []


@post("/ajustes/claves", guards=[signed_in], include_in_schema=False, status_code=200)
async def create_key(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """A new key, shown once."""
    form = read(NewKey, await request.form())
    if not form.ok:
        return await _section(request, office, db, form, 422)
    said, user = form.value, await people.get_person(db, request.user.user_id)
    if said.narrowed and not said.scopes:
        return await _section(
            request, office, db, refuse(form, Refused(_("Marque al menos un permiso."), "scopes")), 422
        )
    scopes = [name for name in said.scopes if request.user.may(name)] if said.narrowed else None
    try:
        text = await keys.create_key(db, user, name=said.name, days=said.days, scopes=scopes)
    except Refused as refused:
        return await _section(request, office, db, refuse(form, refused), refused.status)
    return await _section(request, office, db, blank(), new_key=text)


@delete("/ajustes/claves/{key_id:int}", guards=[signed_in], include_in_schema=False, status_code=200)
async def revoke_key(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession], key_id: FromPath[int]
) -> Response[str]:
    """From now on it opens nothing."""
    row = await keys.revoke_key(db, request.user.user_id, key_id)
    await db.flush()
    return toast(await _section(request, office, db, blank()), "ok", _("Clave revocada: %(name)s", name=row.name))


async def _section(
    request: AnyRequest, office: Office, db: AsyncSession, form: Form[Any], status: int = 200, new_key: str = ""
) -> Response[str]:
    titles = permission_titles(office, request.user)
    found = await keys.keys_of(db, request.user.user_id)
    return fragment("accounts/_keys.html", status=status, form=form, keys=found, titles=titles, new_key=new_key)


routes = (create_key, revoke_key)
