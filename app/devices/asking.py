"""Questions to a line itself. They wait for the world: time limits, and no unit of work meanwhile."""

import asyncio
import logging

import msgspec

from app.devices import service, showing
from app.devices.models import Device
from app.frame import hooks, intake
from app.frame.i18n import N_, _
from app.frame.lines import kept_as
from app.frame.office import Office
from drivers.contract import Probe

PROBE_S = 20.0
DESCRIBE_S = 3.0
OFF = N_("La conexión está apagada.")
OFF_STEPS = N_("Enciéndala y pruebe de nuevo.")
SLOW = N_("La conexión no contestó en %(seconds)s segundos.")
SLOW_STEPS = N_("Revise cables, energía y red, y pruebe de nuevo.")
BROKE = N_("La prueba falló por dentro: %(what)s")
BROKE_STEPS = N_("Descargue el diagnóstico y envíelo a soporte.")
log = logging.getLogger("centralita.devices")


def retry(office: Office, device_id: int) -> None:
    name = kept_as(device_id)
    if not office.supervisor.retry(name):
        office.supervisor.restart(name)


async def probe(office: Office, device_id: int) -> Probe:
    """What is wrong and what to do, in the reader's language."""
    line = office.lines.get(device_id)
    if line is None:
        return Probe(ok=False, sentence=_(OFF), what_to_do=_(OFF_STEPS))
    try:
        said = await asyncio.wait_for(line.driver.probe(), PROBE_S)
    except TimeoutError:
        return Probe(ok=False, sentence=_(SLOW, seconds=int(PROBE_S)), what_to_do=_(SLOW_STEPS))
    except Exception as error:
        log.exception("a probe failed", extra={"device": device_id})
        return Probe(ok=False, sentence=_(BROKE, what=type(error).__name__), what_to_do=_(BROKE_STEPS))
    facts = {_(label): value for label, value in said.facts.items()}
    return Probe(ok=said.ok, sentence=_(said.sentence), what_to_do=_(said.what_to_do), facts=facts)


async def _find(office: Office, device_id: int) -> Device:
    async with office.database.unit(write=False) as db:
        device = await service.find(db, device_id)
        db.expunge_all()
        return device


async def facts(office: Office, device_id: int) -> tuple[dict[str, str], dict[str, int]]:
    """What the driver says about itself (nothing when it does not answer soon), and the intake's counts."""
    device = await _find(office, device_id)
    try:
        said = await asyncio.wait_for(showing.facts(office, device), DESCRIBE_S)
    except Exception as error:
        log.warning("a driver did not describe itself: %s", type(error).__name__, extra={"device": device_id})
        said = {_("Diagnóstico"): _("No contestó")}
    return said, await showing.waiting(office.database, device_id)


async def reread(office: Office, device_id: int) -> None:
    """What was stored and not understood becomes new; kept webhooks are read again at once."""
    async with office.database.unit() as db:
        await intake.again(db, device_id)
    await hooks.reread(office, device_id)


async def diagnosis(office: Office, device_id: int) -> tuple[bytes, str]:
    """The file and its name."""
    device = await _find(office, device_id)
    said, rows = await facts(office, device_id)
    body = showing.diagnosis(showing.shown(office, device), said, rows, office.version)
    encoded = msgspec.json.format(msgspec.json.encode(body), indent=2)
    return encoded, f"diagnostico-{device.kind}-{device.id}.json"
