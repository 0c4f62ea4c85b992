"""Diagnostics: what a technician wants to know, without numbers that are secret or somebody's."""

from drivers.contract import N_, NeedsHuman, NotReady, Probe
from drivers.gsm.at.failures import Failure
from drivers.gsm.card import Card, human_trouble, trouble_of
from drivers.gsm.engine import Engine, Gone, Silence
from drivers.gsm.identity import MUTE, Identity
from drivers.gsm.radio import WORDS, Radio, look
from drivers.gsm.session import Session
from drivers.gsm.settings import GsmSettings

STARTING = N_("El módem está arrancando.")
WAIT = N_("Espere un minuto y pruebe de nuevo.")
WELL = N_("El módem responde y tiene red.")
NO_NETWORK = N_("El módem responde, pero no tiene red.")
NO_NETWORK_STEPS = N_("Revise la antena y la cobertura.\nRevise con el operador que la línea esté activa.")
CABLE = N_("Revise el cable y que el módem esté encendido.\nSi elige el puerto a mano, pruebe con otro.")
LOCKED = N_("El SIM pide PIN o no está listo.")
LOCKED_STEPS = N_("Encienda la conexión: con el PIN en los ajustes se desbloquea sola.")


def facts_of(session: Session) -> dict[str, str]:
    """By Spanish label."""
    fill = ", ".join(f"{name} {used}/{total}" for name, (used, total) in session.store.fill.items())
    waiting = sum(not group.done for group in session.inbox.joiner.groups.values())
    return {
        N_("Puerto"): session.engine.port,
        **_modem(session.identity),
        N_("SIM"): last(session.card.number),
        **_network(session.radio),
        N_("Memoria de mensajes"): fill or "-",
        N_("Mensajes recibidos"): str(session.inbox.took),
        N_("Mensajes incompletos"): str(waiting),
        N_("Entregas por confirmar"): str(len(session.inbox.reports.expected)),
        N_("Reinicios"): str(session.watch.resets),
        N_("Modo"): "text" if session.state.texts else "pdu",
    }


def _modem(identity: Identity) -> dict[str, str]:
    return {
        N_("Módem"): f"{identity.maker} {identity.model}".strip() or "-",
        N_("Familia"): identity.family.name,
        N_("IMEI"): last(identity.imei),
    }


def _network(radio: Radio) -> dict[str, str]:
    signal = "-" if radio.dbm is None else f"{radio.quality} % ({radio.dbm} dBm)"
    return {N_("Red"): WORDS[radio.state], N_("Operador"): radio.operator or "-", N_("Señal"): signal}


def last(number: str) -> str:
    """The last four places: enough to tell two apart."""
    return f"…{number[-4:]}" if number else "-"


def failed(trouble: NotReady | NeedsHuman) -> Probe:
    steps = trouble.what_to_do if isinstance(trouble, NeedsHuman) else CABLE
    return Probe(ok=False, sentence=str(trouble), what_to_do=steps)


async def living(session: Session) -> Probe:
    """While it runs: the watchdog's own question."""
    try:
        async with session.engine.turn() as ask:
            session.radio = await look(ask, session.family, session.radio.operator)
    except (Silence, Gone):
        return failed(NotReady(MUTE, port=session.engine.port))
    return _verdict(session.radio, facts_of(session))


async def resting(engine: Engine, identity: Identity, settings: GsmSettings) -> Probe:
    """While it does not run: nothing is changed, no PIN is tried."""
    facts = {N_("Puerto"): engine.port, **_modem(identity)}
    try:
        async with engine.turn() as ask:
            card = Card(identity.family, wanted=settings.sim)
            state = await card.state(ask)
            if state not in ("READY", "busy", "SIM PIN" if settings.pin else ""):
                return failed(trouble_of(state))
            if state != "READY":
                return Probe(ok=False, sentence=LOCKED, what_to_do=LOCKED_STEPS, facts=facts)
            await card.read(ask)
            radio = await look(ask, identity.family)
            return _verdict(radio, {**facts, N_("SIM"): last(card.number), **_network(radio)})
    except NeedsHuman as trouble:
        return failed(trouble)
    except (Failure, NotReady, Silence, Gone) as trouble:
        human = human_trouble(trouble) if isinstance(trouble, Failure) else None
        return failed(human or NotReady(MUTE, port=engine.port))


def _verdict(radio: Radio, facts: dict[str, str]) -> Probe:
    if radio.on_air:
        return Probe(ok=True, sentence=WELL, facts=facts)
    return Probe(ok=False, sentence=NO_NETWORK, what_to_do=NO_NETWORK_STEPS, facts=facts)
