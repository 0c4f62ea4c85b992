"""What is done to many contacts at once: forms, the deed, its progress, its undo."""

from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.asked import read_query
from app.contacts.bulk import MOST, cancel_bulk, own_batch, start_bulk
from app.contacts.choices import choices_of, forget_choices
from app.contacts.filters import RowId
from app.contacts.listing import Lister
from app.contacts.models_history import Batch
from app.contacts.people import names_of
from app.contacts.timeline import TITLES
from app.contacts.undoing import Undone, undo_batch
from app.frame.actor import Actor
from app.frame.auth import needs
from app.frame.forms import Again, blank, read, refuse
from app.frame.i18n import N_, _, ngettext
from app.frame.office import Office
from app.frame.pages import fragment, toast
from app.frame.refused import NotFound, Refused
from app.frame.show import number

AnyRequest = Request[Any, Any, Any]
FORMS = {"estado": N_("Cambiar el estado"), "persona": N_("Asignar"), "etiquetas": N_("Etiquetar")}


class Wanted(msgspec.Struct, kw_only=True):
    """What the forms send. `-` clears; empty leaves as it is."""

    id: list[RowId] = []
    all: str = ""
    filter: str = ""
    what: str = ""
    status: str = ""
    owner: str = ""
    team: str = ""
    add_tags: str = ""
    remove_tags: str = ""
    delete: bool = False

    def changes(self) -> dict[str, Any]:
        """As services.bulk wants it."""
        if self.delete:
            return {"delete": True}
        changes: dict[str, Any] = {"status": self.status} if self.status else {}
        for field, typed in (("owner_id", self.owner), ("team_id", self.team)):
            if typed:
                changes[field] = int(typed) if typed.isdecimal() and len(typed) < 19 else None
        for field, typed in (("add_tags", self.add_tags), ("remove_tags", self.remove_tags)):
            if names := [t.strip() for t in typed.split(",") if t.strip()]:
                changes[field] = names
        return changes


@get("/contactos/lote/{what:str}", guards=[needs("contacts.edit")], include_in_schema=False)
async def bulk_form(request: AnyRequest, office: NamedDependency[Office], what: FromPath[str]) -> Response[str]:
    """A small form in the dialog. `?id=` makes it about one contact, else it is about what is marked."""
    if what not in FORMS:
        raise NotFound(_("Aquí no hay nada. Revise la dirección."))
    return fragment("contacts/_bulk_form.html", **await _around(office, what, request.query_params.get("id", "")))


async def _around(office: Office, what: str, one: str) -> dict[str, Any]:
    names, choices = (await names_of(office)).names, await choices_of(office)
    one = one if one.isdecimal() else ""
    return {"what": what, "title": FORMS[what], "one": one, "names": names, "choices": choices, "form": blank()}


@post("/contactos/lote", guards=[needs("contacts.view")], include_in_schema=False)
async def bulk(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """Change what is marked, or all that the filter finds."""
    form = read(Wanted, await request.form())
    if not form.ok:
        raise Refused(" ".join(form.errors.values()))
    try:
        wanted = form.value
        batch = await start_bulk(db, await _ids(office, request.user, wanted), wanted.changes())
    except Refused as refused:
        what = str(form.raw.get("what") or "")
        if what not in FORMS:
            raise
        around = await _around(office, what, "")
        raise Again("contacts/_bulk_form.html", **around | {"form": refuse(form, refused)}) from refused
    forget_choices(office)
    return _done(batch) if batch.state == "done" else _begun(batch)


async def _ids(office: Office, actor: Actor, wanted: Wanted) -> list[int]:
    if not wanted.all:
        return list(dict.fromkeys(wanted.id))
    filters = read_query(wanted.filter).filters
    return await Lister(office.database, actor, filters, office.profile.timezone).ids(MOST)


def _done(batch: Batch) -> Response[str]:
    left = len(batch.detail["left"])
    n = batch.total - len(set(batch.detail["ids"]) & set(batch.detail["left"]))
    if "delete" in batch.detail["wanted"]:
        title = ngettext("%(n)s contacto pasó a la papelera", "%(n)s contactos pasaron a la papelera", n)
    else:
        title = ngettext("%(n)s contacto cambió", "%(n)s contactos cambiaron", n)
    text = ngettext("%(n)s quedó como estaba.", "%(n)s quedaron como estaban.", left) if left else ""
    response = fragment("contacts/_nothing.html")
    also: dict[str, Any] = {"marks:clear": {}, "modal:close": {}, "pulse": {}}
    return toast(response, "ok", title, text, undo=f"/contactos/deshacer/{batch.id}", also=also)


def _begun(batch: Batch) -> Response[str]:
    title = _("Cambiando %(n)s contactos", n=number(batch.total))
    response = fragment("contacts/_batch_begun.html", batch=batch)
    return toast(response, "ok", title, also={"marks:clear": {}, "modal:close": {}})


@get("/contactos/lotes/{batch_id:int}", guards=[needs("contacts.view")], include_in_schema=False)
async def batch_state(db: NamedDependency[AsyncSession], batch_id: FromPath[int]) -> Response[str]:
    """How far it is."""
    return fragment("contacts/_batch.html", batch=await own_batch(db, batch_id))


@post("/contactos/lotes/{batch_id:int}/cancelar", guards=[needs("contacts.view")], include_in_schema=False)
async def batch_cancel(db: NamedDependency[AsyncSession], batch_id: FromPath[int]) -> Response[str]:
    return fragment("contacts/_batch.html", batch=await cancel_bulk(db, batch_id))


@post("/contactos/deshacer/{batch_id:int}", guards=[needs("contacts.view")], include_in_schema=False)
async def undo(db: NamedDependency[AsyncSession], batch_id: FromPath[int]) -> Response[str]:
    """Undo a bulk edit; what people changed since is listed and left."""
    undone = await undo_batch(db, batch_id)
    if undone.running:
        batch = await own_batch(db, batch_id)
        return toast(fragment("contacts/_batch_begun.html", batch=batch), "ok", _("Deshaciendo"))
    return _undone(undone)


def _undone(undone: Undone) -> Response[str]:
    title = ngettext("Se deshizo en %(n)s contacto", "Se deshizo en %(n)s contactos", undone.restored)
    if not undone.left:
        return toast(fragment("contacts/_nothing.html"), "ok", title, also={"pulse": {}})
    response = fragment("contacts/_undone.html", title=title, left=undone.left, titles=TITLES)
    text = ngettext("%(n)s dato quedó como estaba.", "%(n)s datos quedaron como estaban.", len(undone.left))
    return toast(response, "warn", title, text, also={"pulse": {}})
