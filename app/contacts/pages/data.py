"""One person's data: handed over as a file, or erased for good; and the certificates of both."""

import io
import zipfile
from typing import Any

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.erasing import certificate_of, erase_person, hand_over
from app.contacts.folding import fold
from app.contacts.models import Contact
from app.contacts.models_history import Erasure
from app.contacts.service import get_contact
from app.contacts.timeline import TITLES
from app.frame.auth import needs
from app.frame.forms import Again, blank, read, refuse
from app.frame.i18n import N_, _
from app.frame.office import Office
from app.frame.pages import fragment, go, page, render
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
ERASE = needs("contacts.erase")
EXPORTS_DAYS = 7
DIALOG, SURE = "contacts/data/_dialog.html", "contacts/data/_erase.html"
COUNTED = {
    "contact": N_("Fichas"), "changes": N_("Cambios anotados"), "contact_change": N_("Cambios anotados"),
    "events": N_("Líneas del historial"), "contact_event": N_("Líneas del historial"),
    "contact_address": N_("Formas de contacto"), "contact_tag": N_("Etiquetas"), "contact_merge": N_("Uniones"),
    "do_not_contact": N_("Anotaciones de no contactar"), "contact_block": N_("Anotaciones de no contactar"),
    "consents": N_("Permisos de publicidad"), "contact_consent": N_("Permisos de publicidad"),
    "contact_lock": N_("Ediciones abiertas"), "audit": N_("Detalles de la auditoría"),
    "refused_rows": N_("Filas rechazadas de importaciones"),
    "contact_import_reject": N_("Filas rechazadas de importaciones"),
    "idempotency": N_("Respuestas guardadas de la API"),
}  # fmt: skip


class EraseForm(msgspec.Struct, kw_only=True):
    """`name` is typed by hand, so that nobody erases the wrong person by a click."""

    basis: str = ""
    name: str = ""
    keep_block: bool = False


class DataPages(Controller):
    """/contactos/{id}/datos and /contactos/certificados/{code}."""

    path = "/contactos"
    include_in_schema = False

    @get("/{contact_id:int}/datos", guards=[ERASE])
    async def dialog(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment(DIALOG, contact=await get_contact(db, contact_id))

    @post("/{contact_id:int}/datos/entrega", guards=[ERASE], status_code=200)
    async def deliver(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[bytes]:
        """A zip: the data for people, for machines, and the certificate."""
        basis = str((await request.form()).get("basis", ""))
        data, certificate = await hand_over(db, contact_id, basis)
        name = f"datos-{certificate.code}.zip"
        headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
        return Response(packed(data, certificate), media_type="application/zip", headers=headers)

    @get("/{contact_id:int}/datos/borrado", guards=[ERASE])
    async def sure(self, contact_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment(SURE, contact=await get_contact(db, contact_id), form=blank(keep_block="true"))

    @post("/{contact_id:int}/datos/borrado", guards=[ERASE], status_code=200)
    async def erase(
        self, request: AnyRequest, contact_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        form = read(EraseForm, await request.form())
        contact = await get_contact(db, contact_id)
        try:
            _refuse_other_name(contact, form.value.name)
            certificate = await erase_person(db, contact_id, form.value.basis, keep_block=form.value.keep_block)
        except Refused as refused:
            raise Again(SURE, contact=contact, form=refuse(form, refused)) from refused
        return go(f"/contactos/certificados/{certificate.code}", request)

    @get("/certificados/{code:str}", guards=[ERASE])
    async def certificate(
        self, request: AnyRequest, code: FromPath[str], db: NamedDependency[AsyncSession],
        office: NamedDependency[Office],
    ) -> Response[str]:  # fmt: skip
        found, days = await certificate_of(db, code), max(office.settings.backup_keep_days, EXPORTS_DAYS)
        return page(request, "contacts/data/certificate.html", certificate=found, counts=counted(found), days=days)


def _refuse_other_name(contact: Contact, typed: str) -> None:
    if " ".join(fold(typed).split()) != " ".join(fold(contact.name).split()):
        raise Refused(_("Escriba el nombre tal como está: %(name)s.", name=contact.name), "name")


def counted(certificate: Erasure) -> list[tuple[str, int]]:
    """What a certificate counts, in words; kinds of other modules under their own name."""
    return [(_(COUNTED.get(kind, kind)), n) for kind, n in certificate.counts.items()]


def packed(data: dict[str, Any], certificate: Erasure) -> bytes:
    shown = render("contacts/data/handed.html", data=data, certificate=certificate, titles=TITLES)
    counts = counted(certificate)
    proof = render("contacts/data/certificate_file.html", certificate=certificate, counts=counts)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("datos.json", msgspec.json.format(msgspec.json.encode(data, order="sorted"), indent=1))
        archive.writestr("datos.html", shown)
        archive.writestr("certificado.html", proof)
    return buffer.getvalue()
