"""The menu of a row, and what the palette finds."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.people import names_of
from app.contacts.scope import sees
from app.contacts.service import get_contact
from app.frame.auth import needs
from app.frame.office import Office
from app.frame.pages import fragment

AnyRequest = Request[Any, Any, Any]
FOUND = 8


@get("/contactos/{contact_id:int}/menu", guards=[needs("contacts.view")], include_in_schema=False)
async def row_menu(request: AnyRequest, db: NamedDependency[AsyncSession], contact_id: FromPath[int]) -> Response[str]:
    """What this person may do with this contact."""
    contact = await get_contact(db, contact_id)
    may = {name: sees(request.user, contact, f"contacts.{name}") for name in ("edit", "delete")}
    return fragment("contacts/_row_menu.html", contact=contact, may=may)


@get("/buscar", guards=[needs("contacts.view")], include_in_schema=False)
async def search(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """Contacts for the palette: the newest that match."""
    typed = request.query_params.get("q", "").strip()[:200]
    lister = Lister(office.database, request.user, Filters(q=typed), office.profile.timezone)
    rows = (await lister.page(limit=FOUND)).rows if lister.found else []
    return fragment("contacts/_palette.html", rows=rows, names=(await names_of(office)).names, q=typed)
