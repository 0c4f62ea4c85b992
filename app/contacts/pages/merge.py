"""Two contacts become one: find the other, choose field by field, and part them again."""

from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.card import read_card
from app.contacts.duplicates import likely_same
from app.contacts.filters import Filters
from app.contacts.listing import Lister, Row
from app.contacts.merging import CHOOSABLE, merge_contacts, preview_merge, unmerge
from app.contacts.pages.card import facts
from app.contacts.people import names_of
from app.contacts.service import get_contact
from app.contacts.timeline import TITLES
from app.frame.auth import needs
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, toast
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
EDIT = needs("contacts.edit")
FOUND = 8


class MergePages(Controller):
    """/contactos/{id}/union and /contactos/uniones."""

    path = "/contactos"
    include_in_schema = False

    @get("/{contact_id:int}/union", guards=[EDIT])
    async def choose(
        self, request: AnyRequest, contact_id: FromPath[int], office: NamedDependency[Office],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:  # fmt: skip
        """The dialog; with `q` only what was found."""
        contact, typed = await get_contact(db, contact_id), request.query_params.get("q")
        if typed is None:
            alike = await likely_same(db, contact)
            return fragment("contacts/merge/_choose.html", contact=contact, alike=alike, rows=[], q="")
        rows = await _found(office, request, contact_id, typed.strip()[:200])
        return fragment("contacts/merge/_found.html", contact=contact, rows=rows, q=typed)

    @get("/{contact_id:int}/union/{other_id:int}", guards=[EDIT])
    async def preview(
        self, contact_id: FromPath[int], other_id: FromPath[int], office: NamedDependency[Office],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:  # fmt: skip
        kept, gone = await get_contact(db, contact_id), await get_contact(db, other_id)
        shown = await preview_merge(db, contact_id, other_id)
        names = (await names_of(office)).names
        return fragment(
            "contacts/merge/_preview.html", kept=kept, gone=gone, preview=shown, titles=TITLES, names=names
        )  # fmt: skip

    @post("/{contact_id:int}/uniones", guards=[EDIT], status_code=200)
    async def merge(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        data = await request.form()
        typed = str(data.get("gone", ""))
        if not (typed.isascii() and typed.isdecimal() and len(typed) < 19):
            raise Refused(_("Elija el otro contacto."), "gone")
        choose = {field: "gone" for field in CHOOSABLE if data.get(field) == "gone"}
        merge = await merge_contacts(db, contact_id, int(typed), choose)
        response = fragment("contacts/card/_refreshed.html", card=await read_card(db, contact_id))
        title = _("Unido con «%(name)s»", name=merge.moved["gone"]["name"])
        undo = f"/contactos/uniones/{merge.id}/separacion"
        return toast(response, "ok", title, undo=undo, undo_label=_("Separar"), also={"modal:close": {}})

    @post("/uniones/{merge_id:int}/separacion", guards=[EDIT], status_code=200)
    async def part(
        self, request: AnyRequest, merge_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        kept_id, gone = await unmerge(db, merge_id)
        response = facts(await read_card(db, kept_id))
        return toast(response, "ok", _("«%(name)s» vuelve a ser otro contacto", name=gone.name))


async def _found(office: Office, request: AnyRequest, contact_id: int, typed: str) -> list[Row]:
    lister = Lister(office.database, request.user, Filters(q=typed), office.profile.timezone)
    rows = (await lister.page(limit=FOUND + 1)).rows if lister.found else []
    return [row for row in rows if row.id != contact_id][:FOUND]
