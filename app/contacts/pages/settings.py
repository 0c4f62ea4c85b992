"""/ajustes/contactos: statuses and the office's own fields."""

from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.defining import KINDS, StatusIn, change_status, define_status, uses
from app.contacts.fields import KINDS as FIELD_KINDS
from app.contacts.fields import all_fields, change_field, define_field, move_field
from app.contacts.models import CustomField, Status
from app.contacts.people import forget_names
from app.contacts.statuses import START, all_statuses
from app.frame.auth import needs
from app.frame.forms import Again, Form, blank, read, refuse
from app.frame.i18n import N_, _
from app.frame.office import Office
from app.frame.pages import fragment, page, toast
from app.frame.refused import NotFound, Refused

AnyRequest = Request[Any, Any, Any]
SETTINGS = needs("contacts.settings")
PARTS = {
    "estados": N_("Estados"), "campos": N_("Campos propios"), "etiquetas": N_("Etiquetas"),
    "horario": N_("Horario para contactar"), "cambios": N_("Cambios en bloque"),
}  # fmt: skip
STATUS_FORM, FIELD_FORM = "contacts/settings/_status_form.html", "contacts/settings/_field_form.html"


class FieldForm(msgspec.Struct, kw_only=True):
    """`choices`: one a line."""

    title: str = ""
    kind: str = "text"
    choices: str = ""
    active: bool = False


def part(request: AnyRequest, name: str, **context: Any) -> Response[str]:
    """One part of the settings with the links to the others."""
    return page(request, "contacts/settings/page.html", part=name, parts=PARTS, **context)


def settled(name: str, title: str, **context: Any) -> Response[str]:
    """Close the dialog and show the part as it is now."""
    return toast(
        fragment("contacts/settings/_settled.html", part=name, **context), "ok", title, also={"modal:close": {}}
    )  # fmt: skip


async def statuses(db: AsyncSession) -> dict[str, Any]:
    return {"statuses": await all_statuses(db), "used": await uses(db), "kinds": KINDS}


async def fields(db: AsyncSession) -> dict[str, Any]:
    return {"fields": await all_fields(db, active=False), "kinds": FIELD_KINDS}


async def _status(db: AsyncSession, status_id: int) -> Status:
    status = await db.get(Status, status_id)
    if status is None:
        raise NotFound(_("Ese estado ya no existe."))
    return status


async def _field(db: AsyncSession, field_id: int) -> CustomField:
    field = await db.get(CustomField, field_id)
    if field is None:
        raise NotFound(_("Ese campo ya no existe."))
    return field


class SettingsPages(Controller):
    """/ajustes/contactos."""

    path = "/ajustes/contactos"
    include_in_schema = False

    @get("/", guards=[SETTINGS])
    async def statuses(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        return part(request, "estados", **await statuses(db))

    @get("/estados/nuevo", guards=[SETTINGS])
    async def new_status(self) -> Response[str]:
        form = blank(priority=50, active="true")
        return fragment(STATUS_FORM, form=form, known=None, kinds=KINDS, start=START, used=0)

    @get("/estados/{status_id:int}", guards=[SETTINGS])
    async def status(self, status_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        status = await _status(db, status_id)
        known = {name: getattr(status, name) for name in StatusIn.__struct_fields__}
        form = blank(**known | {"title": _(status.title), "after_months": status.after_months or ""})
        return fragment(STATUS_FORM, **await _status_context(db, form, status))

    @post("/estados", guards=[SETTINGS], status_code=200)
    async def add_status(
        self, request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        form = read(StatusIn, await request.form())
        try:
            await define_status(db, _given(form))
        except Refused as refused:
            raise Again(STATUS_FORM, **await _status_context(db, refuse(form, refused), None)) from refused
        forget_names(office)
        return settled("estados", _("Estado agregado"), **await statuses(db))

    @post("/estados/{status_id:int}", guards=[SETTINGS], status_code=200)
    async def save_status(
        self, request: AnyRequest, status_id: FromPath[int], office: NamedDependency[Office],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:  # fmt: skip
        form, status = read(StatusIn, await request.form()), await _status(db, status_id)
        try:
            given = _given(form)
            kept = status.title if given.title == _(status.title) else given.title  # a shipped title stays translated
            await change_status(db, status_id, msgspec.structs.replace(given, title=kept))
        except Refused as refused:
            raise Again(STATUS_FORM, **await _status_context(db, refuse(form, refused), status)) from refused
        forget_names(office)
        return settled("estados", _("Guardado"), **await statuses(db))

    @get("/campos", guards=[SETTINGS])
    async def fields(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        return part(request, "campos", **await fields(db))

    @get("/campos/nuevo", guards=[SETTINGS])
    async def new_field(self) -> Response[str]:
        return fragment(FIELD_FORM, form=blank(kind="text", active="true"), field=None, kinds=FIELD_KINDS)

    @get("/campos/{field_id:int}", guards=[SETTINGS])
    async def field(self, field_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        field = await _field(db, field_id)
        form = blank(title=field.title, kind=field.kind, choices="\n".join(field.choices), active=field.active)
        return fragment(FIELD_FORM, form=form, field=field, kinds=FIELD_KINDS)

    @post("/campos", guards=[SETTINGS], status_code=200)
    async def add_field(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        form = read(FieldForm, await request.form())
        try:
            await define_field(db, form.value.title, form.value.kind, form.value.choices.splitlines())
        except Refused as refused:
            raise Again(FIELD_FORM, form=refuse(form, refused), field=None, kinds=FIELD_KINDS) from refused
        return settled("campos", _("Campo agregado"), **await fields(db))

    @post("/campos/{field_id:int}", guards=[SETTINGS], status_code=200)
    async def save_field(
        self, request: AnyRequest, field_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        form, field = read(FieldForm, await request.form()), await _field(db, field_id)
        choices = form.value.choices.splitlines() if field.kind == "choice" else None
        try:
            await change_field(db, field_id, title=form.value.title, choices=choices, active=form.value.active)
        except Refused as refused:
            raise Again(FIELD_FORM, form=refuse(form, refused), field=field, kinds=FIELD_KINDS) from refused
        return settled("campos", _("Guardado"), **await fields(db))

    @post("/campos/{field_id:int}/lugar", guards=[SETTINGS], status_code=200)
    async def move(
        self, request: AnyRequest, field_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        await move_field(db, field_id, up=(await request.form()).get("to") == "up")
        return fragment("contacts/settings/_settled.html", part="campos", **await fields(db))


def _given(form: Form[StatusIn]) -> StatusIn:
    if not form.ok:
        field, sentence = next(iter(form.errors.items()))
        raise Refused(sentence, field)
    return form.value


async def _status_context(db: AsyncSession, form: Form[Any], status: Status | None) -> dict[str, Any]:
    used = (await uses(db)).get(status.id, 0) if status else 0
    return {"form": form, "known": status, "kinds": KINDS, "start": START, "used": used}
