"""WhatsApp as a line of the office: made from its form, reached by Meta's webhook, switched on against a peer."""

from sqlalchemy import select

from app.frame.intake import Intake
from tests.devices.conftest import state, the_device, until
from tests.drivers.meta.signing import SECRET, VERIFY, signed
from tests.drivers.peers.cloud_api import NUMBER, TOKEN, cloud_api
from tests.drivers.whatsapp.payloads import TEXT, WAMID

FORM = {"device_name": "Ventas", "device_kind": "whatsapp", "phone_number_id": NUMBER, "token": TOKEN}


async def test_it_works(world, sim, office):
    irene = await world.client_as("irene")
    drawn = (await irene.get("/dispositivos/nuevo/whatsapp")).text
    assert "Token de acceso" in drawn
    async with cloud_api() as peer:
        more = {"app_secret": SECRET, "verify_token": VERIFY, "base_url": peer.url, "version": "v23.0"}
        made = await irene.post("/dispositivos", data=FORM | more)
        assert made.status_code == 303, made.text
        device = await the_device(office)
        await until(lambda: state(office, device.id) == "ready")
        knock = signed(TEXT)
        hook = f"/hooks/{device.hook}"
        asked = {"hub.mode": "subscribe", "hub.verify_token": VERIFY, "hub.challenge": "7"}
        shaken = await irene.get(hook, params=asked)
        assert (shaken.status_code, shaken.text) == (200, "7")
        for _ in range(2):  # Meta repeats what it is not sure of
            assert (await irene.post(hook, content=knock.body, headers=dict(knock.headers))).status_code == 200
        assert (await irene.post(hook, content=knock.body + b" ", headers=dict(knock.headers))).status_code == 401
        async with office.database.unit(write=False) as db:
            kept = list(await db.scalars(select(Intake.external_id).where(Intake.device_id == device.id)))
        assert kept == [f"m:{WAMID}"]
