"""What a person forbade and allowed: the dialogs beside the contact's page."""

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.blocks import block_address_of, block_contact, lift_block, standing_block
from app.contacts.card import read_card
from app.contacts.consents import give_consent, withdraw_consent
from app.contacts.models import Contact
from app.contacts.pages.words import channel_title
from app.contacts.service import get_contact
from app.frame.auth import needs
from app.frame.forms import Again, Form, blank, read, refuse
from app.frame.i18n import N_, _
from app.frame.pages import fragment, toast
from app.frame.refused import Refused
from app.frame.show import phone

AnyRequest = Request[Any, Any, Any]
BLOCK, UNBLOCK = needs("contacts.block"), needs("contacts.unblock")
DIALOG, LIFT, ALLOW = "contacts/consent/_block.html", "contacts/consent/_lift.html", "contacts/consent/_allow.html"
PURPOSES = {"*": N_("Nada: ni avisos ni publicidad"), "marketing": N_("Publicidad; los avisos de servicio sí")}
SOURCES = (N_("Por teléfono"), N_("Por WhatsApp o mensaje"), N_("Por correo"), N_("En persona"), N_("Por escrito"))


class BlockForm(msgspec.Struct, kw_only=True):
    """`match` empty: the person, on all their addresses."""

    match: str = ""
    channel: str = "*"
    purpose: str = "*"
    reason: str = ""
    source: str = ""


class LiftForm(msgspec.Struct):
    why: str = ""


class AllowForm(msgspec.Struct, kw_only=True):
    match: str = ""
    channel: str = "*"
    words: str = ""
    source: str = ""


def addresses_of(contact: Contact) -> list[tuple[str, str]]:
    """(match, how it reads) of each address once."""
    found: dict[str, str] = {}
    for address in contact.addresses:
        said = phone(address.external_id) if address.match.startswith("tel:") else address.external_id
        found.setdefault(address.match, f"{channel_title(address.channel)} · {said}")
    return list(found.items())


async def done(db: AsyncSession, contact_id: int, title: str) -> Response[str]:
    """Close the dialog and show the facts as they are now."""
    response = fragment("contacts/card/_refreshed.html", card=await read_card(db, contact_id))
    return toast(response, "ok", title, also={"modal:close": {}})


def around(contact: Contact, form: Form[Any]) -> dict[str, Any]:
    places = addresses_of(contact)
    return {"contact": contact, "form": form, "places": places, "purposes": PURPOSES, "sources": SOURCES}


class ConsentPages(Controller):
    """/contactos/{id}/no-contactar and /contactos/{id}/permisos."""

    path = "/contactos/{contact_id:int}"
    include_in_schema = False

    @get("/no-contactar", guards=[BLOCK])
    async def ask(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        form = blank(match="", channel="*", purpose="*")
        return fragment(DIALOG, **around(await get_contact(db, contact_id), form))

    @post("/no-contactar", guards=[BLOCK], status_code=200)
    async def block(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        form = read(BlockForm, await request.form())
        contact = await get_contact(db, contact_id)
        try:
            await _block(db, contact_id, form.value)
        except Refused as refused:
            raise Again(DIALOG, **around(contact, refuse(form, refused))) from refused
        return await done(db, contact_id, _("Anotado: no contactar"))

    @get("/no-contactar/{block_id:int}", guards=[UNBLOCK])
    async def ask_why(
        self, contact_id: FromPath[int], block_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        contact, block = await get_contact(db, contact_id), await standing_block(db, block_id)
        return fragment(LIFT, contact=contact, block=block, form=blank())

    @post("/no-contactar/{block_id:int}", guards=[UNBLOCK], status_code=200)
    async def lift(
        self, request: AnyRequest, contact_id: FromPath[int], block_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        form = read(LiftForm, await request.form())
        contact, block = await get_contact(db, contact_id), await standing_block(db, block_id)
        try:
            await lift_block(db, block_id, form.value.why)
        except Refused as refused:
            raise Again(LIFT, contact=contact, block=block, form=refuse(form, refused)) from refused
        return await done(db, contact_id, _("Se levantó el «no contactar»"))

    @get("/permisos", guards=[BLOCK])
    async def ask_consent(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment(ALLOW, **around(await get_contact(db, contact_id), blank(channel="*")))

    @post("/permisos", guards=[BLOCK], status_code=200)
    async def allow(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        form = read(AllowForm, await request.form())
        contact, said = await get_contact(db, contact_id), form.value
        try:
            await give_consent(
                db, contact_id, said.match, channel=said.channel, words=said.words, source=said.source
            )  # fmt: skip
        except Refused as refused:
            raise Again(ALLOW, **around(contact, refuse(form, refused))) from refused
        return await done(db, contact_id, _("Permiso anotado"))

    @post("/permisos/{consent_id:int}/retiro", guards=[BLOCK], status_code=200)
    async def withdraw(
        self, contact_id: FromPath[int], consent_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        await withdraw_consent(db, contact_id, consent_id)
        return await done(db, contact_id, _("Permiso retirado"))


async def _block(db: AsyncSession, contact_id: int, said: BlockForm) -> None:
    given = {"channel": said.channel, "purpose": said.purpose, "reason": said.reason[:500], "source": said.source[:80]}
    if said.match:
        await block_address_of(db, contact_id, said.match, **given)
    else:
        await block_contact(db, contact_id, **given)
