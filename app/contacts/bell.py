"""What the bell says of work that contacts did while the person looked elsewhere."""

from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.exports.models import Export
from app.contacts.imports.models import Import
from app.contacts.models_history import Batch
from app.frame.i18n import N_
from app.notices.service import notify

COUNTED = ("created", "updated", "rejected")


async def say_export(db: AsyncSession, export: Export) -> None:
    about, url = f"export-{export.id}", "/contactos/exportaciones"
    if export.state == "done":
        title = N_("La exportación está lista. Contactos: %(n)s")
        await notify(db, export.user_id, title, about=about, text=export.filename, url=url, n=export.total)
    elif export.state == "failed":
        title, text = N_("La exportación no se pudo hacer"), export.error
        await notify(db, export.user_id, title, about=about, kind="danger", text=text, url=url)


async def say_import(db: AsyncSession, found: Import) -> None:
    about, url = f"import-{found.id}", f"/contactos/importaciones/{found.id}"
    if found.state == "done":
        title = N_("La importación terminó. Nuevos: %(created)s, cambiados: %(updated)s, rechazados: %(rejected)s")
        counts = {name: int(found.counts.get(name, 0)) for name in COUNTED}
        kind = "warn" if counts["rejected"] else "ok"
        await notify(db, found.user_id, title, about=about, kind=kind, text=found.filename, url=url, **counts)
    elif found.state == "failed":
        title, text = N_("La importación no terminó"), f"{found.filename}. {found.error}"
        await notify(db, found.user_id, title, about=about, kind="danger", text=text, url=url)


async def say_undone(db: AsyncSession, found: Import) -> None:
    about, url = f"import-{found.id}", f"/contactos/importaciones/{found.id}"
    await notify(db, found.user_id, N_("Se deshizo la importación"), about=about, text=found.filename, url=url)


async def say_bulk(db: AsyncSession, batch: Batch) -> None:
    """Only of those that took long enough to be done in the background."""
    if batch.state == "done":
        title = N_("El cambio en bloque terminó. Contactos: %(n)s")
        await notify(db, batch.user_id, title, about=f"batch-{batch.id}", url="/contactos", n=batch.total)
