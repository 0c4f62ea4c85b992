""""Test connection" on a connection of its own, so that a running line is not disturbed."""

import asyncio

from drivers.contract import N_, NeedsHuman, NotReady, Probe
from drivers.telephony import links
from drivers.telephony.ami import Ami, Denied, Lost, connected, log_in
from drivers.telephony.packets import Packet
from drivers.telephony.settings import TelephonySettings

LINKS = N_("Los enlaces están listos: al pulsar un número se abre el teléfono de ese puesto.")
NO_DOMAIN = N_("Los enlaces sip: necesitan un dominio.")
NO_DOMAIN_STEPS = N_("Escriba en Ajustes el dominio SIP de la central, o elija tel:.")
BLIND = N_("La central responde, pero no deja ver las llamadas en curso.")
BLIND_STEPS = N_("Agregue call,reporting a read= y write= en manager.conf.\nRecargue la central.")
CHECK = N_("Revise la dirección, el puerto y que la central esté encendida.\nPruebe de nuevo.")


async def probe(settings: TelephonySettings) -> Probe:
    if settings.mode == "links":
        return _links(settings)
    try:
        async with connected(settings) as ami:
            return await _exchange(ami, settings)
    except NeedsHuman as error:
        return Probe(ok=False, sentence=str(error), what_to_do=error.what_to_do)
    except NotReady as error:
        return Probe(ok=False, sentence=str(error), what_to_do=CHECK)


def _links(settings: TelephonySettings) -> Probe:
    if settings.scheme == "sip" and not links.is_host(settings.domain):
        return Probe(ok=False, sentence=NO_DOMAIN, what_to_do=NO_DOMAIN_STEPS)
    return Probe(ok=True, sentence=LINKS)


async def _exchange(ami: Ami, settings: TelephonySettings) -> Probe:
    facts = {"AMI": str(ami.version)}
    reading = asyncio.ensure_future(ami.read(_ignored))
    try:
        await log_in(ami, settings)
        channels = await ami.list("CoreShowChannels")
    except Denied:
        return Probe(ok=False, sentence=BLIND, what_to_do=BLIND_STEPS, facts=facts)
    except Lost as error:
        raise NotReady(N_("La central dejó de contestar.")) from error
    finally:
        reading.cancel()
        await asyncio.gather(reading, return_exceptions=True)
    facts |= {N_("Canales en uso"): str(len(channels))}
    return Probe(ok=True, sentence=N_("La central responde."), facts=facts)


async def _ignored(_packets: list[Packet]) -> None:
    """Events are none of a probe's business."""
