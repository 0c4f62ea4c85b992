"""The contact's own page: facts, history, and what other modules show of the person."""

from typing import Annotated, Any

from litestar import Controller, Request, Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, QueryParameter
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import bin as recycling
from app.contacts import restoring
from app.contacts.card import Card, read_card
from app.contacts.timeline import PAGE, TITLES, field_history, timeline
from app.frame.auth import needs
from app.frame.i18n import _
from app.frame.pages import fragment, go, page, toast

AnyRequest = Request[Any, Any, Any]
VIEW, EDIT, DELETE = needs("contacts.view"), needs("contacts.edit"), needs("contacts.delete")


def facts(card: Card, **more: Any) -> Response[str]:
    """The facts column: the same fragment for first load, live refresh and after saving."""
    return fragment("contacts/card/_facts.html", card=card, **more)


class CardPages(Controller):
    """/contactos/{id}."""

    path = "/contactos"
    include_in_schema = False

    @get("/{contact_id:int}", guards=[VIEW])
    async def show(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        card = await read_card(db, contact_id)
        lines = await timeline(db, contact_id)
        return page(request, "contacts/card/page.html", card=card, lines=lines, limit=PAGE, titles=TITLES)

    @get("/{contact_id:int}/ficha", guards=[VIEW])
    async def facts(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        return facts(await read_card(db, contact_id))

    @get("/{contact_id:int}/historial", guards=[VIEW])
    async def history(
        self,
        contact_id: FromPath[int],
        db: NamedDependency[AsyncSession],
        after: Annotated[str, QueryParameter(name="antes")] = "",
    ) -> Response[str]:
        """The next lines; without `antes` the newest, for a live refresh."""
        lines = await timeline(db, contact_id, after)
        name = "contacts/card/_lines.html" if after else "contacts/card/_timeline.html"
        return fragment(name, contact_id=contact_id, lines=lines, limit=PAGE, titles=TITLES)

    @get("/{contact_id:int}/historial/{field:str}", guards=[VIEW])
    async def field(
        self, contact_id: FromPath[int], field: FromPath[str], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        changes = await field_history(db, contact_id, field)
        title = TITLES.get(field, field)
        return fragment("contacts/card/_field_history.html", contact_id=contact_id, changes=changes, title=title)

    @post("/cambios/{change_id:int}/restauraciones", guards=[EDIT], status_code=200)
    async def restore_value(self, change_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        contact = await restoring.restore_value(db, change_id)
        answer = facts(await read_card(db, contact.id))
        return toast(answer, "ok", _("Valor restaurado"), also={"modal:close": {}})

    @delete("/{contact_id:int}", guards=[DELETE], status_code=200)
    async def remove(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        contact = await recycling.delete_contact(db, contact_id)
        undo = f"/contactos/{contact_id}/restauracion"
        title = _("«%(name)s» está en la papelera", name=contact.name)
        return toast(facts(await read_card(db, contact_id)), "ok", title, undo=undo, undo_label=_("Deshacer"))

    @post("/{contact_id:int}/restauracion", guards=[DELETE], status_code=200)
    async def restore(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        await recycling.restore_contact(db, contact_id)
        return go(f"/contactos/{contact_id}", request)
