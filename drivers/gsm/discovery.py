"""Finding the modem: the port that was named, or the one where the known IMEI answers. Ports in use are left alone."""

import glob
import os
from collections.abc import Iterator

from serial.tools import list_ports
from serial.tools.list_ports_common import ListPortInfo

from drivers.contract import N_, NeedsHuman, NotReady
from drivers.gsm.engine import Engine, Patience
from drivers.gsm.families import ADAPTERS, VENDORS, interfaces_of
from drivers.gsm.identity import Identity, identify
from drivers.gsm.settings import GsmSettings

QUICK_S = 1.5  # on ports that may be anything
NONE = N_("No se encuentra ningún módem libre. Revise que esté conectado y encendido.")
NOT_THIS = N_(
    "No se encuentra el módem con IMEI terminado en %(imei)s. Revise que esté conectado. "
    "Si lo cambió por otro, escriba el IMEI nuevo en los ajustes."
)


def candidates(settings: GsmSettings, imei: str) -> list[str]:
    """Ports to try, likeliest first. A named port that is gone is searched under other names when the IMEI is known."""
    if glob.has_magic(settings.port):
        return sorted(glob.glob(settings.port))
    if settings.port and (os.path.exists(settings.port) or not imei):
        return [settings.port]
    # ttyUSB and ttyACM beside the one that is gone
    beside = glob.glob(os.path.join(os.path.dirname(settings.port), "tty[UA][SC][BM]*")) if settings.port else []
    return [*sorted(beside), *(port for port in usb_ports() if port not in beside)]


def usb_ports() -> list[str]:
    """Modems first, in the order of the interfaces that speak AT; then plain adapters; nothing else."""
    known = [port for port in list_ports.comports() if port.vid in (*VENDORS, *ADAPTERS)]
    return [port.device for port in sorted(known, key=_likelihood)]


def _likelihood(port: ListPortInfo) -> tuple[bool, str, int, str]:
    order = interfaces_of(port.vid)
    interface = (port.location or "").rpartition(".")[2]
    at = order.index(int(interface)) if interface.isdigit() and int(interface) in order else len(order)
    return port.vid in ADAPTERS, port.serial_number or "", at, port.device


async def find(settings: GsmSettings, imei: str) -> tuple[Engine, Identity]:
    """An open engine on the modem with this IMEI, or on the first when it is "". Raises NotReady, NeedsHuman."""
    ports, troubles = candidates(settings, imei), list[NotReady | NeedsHuman]()
    sole = len(ports) == 1
    for port in ports:
        try:
            found = await _try(port, settings, sole)
        except (NotReady, NeedsHuman) as trouble:
            troubles.append(trouble)
            continue
        if imei in ("", found[1].imei):
            return found
        found[0].close()
    raise _why(troubles, sole, imei)


async def _try(port: str, settings: GsmSettings, sole: bool) -> tuple[Engine, Identity]:
    patience = settings.patience
    quick = patience if sole else _quicker(patience)
    engine = Engine(port, settings.speed, quick)
    try:
        await engine.open()
        identity = await identify(engine, port)
    except BaseException:
        engine.close()
        raise
    engine.patience = patience
    return engine, identity


def _quicker(patience: Patience) -> Patience:
    return Patience(
        answer_s=min(QUICK_S, patience.answer_s), prompt_s=patience.prompt_s, send_s=patience.send_s,
        quiet_s=min(0.1, patience.quiet_s),
    )  # fmt: skip


def _why(troubles: list[NotReady | NeedsHuman], sole: bool, imei: str) -> NotReady | NeedsHuman:
    """The one trouble of a sole port; what a person can mend; else that there is none."""
    mendable: Iterator[NotReady | NeedsHuman] = (each for each in troubles if isinstance(each, NeedsHuman))
    if sole and troubles:
        return troubles[0]
    none = NotReady(NOT_THIS, imei=imei[-4:]) if imei else NotReady(NONE)
    return next(mendable, none)
