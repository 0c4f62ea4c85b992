"""Saved views: a filter with a name, one's own or shared with the office."""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import SavedView
from app.frame import audit
from app.frame.actor import actor_of
from app.frame.i18n import _
from app.frame.refused import Forbidden, NotFound, Refused

MOST, NAME_MAX = 50, 80


async def views_of(db: AsyncSession) -> list[SavedView]:
    """Mine and the shared ones, by name."""
    mine = or_(SavedView.owner_id == (actor_of(db).user_id or 0), SavedView.shared)
    return list(await db.scalars(select(SavedView).where(mine).order_by(SavedView.name)))


async def save_view(db: AsyncSession, name: str, query: str, columns: list[str], *, shared: bool = False) -> SavedView:
    """Save under a name; one's own view of that name is replaced. Sharing needs `contacts.settings`."""
    actor, name = actor_of(db), " ".join(name.split())
    if not name:
        raise Refused(_("Escriba un nombre para la vista."), "name")
    if len(name) > NAME_MAX:
        raise Refused(_("Escriba %(n)s caracteres como máximo.", n=NAME_MAX), "name")
    if shared and not actor.may("contacts.settings"):
        raise Forbidden(_("Pida a la persona administradora que la comparta."), permission="contacts.settings")
    mine = [v for v in await views_of(db) if v.owner_id == actor.user_id]
    view = next((v for v in mine if v.name == name), None)
    if view is None and len(mine) >= MOST:
        raise Refused(_("Ya tiene %(n)s vistas. Elimine una primero.", n=MOST), "name")
    if view is None:
        view = SavedView(owner_id=actor.user_id or 0, name=name)
        db.add(view)
    view.query, view.columns, view.shared = query[:2000], columns, shared
    await db.flush()
    audit.record(db, "contacts.view_saved", "view", view.id, after={"name": name, "query": query, "shared": shared})
    return view


async def delete_view(db: AsyncSession, view_id: int) -> SavedView:
    """One's own; shared ones also by who may share."""
    view, actor = await db.get(SavedView, view_id), actor_of(db)
    if view is None or (view.owner_id != actor.user_id and not view.shared):
        raise NotFound(_("Esa vista ya no existe."))
    if view.owner_id != actor.user_id and not actor.may("contacts.settings"):
        raise Forbidden(_("Sólo quien la guardó puede eliminarla."), permission="contacts.settings")
    await db.delete(view)
    audit.record(db, "contacts.view_deleted", "view", view_id, before={"name": view.name, "query": view.query})
    return view
