"""The audit keeps who did what, from where, before and after: every deed of a person on a screen or of a program."""

import re
from typing import Any

import pytest
from sqlalchemy import func, select

from app.frame.audit import AuditEntry, verify
from tests.world import PASSWORD, World

pytestmark = pytest.mark.sqlite_only
NEW = "cinco perros en la playa"
BODY = {"name": "Marvin", "phone": "8812 3456"}
OFFICE = {"office": "Otra", "country": "CR", "timezone": "America/Costa_Rica", "language": "es"}
GRANT = {"role": "agent", "permission": "audit.view", "scope": "all"}
FORM = {"name": "Marvin Q.", "version": "1", "status": "NC"}

# What is done, in this order, by the manager: address, form, and the verb that it leaves.
DEEDS: list[tuple[str, str, dict[str, str], str]] = [
    ("POST", "/contactos", {"name": "Nidia"}, "contacts.created"),
    ("POST", "/contactos/1", FORM, "contacts.changed"),
    ("POST", "/contactos/1/no-contactar", {"channel": "*", "purpose": "*", "source": "x"}, "contacts.blocked"),
    ("POST", "/contactos/1/no-contactar/1", {"why": "volvió"}, "contacts.unblocked"),
    ("POST", "/contactos/lote", {"id": "2", "status": "NC"}, "contacts.bulk"),
    ("POST", "/contactos/deshacer/1", {}, "contacts.undone"),
    ("POST", "/contactos/1/uniones", {"gone": "2"}, "contacts.merged"),
    ("POST", "/contactos/uniones/1/separacion", {}, "contacts.parted"),
    ("DELETE", "/contactos/2", {}, "contacts.deleted"),
    ("POST", "/contactos/2/restauracion", {}, "contacts.restored"),
    ("POST", "/contactos/vistas", {"name": "Mía"}, "contacts.view_saved"),
    ("DELETE", "/contactos/vistas/1", {}, "contacts.view_deleted"),
    ("POST", "/contactos/generador", {"amount": "1", "method": "simple"}, "contacts.generated"),
    ("POST", "/contactos/generador/cuotas", {"share_0": "100", "share_1": "0", "share_2": "0"}, "office.changed"),
    ("POST", "/ajustes/contactos/horario/CR/service", {"weekday": "08:00-12:00"}, "office.changed"),
    ("DELETE", "/ajustes/contactos/horario/CR/service", {}, "office.changed"),
    ("POST", "/ajustes/contactos/campos", {"title": "Plan", "kind": "text"}, "contacts.field_defined"),
    ("POST", "/ajustes/contactos/campos/1/lugar", {"to": "up"}, "contacts.field_moved"),
    ("POST", "/ajustes/contactos/campos/1", {"title": "Plan B"}, "contacts.field_changed"),
    ("POST", "/ajustes/contactos/estados/1", {"title": "No", "priority": "1"}, "contacts.status_changed"),
    ("POST", "/ajustes/oficina", OFFICE, "office.changed"),
    ("POST", "/ajustes/perfil", {"locale": "en", "theme": "dark"}, "preferences.changed"),
    ("POST", "/personas/2", {"name": "Ana S.", "email": "ana@irazu.example", "role": "lead"}, "person.changed"),
    ("POST", "/personas/2/baja", {}, "person.disabled"),
    ("DELETE", "/personas/2/baja", {}, "person.enabled"),
    ("POST", "/ajustes/contactos/estados", {"title": "Nuevo", "priority": "5"}, "contacts.status_defined"),
    ("POST", "/contactos/2/datos/borrado", {"basis": "Carta", "name": "Nidia"}, "contacts.erasure"),
    ("POST", "/personas", {"name": "Flor Vega", "email": "flor@irazu.example", "role": "agent"}, "person.created"),
    ("POST", "/personas/1/enlace", {}, "link.created"),
    ("POST", "/personas/equipos", {"name": "Cobros"}, "team.created"),
    ("POST", "/personas/permisos", GRANT, "permissions.changed"),
    ("POST", "/ajustes/claves", {"name": "hoja"}, "key.created"),
    ("POST", "/ajustes/clave", {"current": PASSWORD, "password": NEW}, "password.changed"),
    ("POST", "/sistema/respaldos", {}, "system.backup_asked"),
]


async def newest(world: World) -> list[Any]:
    async with world.office.database.unit(write=False) as db:
        return list(await db.scalars(select(AuditEntry).order_by(AuditEntry.id)))


async def test_it_works(world: World) -> None:
    diego, silent = await world.client_as("diego"), []
    async with await world.api_as("diego") as api:
        assert (await api.post("/api/v1/contacts", json=BODY)).status_code == 201
    for method, path, form, verb in DEEDS:
        known = len(await newest(world))
        answer = await diego.request(method, path, data=form)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text[-300:]}"
        lines = (await newest(world))[known:]
        mine = [line for line in lines if line.user_id == world.diego and line.ip == "127.0.0.1"]
        if verb not in {line.verb for line in mine}:
            silent.append(f"{method} {path}: {[line.verb for line in lines]} instead of {verb}")
    assert silent == [], "\n".join(silent)
    async with world.office.database.unit(write=False) as db:
        assert await verify(db) is None, "and the chain holds over all of it"


async def test_a_change_keeps_what_was_and_what_is(world: World) -> None:
    diego = await world.client_as("diego")
    await diego.post("/contactos", data={"name": "Marvin"})
    await diego.post("/contactos/1", data=FORM)
    line = (await newest(world))[-1]
    assert (line.verb, line.noun, line.noun_id, line.who) == ("contacts.changed", "contact", "1", "Diego Rojas")
    assert (line.before["name"], line.after["name"]) == ("Marvin", "Marvin Q.")
    page = (await diego.get("/auditoria?objeto=contact&numero=1")).text
    for said in ("<del>Marvin</del>", "<ins>Marvin Q.</ins>", "Diego Rojas", "127.0.0.1"):
        assert said in page


REFUSED = ("/personas", "/sistema", "/auditoria", "/contactos/papelera", "/contactos/generador", "/ajustes/contactos")


async def test_every_door_that_stayed_shut_is_written_down(world: World) -> None:
    ana = await world.client_as("ana")
    for path in REFUSED:
        assert (await ana.get(path)).status_code == 403
    async with await world.api_as("ana") as api:
        assert (await api.get("/metrics")).status_code == 403
    async with world.office.database.unit(write=False) as db:
        refused = select(func.count()).where(AuditEntry.verb == "access.refused", AuditEntry.user_id == world.ana)
        assert await db.scalar(refused) == len(REFUSED) + 1


def test_no_line_is_asked_for_that_the_code_does_not_know() -> None:
    from tests.accounts.test_verbs import emitted

    assert {verb for *_deed, verb in DEEDS} - emitted() == set()
    assert all(re.fullmatch(r"[a-z]+\.[a-z_]+", verb) for *_deed, verb in DEEDS)
