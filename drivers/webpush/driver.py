"""Notifications in browsers as a driver."""

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from drivers.contract import (
    N_,
    Action,
    Driver,
    NeedsHuman,
    NotReady,
    Outbound,
    Probe,
    Receipt,
    SendError,
    Sink,
    now,
)
from drivers.http import Answer, Times, Web
from drivers.webpush import address, sealing
from drivers.webpush.keys import Keys
from drivers.webpush.settings import NewKeys, PublicKey, WebpushSettings

MEMORY = "vapid"
WRONG_KEY = N_("La clave privada VAPID no se puede leer.")
WRONG_KEY_STEPS = N_("Bórrela en los ajustes de la conexión: se creará una nueva.\n"
                     "O péguela completa, como PEM o base64.")  # fmt: skip
NO_CONTACT = N_("Falta el correo de contacto, que los servicios de avisos exigen.")
NO_CONTACT_STEPS = N_("Escriba en los ajustes un correo que alguien lea y guarde.")
KEY_FIXED = N_("La clave está puesta en los ajustes. Bórrela de ahí para que se cree otra.")
NOT_YET = N_("Los avisos todavía no están listos. Se intentará de nuevo.")
READY = N_("Los avisos están listos.")
NEW_KEYS = N_("Se crearon claves nuevas: cada navegador debe activar los avisos.")
OTHER_KEY = N_(
    "El servicio de avisos no acepta nuestra clave para ese navegador. Active los avisos de nuevo en él; "
    "si pasa con todos, revise la hora de esta máquina."
)  # fmt: skip
TOO_FAST = N_("El servicio de avisos pide ir más despacio.")
REFUSED = N_("El servicio de avisos no aceptó el aviso (%(code)s).")
TROUBLE = N_("El servicio de avisos no está bien ahora (%(code)s). Se intentará de nuevo.")
LATER_STEPS = N_("Revise la conexión a internet y pruebe de nuevo.")


class WebpushDriver(Driver[WebpushSettings]):
    """Each notification goes to the push service of its browser, sealed so that only the browser reads it."""

    kind = "webpush"
    title = N_("Avisos en el navegador")
    icon = "bell"
    Settings = WebpushSettings
    carries = frozenset({sealing.CHANNEL})
    limits = {sealing.CHANNEL: sealing.LIMITS}
    does = {"public_key": PublicKey, "new_keys": NewKeys}
    idempotent = True  # our key is the topic and the tag: what goes twice is shown once

    def __init__(self, settings: WebpushSettings) -> None:
        super().__init__(settings)
        answer_s = settings.answer_s
        self.web = Web(times=Times(silence_s=answer_s, whole_s=2 * answer_s))
        self._keys: Keys | None = None
        self._sink: Sink | None = None

    async def run(self, sink: Sink) -> None:
        """Nothing arrives here; what is lived for is the keys and the open connections."""
        self._subject()
        made = await self._begin(sink)
        async with self.web.open():
            self._sink = sink
            try:
                sink.ready(self._known().public, NEW_KEYS if made else "")
                await asyncio.Event().wait()
            finally:
                self._sink = None

    async def _begin(self, sink: Sink) -> bool:
        """The settings' keys, else those of an earlier life, else new ones (True)."""
        if self.settings.private_key:
            self._keys = self._of_settings()
            return False
        kept = await sink.recall(MEMORY)
        self._keys = Keys.read(kept.decode()) if kept else Keys.new()
        if not kept:
            await sink.remember(MEMORY, self._keys.write().encode())
        return not kept

    def _of_settings(self) -> Keys:
        try:
            return Keys.read(self.settings.private_key)
        except ValueError as error:
            raise NeedsHuman(WRONG_KEY, WRONG_KEY_STEPS) from error

    def _known(self) -> Keys:
        if self._keys is None and self.settings.private_key:
            self._keys = self._of_settings()
        if self._keys is None:
            raise NotReady(NOT_YET)
        return self._keys

    def _subject(self) -> str:
        contact = self.settings.contact.strip()
        if contact.startswith(("mailto:", "https://")):
            return contact
        if "@" not in contact:
            raise NeedsHuman(NO_CONTACT, NO_CONTACT_STEPS)
        return f"mailto:{contact}"

    async def send(self, outbound: Outbound) -> Receipt:
        at = now()
        where = address.read(outbound.to, self.settings.hosts, at)
        body, said = sealing.plain(outbound), sealing.headers(self.settings, outbound, at)
        said["authorization"] = self._known().authorization(where.origin, self._subject(), at)
        answer = await self.web.ask(
            "POST", f"{where.origin}/", content=sealing.seal(body, where), headers=said,
            extensions={"target": where.target.encode()},  # not in the address, which is logged
        )  # fmt: skip
        if not answer.good:
            _refuse(answer)
        return Receipt(external_id=outbound.key, state="accepted")

    async def do(self, action: Action) -> Any:
        match action:
            case PublicKey():
                return {"public_key": self._known().public}
            case NewKeys():
                return await self._renew()
        return await super().do(action)

    async def _renew(self) -> Mapping[str, str]:
        if self.settings.private_key:
            raise SendError(True, "key_fixed", KEY_FIXED)
        if self._sink is None:
            raise NotReady(NOT_YET)
        keys = Keys.new()
        await self._sink.remember(MEMORY, keys.write().encode())
        self._keys = keys
        self._sink.ready(keys.public, NEW_KEYS)
        return {"public_key": keys.public}

    async def describe(self) -> Mapping[str, str]:
        return {N_("Clave pública"): self._keys.public if self._keys else "", N_("Contacto"): self.settings.contact}

    async def probe(self) -> Probe:
        """No push service can be asked whether it would take something; that one can be reached is seen."""
        facts = await self.describe()
        try:
            self._subject()
            if self.settings.private_key:
                self._of_settings()
            await self._reach()
        except (NotReady, NeedsHuman) as trouble:
            steps = getattr(trouble, "what_to_do", LATER_STEPS)
            return Probe(ok=False, sentence=str(trouble), what_to_do=steps, facts=facts)
        return Probe(ok=True, sentence=READY, facts=facts)

    async def _reach(self) -> None:
        """The first service that is named whole; any answer shows that there is a way."""
        for host in self.settings.hosts.split():
            if not host.startswith("."):
                await self.web.ask("GET", f"{host if host.startswith('http') else f'https://{host}'}/")
                return


def _refuse(answer: Answer) -> None:
    """RFC 8030, 7.3 and 8.4; RFC 8292, 4.2. Our key makes asking again safe."""
    after_s = retry_after_s(answer.headers.get("retry-after", ""), now())
    match answer.status:
        case 404 | 410:
            raise SendError(True, "gone", address.GONE)
        case 401 | 403:
            raise SendError(True, "other_key", OTHER_KEY)
        case 413:
            raise SendError(True, "too_big", sealing.BIG)
        case 429:
            raise SendError(False, "too_fast", TOO_FAST, after_s=after_s)
    if answer.status >= 500:
        raise NotReady(TROUBLE, after_s=after_s, code=answer.status)
    raise SendError(True, "refused", REFUSED, code=answer.status)


def retry_after_s(said: str, at: datetime) -> float | None:
    """Seconds, or a date (RFC 9110, 10.2.3); None when it is neither."""
    if said.isascii() and said.isdigit():
        return float(said[:9])
    try:
        when = parsedate_to_datetime(said)
    except ValueError:
        return None
    return max(0.0, ((when if when.tzinfo else when.replace(tzinfo=UTC)) - at).total_seconds())


DRIVER = WebpushDriver
