"""/contactos/exportaciones: ask for a file, watch it being made, take it."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.asked import read_query
from app.contacts.choices import choices_of
from app.contacts.exports import service
from app.contacts.exports.contents import COLUMNS, CUSTOM
from app.contacts.exports.formats import FORMATS
from app.contacts.exports.models import Export
from app.contacts.exports.question import lister_of
from app.contacts.fields import all_fields
from app.contacts.pages.facets import facets
from app.contacts.people import names_of
from app.frame import audit
from app.frame.auth import needs
from app.frame.db import now_utc
from app.frame.forms import Again, Form, blank, read, refuse
from app.frame.i18n import N_, _, ngettext
from app.frame.office import Office
from app.frame.pages import fragment, page, toast
from app.frame.refused import NotFound, Refused
from app.frame.show import number
from app.notices.service import have_seen

AnyRequest = Request[Any, Any, Any]
EXPORT = needs("contacts.export")
NEW = "contacts/exports/_new.html"
KINDS = (
    ("xlsx", N_("Excel (.xlsx)")),
    ("csv", N_("Texto separado por comas (.csv)")),
    ("vcf", N_("Tarjetas de contacto (.vcf)")),
    ("json", N_("JSON (.json)")),
)


class Wanted(msgspec.Struct, kw_only=True):
    """What the dialog sends. `filter` is the list's query; no column means all of them."""

    format: str = "xlsx"
    filter: str = ""
    column: list[str] = []


def _question(request: AnyRequest) -> str:
    """The list's query, or what is marked in it: the bar of marks sends both."""
    given = request.query_params
    asked = read_query(str(given.get("filter", "")))
    ids = [] if given.get("all") else [int(i) for i in given.getall("id", []) if i.isdecimal() and len(i) < 19]
    return (asked.marked(ids) if ids else asked).query


class ExportPages(Controller):
    """The list of exports, the dialog, and each one's progress and file."""

    path = "/contactos/exportaciones"
    include_in_schema = False

    @get("/", guards=[EXPORT])
    async def all(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        return page(request, "contacts/exports/page.html", exports=await service.exports_of(db), kept=service.KEPT)

    @get("/lista", guards=[EXPORT])
    async def list(self, db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment("contacts/exports/_list.html", exports=await service.exports_of(db))

    @get("/nueva", guards=[EXPORT])
    async def new(
        self, request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        """The dialog, for the filter that the list shows."""
        query = _question(request)
        return fragment(NEW, **await _around(office, db, request, query, blank(format="xlsx")))

    @post("/", guards=[EXPORT], status_code=200)
    async def ask(
        self, request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        """Begin; the progress goes above the list. An empty filter is said at once."""
        form = read(Wanted, await request.form())
        try:
            export = await _ask(office, db, request, form)
        except Refused as refused:
            query = str(form.raw.get("filter") or "")
            raise Again(NEW, **await _around(office, db, request, query, refuse(form, refused))) from refused
        answer = fragment("contacts/exports/_begun.html", export=export)
        return toast(answer, "ok", _("Preparando el archivo"), also={"modal:close": {}})

    @get("/{export_id:int}", guards=[EXPORT])
    async def state(
        self, request: AnyRequest, export_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        """How far it is. The screen that watched it end gets the notice."""
        export = await service.get_export(db, export_id)
        answer = fragment("contacts/exports/_job.html", export=export)
        return _noticed(answer, export) if not export.is_busy and request.query_params.get("mirando") else answer

    @post("/{export_id:int}/cancelar", guards=[EXPORT], status_code=200)
    async def cancel(self, export_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment("contacts/exports/_job.html", export=await service.cancel_export(db, export_id))

    @get("/{export_id:int}/archivo", guards=[EXPORT])
    async def download(self, request: AnyRequest, export_id: FromPath[int], office: NamedDependency[Office]) -> File:
        """The file, for who asked for it; written down."""
        async with office.database.unit(actor=request.user) as db:
            export = await service.get_export(db, export_id)
            if export.state != "done" or not await asyncio.to_thread(Path(export.path).is_file):
                raise NotFound(_("El archivo ya no está: se guardan 7 días. Expórtelo de nuevo."))
            export.taken_at = now_utc()
            await have_seen(db, f"export-{export.id}")
            audit.record(db, "contacts.export_downloaded", "export", export.id, after={"file": export.filename})
        return sent(export)


def sent(export: Export) -> File:
    """The file as an attachment."""
    headers = {"Cache-Control": "no-store", "X-Total-Count": str(export.total)}
    return File(export.path, filename=export.filename, media_type=FORMATS[export.format], headers=headers)


async def _around(office: Office, db: AsyncSession, request: AnyRequest, query: str, form: Form[Any]) -> dict[str, Any]:
    filters = read_query(query).filters
    lister = lister_of(office.database, request.user, filters, office.profile.timezone)
    total = await lister.count()
    own = [(CUSTOM + f.key, f.title) for f in await all_fields(db)]
    return {
        "form": form, "query": query, "said": await said(office, query), "kinds": [(k, _(t)) for k, t in KINDS],
        "columns": [(k, _(t[0])) for k, t in COLUMNS.items()] + own,
        "total": min(total, lister.count_max), "beyond": total > lister.count_max,
    }  # fmt: skip


async def said(office: Office, query: str) -> str:
    """The filter in words: «Estado: Interesado · garcía»."""
    asked = read_query(query)
    shown = facets(asked, (await names_of(office)).names, await choices_of(office))
    parts = [f"{f.title}: {_(f.said)}" for f in shown if f.said]
    return " · ".join([f"«{asked.filters.q}»"] * bool(asked.filters.q) + parts)


async def _ask(office: Office, db: AsyncSession, request: AnyRequest, form: Form[Wanted]) -> Export:
    if not form.ok:
        raise Refused(" ".join(form.errors.values()))
    wanted, asked = form.value, read_query(form.value.filter)
    lister = lister_of(office.database, request.user, asked.filters, office.profile.timezone)
    if not await lister.count(1):
        raise Refused(_("No hay contactos con este filtro: no hay nada que exportar."))
    words = await said(office, asked.query)
    return await service.ask_export(db, wanted.format, asked.query, words, tuple(wanted.column))


def _noticed(answer: Response[str], export: Export) -> Response[str]:
    if export.state == "done":
        count = number(export.total)
        text = ngettext("Tiene %(count)s contacto.", "Tiene %(count)s contactos.", export.total, count=count)
        return toast(answer, "ok", _("El archivo está listo"), text)
    if export.state == "failed":
        return toast(answer, "danger", _("No se pudo exportar"), export.error)
    return answer
