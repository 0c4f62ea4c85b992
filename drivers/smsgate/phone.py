"""The app's HTTP API, on the phone or in the cloud (app/src/main/assets/api/swagger.json of the app)."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from drivers.contract import N_, NeedsHuman, NotReady, now
from drivers.http import Answer, Times, Web
from drivers.loose import Object, as_object, parts, text
from drivers.smsgate.settings import CLOUD, SmsgateSettings
from drivers.smsgate.tokens import TROUBLE, WRONG_PASSWORD, WRONG_PASSWORD_STEPS, Tokens

NO_RIGHT = N_("El usuario o el token no tiene permiso para esto (%(path)s).")
NO_RIGHT_STEPS = N_("Elija «Usuario y contraseña» en los ajustes, o use un token con todos los permisos.")
NOT_THE_APP = N_("En esa dirección no contesta la aplicación SMS Gateway.")
NOT_THE_APP_STEPS = N_(
    "Abra la aplicación en el teléfono y copie la dirección que muestra.\n"
    "En la nube, la dirección termina en /3rdparty/v1."
)  # fmt: skip
NO_ADDRESS = N_("Falta la dirección del teléfono.")
NO_PHONE = N_("No hay ningún teléfono en esa cuenta, o no está el que piden los ajustes.")
NO_PHONE_STEPS = N_("Abra la aplicación en el teléfono, encienda el modo de nube y espere un minuto.")


class Phone:
    """Questions to the app. Raises NotReady (Unreachable, Unanswered), NeedsHuman."""

    def __init__(self, settings: SmsgateSettings) -> None:
        self.settings = settings
        base = settings.base_url or (CLOUD if settings.mode == "cloud" else "")
        answer_s = settings.answer_s
        times = Times(silence_s=answer_s, whole_s=2 * answer_s)
        self.web = Web(base, times=times)
        self.tokens = Tokens(settings, self.web)
        self.skew: timedelta | None = None  # how far the phone's clock is ahead of ours

    async def ask(self, method: str, path: str, value: Any = None, params: Mapping[str, str] | None = None) -> Answer:
        """Any answer but a refusal of who we are."""
        if not self.web.base_url:
            raise NeedsHuman(NO_ADDRESS, NOT_THE_APP_STEPS)
        header = await self.tokens.header()
        answer = await self._once(method, path, header, value, params)
        if answer.status == 401 and self.tokens.expired(header):
            answer = await self._once(method, path, await self.tokens.header(), value, params)
        if answer.status == 401:
            raise NeedsHuman(WRONG_PASSWORD, WRONG_PASSWORD_STEPS)
        if answer.status == 403:
            raise NeedsHuman(NO_RIGHT, NO_RIGHT_STEPS, path=path)
        return answer

    async def _once(
        self, method: str, path: str, header: str, value: Any, params: Mapping[str, str] | None
    ) -> Answer:
        answer = await self.web.ask(method, path, value=value, params=params, headers={"authorization": header})
        self._look_at_clock(answer)
        return answer

    def _look_at_clock(self, answer: Answer) -> None:
        """The phone's own server says what time it thinks it is."""
        try:
            said = parsedate_to_datetime(answer.headers["date"])
        except (KeyError, ValueError):
            return
        if said.tzinfo is not None:
            self.skew = said - now()

    async def get(self, path: str, params: Mapping[str, str] | None = None) -> Any:
        """The decoded answer; None when the app does not know the path (an older one)."""
        answer = await self.ask("GET", path, params=params)
        if answer.status == 404:
            return None
        if not answer.good:
            raise NotReady(TROUBLE, code=answer.status)
        return answer.json()

    async def health(self) -> Object:
        """Needs no login. Bad health comes with status 500, and is an answer. A cloud would tell only its own."""
        if self.settings.mode == "cloud":
            return {}
        if not self.web.base_url:
            raise NeedsHuman(NO_ADDRESS, NOT_THE_APP_STEPS)
        answer = await self.web.ask("GET", "health")
        self._look_at_clock(answer)
        body = as_object(answer.json())
        if text(body, "status"):
            return body
        if answer.status >= 500:
            raise NotReady(TROUBLE, code=answer.status)
        raise NeedsHuman(NOT_THE_APP, NOT_THE_APP_STEPS)

    async def device(self) -> Object:
        """The phone itself (nothing is known of one with an older app), or the one of the account that is wanted."""
        found = await self.get("device" if self.settings.mode == "local" else "devices")
        if found is None and self.settings.mode == "local":
            return {}
        wanted = self.settings.device_id
        known = [each for each in parts({"found": found}, "found") if not wanted or text(each, "id") == wanted]
        if not known:
            raise NeedsHuman(NO_PHONE, NO_PHONE_STEPS)
        return known[0]


def stamp(at: datetime) -> str:
    """An instant as the app reads it: yyyy-MM-dd'T'HH:mm:ss.SSSXXX"""
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
