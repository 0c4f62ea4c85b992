"""The older tool's paths, for its clients: /contacts with `X-API-Key`. Shapes are theirs, rules are ours."""

from collections.abc import AsyncIterator
from typing import Any

import msgspec
from litestar import Controller, Request, Response, delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath, JSONBody
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import bin as recycling
from app.contacts.api.older_rows import OldContact, OldRow, beside, old_row, older_changes
from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.lookup import find_contact
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from app.contacts.statuses import START
from app.contacts.wide import WideRow
from app.frame.api import problem_responses
from app.frame.auth import needs
from app.frame.db import Database
from app.frame.i18n import _
from app.frame.office import Office

AnyRequest = Request[Any, Any, Any]
CHUNK = 500
encode = msgspec.json.encode


class Older(Controller):
    """GET/POST /contacts, PUT/DELETE /contacts/{id}. An id is ours, or the number's digits as the older tool had it."""

    path = "/contacts"
    opt = {"api": True, "exclude_from_csrf": True}
    tags = ["older tool"]

    @get(
        guards=[needs("contacts.view")],
        operation_id="olderListContacts",
        summary="All contacts, the older way",
        description="One array, streamed. New clients use /api/v1/contacts, which pages.",
        responses=problem_responses(),
    )
    async def list(self, request: AnyRequest, office: NamedDependency[Office]) -> Stream:
        filters = Filters(sort="created")
        lister = Lister(office.database, request.scope["user"], filters, office.profile.timezone, wide=True)
        return Stream(_array(lister), media_type="application/json")

    @post(
        guards=[needs("contacts.edit")],
        operation_id="olderCreateContact",
        summary="Create a contact, the older way",
        description="Answers 409 with `contact_id` when another contact has the number.",
        responses=problem_responses(400, 409, 422),
    )
    async def create(self, data: JSONBody[OldContact], db: NamedDependency[AsyncSession]) -> Response[OldRow]:
        given = ContactIn(
            name=data.name or "",
            status=data.status or START,
            notes=data.note or "",
            addresses=[AddressIn("phone", data.phone or "")],
        )
        contact = await create_contact(db, given, provenance="api")
        return Response(old_row(contact, await beside(db, contact.id, contact.id)), status_code=201)

    @put(
        "/{contact:str}",
        guards=[needs("contacts.edit")],
        operation_id="olderChangeContact",
        responses=problem_responses(400, 404, 409, 422),
        summary="Change a contact, the older way",
        description="Only the fields given change.",
    )
    async def change(
        self, contact: FromPath[str], data: JSONBody[OldContact], db: NamedDependency[AsyncSession]
    ) -> OldRow:
        found = await find_contact(db, contact)
        changed = await change_contact(db, found.id, older_changes(data, found))
        await db.flush()
        return old_row(changed, await beside(db, changed.id, changed.id))

    @delete(
        "/{contact:str}",
        guards=[needs("contacts.delete")],
        operation_id="olderDeleteContact",
        status_code=200,
        summary="Delete a contact, the older way",
        description="Moves it to the bin.",
        responses=problem_responses(404, 409),
    )
    async def delete(self, contact: FromPath[str], db: NamedDependency[AsyncSession]) -> dict[str, Any]:
        found = await find_contact(db, contact)
        await recycling.delete_contact(db, found.id)
        return {"success": True, "message": _("El contacto está en la papelera."), "id": str(found.id)}


async def _array(lister: Lister) -> AsyncIterator[bytes]:
    """A JSON array, a page at a time, so that a large office does not sit in memory."""
    after, first = "", True
    yield b"["
    while True:
        page = await lister.page(after, CHUNK)
        body = encode(await _rows(lister.database, page.rows))[1:-1]
        if body:
            yield body if first else b"," + body
            first = False
        if page.next is None:
            break
        after = page.next
    yield b"]"


async def _rows(database: Database, rows: list[WideRow]) -> list[OldRow]:
    """In the order of their numbers, so what stands beside them is asked for all at once."""
    if not rows:
        return []
    async with database.unit(write=False) as db:
        more = await beside(db, rows[0].id, rows[-1].id)
    return [old_row(row, more) for row in rows if row.id in more.seen]
