"""Writing a contact: new ones, and the editor with its lock."""

from typing import Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import locks
from app.contacts.card import Card, read_card
from app.contacts.held import refuse_locked
from app.contacts.pages.card import AnyRequest, facts
from app.contacts.pages.contact_form import blank_form, choices, filled_form, read_contact_form, to_contact, to_wanted
from app.contacts.service import change_contact, create_contact, get_contact
from app.contacts.writing import snapshot
from app.frame.auth import needs
from app.frame.forms import Again, Form
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, go, page, toast
from app.frame.refused import Conflict, Refused

EDIT = needs("contacts.edit")
FORM, NEW, CLASH = "contacts/card/_form.html", "contacts/card/_new.html", "contacts/card/_clash.html"

OWN = ("", "name", "company", "status", "notes", "tags", "country")
PLACES = {field: field for field in OWN} | {"owner": "owner_id", "team": "team_id"}


class EditorPages(Controller):
    """/contactos/nuevo and /contactos/{id}/edicion."""

    path = "/contactos"
    include_in_schema = False

    @get("/nuevo", guards=[EDIT])
    async def blank(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        return page(request, "contacts/card/new.html", form=blank_form(), **await choices(db))

    @post("/", guards=[EDIT], status_code=200)
    async def create(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        data = await request.form()
        form = read_contact_form(data)
        more = await choices(db)
        if not form.ok:
            raise Again(NEW, form=form, **more)
        try:
            contact = await create_contact(db, to_contact(form.value, data))
        except Refused as refused:
            raise Again(NEW, form=placed(form, refused), other=refused.extra.get("contact_id"), **more) from refused
        return go(f"/contactos/{contact.id}", request)

    @get("/nuevo/direccion", guards=[EDIT])
    async def another_address(self) -> Response[str]:
        return fragment("contacts/card/_address.html", row=("phone", "", ""))

    @post("/{contact_id:int}/edicion", guards=[EDIT], status_code=200)
    async def edit(
        self, contact_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
    ) -> Response[str]:
        """Take the lock and show the editor; when somebody else holds it, say who."""
        try:
            await locks.lock_contact(db, contact_id, office.settings.lock_min)
        except Conflict as conflict:
            card = await read_card(db, contact_id)
            return toast(facts(card), "danger", conflict.sentence, _("Espere a que termine, o tómelo si puede."))
        return await _editor(db, contact_id)

    @post("/{contact_id:int}/toma", guards=[needs("contacts.takeover")], status_code=200)
    async def take_over(
        self, contact_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
    ) -> Response[str]:
        await locks.take_over(db, contact_id, office.settings.lock_min)
        return await _editor(db, contact_id)

    @post("/{contact_id:int}/bloqueo", guards=[EDIT], status_code=204)
    async def keep_lock(
        self, contact_id: FromPath[int], db: NamedDependency[AsyncSession], office: NamedDependency[Office]
    ) -> None:
        """Somebody is typing: extend."""
        await locks.lock_contact(db, contact_id, office.settings.lock_min)

    @get("/{contact_id:int}/bloqueo", guards=[EDIT], status_code=204)
    async def whose_lock(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> None:
        """Raises Conflict when somebody else holds it by now. To ask extends nothing."""
        await get_contact(db, contact_id)
        await refuse_locked(db, contact_id)

    @delete("/{contact_id:int}/bloqueo", guards=[EDIT])
    async def free(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> None:
        await locks.unlock_contact(db, contact_id)

    @post("/{contact_id:int}/edicion/fin", guards=[EDIT], status_code=200)
    async def leave(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        await locks.unlock_contact(db, contact_id)
        return facts(await read_card(db, contact_id))

    @post("/{contact_id:int}", guards=[EDIT], status_code=200)
    async def save(
        self, request: Request[Any, Any, Any], contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        """Save what was typed; a stale save shows both versions and loses neither."""
        data = await request.form()
        form, card = read_contact_form(data), await read_card(db, contact_id)
        if not form.ok:
            raise Again(FORM, form=form, card=card, **await choices(db))
        try:
            await change_contact(
                db, contact_id, to_wanted(form.value, data, card.contact.custom), version=form.value.version
            )
        except Refused as refused:
            raise await _again(db, card, form, refused) from refused
        await locks.unlock_contact(db, contact_id)
        return toast(facts(await read_card(db, contact_id)), "ok", _("Guardado"))


async def _editor(db: AsyncSession, contact_id: int) -> Response[str]:
    card = await read_card(db, contact_id)
    return fragment(FORM, form=filled_form(card.contact), card=card, **await choices(db))


def placed(form: Form[Any], refused: Refused) -> Form[Any]:
    """Beside its field; addresses have one place for all channels."""
    errors: dict[str, str] = {}
    for field, sentence in refused.errors.items():
        place = PLACES.get(field, field if field.startswith("custom.") else "addresses")
        errors[place] = f"{errors[place]} {sentence}" if place in errors else sentence
    return Form(form.raw, form.errors | errors, None)


async def _again(db: AsyncSession, card: Card, form: Form[Any], refused: Refused) -> Again:
    more = await choices(db)
    if "locked_by" in refused.extra:
        remedy = _("Espere a que termine y guarde: lo que escribió sigue aquí.")
        refused = Refused(f"{refused.sentence} {remedy}")
    if "current" not in refused.extra:
        return Again(FORM, form=placed(form, refused), card=card, other=refused.extra.get("contact_id"), **more)
    return Again(CLASH, status=409, form=form, card=card, current=snapshot(card.contact), **more)
