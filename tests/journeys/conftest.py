"""An office in which something happened, so that every page has something to show."""

import asyncio
from typing import Any

import pytest

from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from tests.world import World, make_world

SHEET = "Nombre;Celular\nNidia Arce;8812 3457\nCorto;123\n"
DEEDS: list[tuple[str, dict[str, str]]] = [
    ("/contactos/lote", {"id": "4", "delete": "true"}),
    ("/contactos/3/no-contactar", {"channel": "*", "reason": "Lo pidió", "source": "Llamada"}),
    ("/contactos/exportaciones", {"format": "csv", "filter": ""}),
]


@pytest.fixture
async def world(app: Any, office: Any) -> World:
    """Contacts of several people, one of them blocked and one in the bin, an import, an export and a team."""
    world = await make_world(office, app)
    async with office.database.unit(actor=SYSTEM) as db:
        for n, owner in enumerate((world.ana, world.beto, None, None)):
            addresses = [AddressIn("phone", f"8888000{n}"), AddressIn("email", f"p{n}@cliente.example")]
            await create_contact(db, ContactIn(name=f"Persona {n}", tags=["vip"], owner_id=owner, addresses=addresses))
    diego, program = await world.client_as("diego"), await world.api_as("diego")
    made = await program.post("/api/v1/imports", files={"file": ("base.csv", SHEET.encode(), "text/csv")})
    for path, typed in DEEDS:
        answer = await diego.post(path, data=typed)
        assert answer.status_code == 200, f"{path}: {answer.text}"
    for _ in range(400):
        done = (await program.get(f"/api/v1/imports/{made.json()['id']}")).json()["state"] == "done"
        if done and "La exportación está lista" in (await diego.partial("/avisos/lista")).text:
            return world
        await asyncio.sleep(0.05)
    raise AssertionError("the import and the export did not end")
