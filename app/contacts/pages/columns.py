"""Which columns the list shows, and its saved views."""

from typing import Any

import msgspec
from litestar import Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.asked import Asked, read_query
from app.contacts.columns import choose_columns
from app.contacts.pages.table import forget_columns
from app.contacts.views import delete_view, save_view
from app.frame.auth import needs
from app.frame.forms import Again, blank, read, refuse
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, go, toast
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]


class Columns(msgspec.Struct):
    """The columns that stay, and the list they are for."""

    column: list[str] = []
    filter: str = ""


class View(msgspec.Struct):
    """A name for the list as it stands."""

    name: str
    filter: str = ""
    shared: bool = False


def address(asked: Asked) -> str:
    return f"/contactos?{asked.query}".rstrip("?")


@post("/contactos/columnas", guards=[needs("contacts.view")], include_in_schema=False)
async def columns(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Keep the choice with the account and show the list with it."""
    wanted = read(Columns, await request.form()).value
    await choose_columns(db, wanted.column)
    forget_columns(office, request.user)
    asked = msgspec.structs.replace(read_query(wanted.filter), columns=())
    return go(address(asked), request)


@get("/contactos/vistas/nueva", guards=[needs("contacts.view")], include_in_schema=False)
async def view_form(request: AnyRequest) -> Response[str]:
    """The form in the dialog; `?filter=` is the list's own query."""
    return fragment("contacts/_view_form.html", form=blank(filter=request.query_params.get("filter", "")))


@post("/contactos/vistas", guards=[needs("contacts.view")], include_in_schema=False)
async def save(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """Save the list as it stands under a name."""
    form = read(View, await request.form())
    if not form.ok:
        raise Again("contacts/_view_form.html", form=form)
    asked = msgspec.structs.replace(read_query(form.value.filter), view=0, after="")
    try:
        view = await save_view(db, form.value.name, asked.query, list(asked.columns), shared=form.value.shared)
    except Refused as refused:
        raise Again("contacts/_view_form.html", form=refuse(form, refused)) from refused
    response = go(address(msgspec.structs.replace(asked, view=view.id)), request)
    return toast(response, "ok", _("Vista guardada"))


@delete("/contactos/vistas/{view_id:int}", guards=[needs("contacts.view")], include_in_schema=False, status_code=200)
async def remove(request: AnyRequest, db: NamedDependency[AsyncSession], view_id: FromPath[int]) -> Response[str]:
    """Forget a view; the contacts stay."""
    await delete_view(db, view_id)
    return toast(go("/contactos", request), "ok", _("Vista eliminada"))
