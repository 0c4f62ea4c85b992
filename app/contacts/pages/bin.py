"""/contactos/papelera: thirty days to change one's mind."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.bin import restore_contact
from app.contacts.binned import binned_page, erased_in_days
from app.frame.auth import needs
from app.frame.i18n import _
from app.frame.pages import fragment, is_partial, page, toast

AnyRequest = Request[Any, Any, Any]


@get("/contactos/papelera", guards=[needs("contacts.delete")], include_in_schema=False)
async def bin_page(request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
    """What is in the bin, the latest first; `?after=` goes on."""
    q, after = (request.query_params.get(name, "") for name in ("q", "after"))
    rows, following = await binned_page(db, q, after)
    context: dict[str, Any] = {"rows": rows, "next": following, "q": q, "days": erased_in_days}
    if is_partial(request) and (after or request.headers.get("HX-Target") == "tbody#rows"):
        return fragment("contacts/_bin_rows.html", **context)
    return page(request, "contacts/bin.html", **context)


@post("/contactos/papelera/{contact_id:int}/restauraciones", guards=[needs("contacts.delete")], include_in_schema=False)
async def restore(db: NamedDependency[AsyncSession], contact_id: FromPath[int]) -> Response[str]:
    """Take one out again; its row leaves the bin."""
    contact = await restore_contact(db, contact_id)
    return toast(fragment("contacts/_nothing.html"), "ok", _("%(name)s volvió a la lista", name=contact.name))
