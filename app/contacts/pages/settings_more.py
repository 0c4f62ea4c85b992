"""/ajustes/contactos: tags, hours, and what was done to many at once."""

from typing import Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.choices import forget_choices
from app.contacts.models_history import Batch
from app.contacts.office_hours import DAYS, NAME, forget_week, packs_of, set_week
from app.contacts.pages.settings import SETTINGS, part, settled
from app.contacts.retagging import delete_tag, get_tag, merge_tags, rename_tag, tag_uses
from app.frame.forms import Again, blank, refuse
from app.frame.i18n import N_, _, ngettext
from app.frame.office import Office
from app.frame.pages import fragment
from app.frame.profile import read_value
from app.frame.refused import NotFound, Refused

AnyRequest = Request[Any, Any, Any]
TAG_FORM, WEEK_FORM = "contacts/settings/_tag_form.html", "contacts/settings/_week_form.html"
BATCHES = {"ageing": N_("Envejecimiento"), "bulk": N_("Cambio en bloque"), "retag": N_("Cambio de etiqueta")}
PURPOSES = {"service": N_("Servicio"), "marketing": N_("Publicidad")}
SHOWN = 40


async def tags(db: AsyncSession) -> dict[str, Any]:
    return {"tags": await tag_uses(db)}


async def hours(db: AsyncSession) -> dict[str, Any]:
    packs = await packs_of(db)
    return {"packs": packs, "days": DAYS, "purposes": PURPOSES, "own": await read_value(db, NAME) or {}}


async def batches(db: AsyncSession) -> dict[str, Any]:
    found = select(Batch).where(Batch.kind.in_(BATCHES)).order_by(Batch.id.desc()).limit(SHOWN)
    return {"batches": list(await db.scalars(found)), "kinds": BATCHES}


class MoreSettingsPages(Controller):
    """/ajustes/contactos/etiquetas, /horario, /cambios."""

    path = "/ajustes/contactos"
    include_in_schema = False

    @get("/etiquetas", guards=[SETTINGS])
    async def all_tags(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        return part(request, "etiquetas", **await tags(db))

    @get("/etiquetas/{tag_id:int}", guards=[SETTINGS])
    async def tag(self, tag_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        tag = await get_tag(db, tag_id)
        return fragment(TAG_FORM, tag=tag, form=blank(name=tag.name), **await tags(db))

    @post("/etiquetas/{tag_id:int}", guards=[SETTINGS], status_code=200)
    async def rename(
        self, request: AnyRequest, tag_id: FromPath[int], office: NamedDependency[Office],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:  # fmt: skip
        """A new name, or (`into`) one with another tag."""
        data, tag = await request.form(), await get_tag(db, tag_id)
        name, into = str(data.get("name", "")), str(data.get("into", ""))
        try:
            if into.isascii() and into.isdecimal() and len(into) < 19:
                batch = await merge_tags(db, tag_id, int(into))
            else:
                batch = await rename_tag(db, tag_id, name)
        except Refused as refused:
            form = refuse(blank(name=name, into=into), refused)
            raise Again(TAG_FORM, tag=tag, form=form, **await tags(db)) from refused
        forget_choices(office)
        return await _retagged(db, batch)

    @delete("/etiquetas/{tag_id:int}", guards=[SETTINGS], status_code=200)
    async def remove(
        self, tag_id: FromPath[int], office: NamedDependency[Office], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        batch = await delete_tag(db, tag_id)
        forget_choices(office)
        return await _retagged(db, batch)

    @get("/horario", guards=[SETTINGS])
    async def hours(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        return part(request, "horario", **await hours(db))

    @get("/horario/{country:str}/{purpose:str}", guards=[SETTINGS])
    async def week(
        self, country: FromPath[str], purpose: FromPath[str], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        known = await hours(db)
        pack = next((p for p in known["packs"].packs if p.country == country), None)
        if pack is None or purpose not in pack.purposes:
            raise NotFound(_("Ese horario no existe."))
        week = pack.purposes[purpose]
        form = blank(**{day: ", ".join(getattr(week, day)) for day in DAYS})
        return fragment(WEEK_FORM, form=form, country=country, purpose=purpose, **known)

    @post("/horario/{country:str}/{purpose:str}", guards=[SETTINGS], status_code=200)
    async def save_week(
        self, request: AnyRequest, country: FromPath[str], purpose: FromPath[str], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        data = await request.form()
        typed = {day: str(data.get(day, "")) for day in DAYS}
        try:
            await set_week(db, country, purpose, typed)
        except Refused as refused:
            form = refuse(blank(**typed), refused)
            raise Again(WEEK_FORM, form=form, country=country, purpose=purpose, **await hours(db)) from refused
        return settled("horario", _("Horario guardado"), **await hours(db))

    @delete("/horario/{country:str}/{purpose:str}", guards=[SETTINGS], status_code=200)
    async def usual_week(
        self, country: FromPath[str], purpose: FromPath[str], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        await forget_week(db, country, purpose)
        return settled("horario", _("Vuelve el horario de fábrica"), **await hours(db))

    @get("/cambios", guards=[SETTINGS])
    async def changes(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        """Nights of ageing, bulk edits and tag changes, each with its undo."""
        if request.headers.get("HX-Target") == "section#settings-part":
            return fragment("contacts/settings/_changes.html", **await batches(db))
        return part(request, "cambios", **await batches(db))


async def _retagged(db: AsyncSession, batch: Batch) -> Response[str]:
    title = ngettext("La etiqueta cambió en %(n)s contacto", "La etiqueta cambia en %(n)s contactos", batch.total)
    return settled("etiquetas", title, **await tags(db))
