"""/api/v1/contacts: list, read, write."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, patch, post
from litestar.di import NamedDependency
from litestar.params import FromPath, HeaderParameter, JSONBody
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import bin as recycling
from app.contacts.api.asked import FILTERED
from app.contacts.api.shapes import (
    ContactNew,
    ContactOut,
    ContactPage,
    ContactPatch,
    changes_in,
    contact_in,
    contact_out,
)
from app.contacts.api.shelf import page_as_json
from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.models import Contact
from app.contacts.service import change_contact, create_contact, get_contact
from app.frame.api import After, Limit, problem_responses
from app.frame.auth import needs
from app.frame.i18n import _
from app.frame.idempotency import IdempotencyKey, idempotent
from app.frame.office import Office
from app.frame.refused import NotFound, Refused

IfMatch = Annotated[
    str | None, HeaderParameter(name="If-Match", description="The ETag that was read; else the write is blind.")
]
AnyRequest = Request[Any, Any, Any]


def etag(contact: Contact) -> str:
    return f'"{contact.version}"'


def answer(contact: Contact, status: int = 200) -> Response[ContactOut]:
    """A contact with its ETag."""
    headers = {"ETag": etag(contact)} | ({"Location": f"/api/v1/contacts/{contact.id}"} if status == 201 else {})
    return Response(contact_out(contact), status_code=status, headers=headers)


def refuse_stale(contact: Contact, if_match: str | None) -> None:
    """Raises 412 when the reader's ETag is an old one."""
    if if_match and if_match.strip() not in ("*", etag(contact), f"W/{etag(contact)}"):
        raise Refused(_("Cambió desde que lo leyó. Léalo de nuevo."), status=412, version=contact.version)


class Contacts(Controller):
    """Contacts within the key's reach."""

    path = "/api/v1/contacts"
    tags = ["contacts"]

    @get(
        guards=[needs("contacts.view")],
        operation_id="listContacts",
        summary="List contacts",
        responses=problem_responses(422),
        dependencies=FILTERED,
        description="Newest change first; newest contact first with `q`, where accents and case do not matter.",
    )
    async def list(
        self,
        request: AnyRequest,
        office: NamedDependency[Office],
        filters: NamedDependency[Filters],
        limit: Limit = 50,
        after: After = "",
    ) -> Response[ContactPage]:
        """One page, one query; contacts that did not change are kept as JSON."""
        actor = request.scope["user"]
        lister = Lister(office.database, actor, filters, office.profile.timezone)
        body = await page_as_json(office, actor, lister, after, limit)
        return Response(body, media_type="application/json")  # type: ignore[arg-type]

    @post(
        guards=[needs("contacts.edit")],
        operation_id="createContact",
        summary="Create a contact",
        description="Answers 409 with `contact_id` when another contact has the number or e-mail.",
        responses=problem_responses(400, 409, 422),
    )
    @idempotent
    async def create(
        self,
        request: AnyRequest,
        data: JSONBody[ContactNew],
        db: NamedDependency[AsyncSession],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[ContactOut]:
        contact = await create_contact(db, contact_in(data), provenance="api")
        return answer(contact, 201)

    @get(
        "/{contact_id:int}",
        guards=[needs("contacts.view")],
        operation_id="getContact",
        summary="Read a contact",
        description="Answers with an ETag to send back as If-Match.",
        responses=problem_responses(404),
    )
    async def read(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[ContactOut]:
        return answer(await _live(db, contact_id))

    @patch(
        "/{contact_id:int}",
        guards=[needs("contacts.edit")],
        operation_id="changeContact",
        summary="Change a contact",
        description="Only the fields given change. Another person's lock answers 409.",
        responses=problem_responses(400, 404, 409, 412, 422),
    )
    async def change(
        self,
        contact_id: FromPath[int],
        data: JSONBody[ContactPatch],
        db: NamedDependency[AsyncSession],
        if_match: IfMatch = None,
    ) -> Response[ContactOut]:
        contact = await _live(db, contact_id)
        refuse_stale(contact, if_match)
        return answer(await change_contact(db, contact_id, changes_in(data, contact)))

    @delete(
        "/{contact_id:int}",
        guards=[needs("contacts.delete")],
        operation_id="deleteContact",
        summary="Delete a contact",
        description="Moves it to the bin, where it stays for 30 days. Another person's lock answers 409.",
        responses=problem_responses(404, 409, 412),
    )
    async def delete(
        self, contact_id: FromPath[int], db: NamedDependency[AsyncSession], if_match: IfMatch = None
    ) -> None:
        contact = await _live(db, contact_id)
        refuse_stale(contact, if_match)
        await recycling.delete_contact(db, contact_id)


async def _live(db: AsyncSession, contact_id: int) -> Contact:
    contact = await get_contact(db, contact_id) if contact_id < 2**63 else None
    if contact is None or contact.deleted_at:
        raise NotFound(_("Este contacto ya no existe o no está a su alcance."))
    return contact
