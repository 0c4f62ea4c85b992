"""A fresh access token from the lasting one (OAuth 2.0, RFC 6749, section 6), for servers that take no password."""

import time
from dataclasses import dataclass

import httpx
import msgspec

from drivers.contract import N_, NeedsHuman, NotReady, Sink
from drivers.mail.settings import MailSettings

EXPIRED = N_("El permiso OAuth2 venció o fue retirado.")
EXPIRED_STEPS = N_(
    "Dé de nuevo el permiso en la página de su proveedor.\nPegue aquí el permiso duradero nuevo y guarde."
)
INCOMPLETE = N_("Faltan datos de OAuth2.")
INCOMPLETE_STEPS = N_("Complete la dirección de permisos, el id de la aplicación y el permiso duradero.")
NO_PERMISSION = N_("El servidor de permisos (OAuth2) no contesta.")
NAME = "oauth2"
EARLY_S = 120.0


class Granted(msgspec.Struct):
    """What the token endpoint answers (RFC 6749, 5.1); some hand out a new lasting token each time."""

    access_token: str
    expires_in: float = 3600.0
    refresh_token: str = ""


class Kept(msgspec.Struct):
    """`given` is the token of the settings that `renewed` came from: a new one pasted by a person wins."""

    given: str
    renewed: str


@dataclass
class Permission:
    """Keeps the current access token of one mailbox."""

    settings: MailSettings
    access: str = ""
    until: float = 0.0
    renewed: str = ""

    async def token(self, sink: Sink | None) -> str:
        """Empty where a password is used. Raises NeedsHuman, NotReady."""
        if self.settings.login != "xoauth2":
            return ""
        if time.monotonic() >= self.until:
            await self._renew(sink)
        return self.access

    def forget(self) -> None:
        """The server did not like it: ask for another the next time."""
        self.until = 0.0

    async def _renew(self, sink: Sink | None) -> None:
        granted = await self._ask(await self._lasting(sink))
        self.access, self.until = granted.access_token, time.monotonic() + granted.expires_in - EARLY_S
        if granted.refresh_token:
            self.renewed = granted.refresh_token
            if sink:
                await sink.remember(NAME, msgspec.json.encode(Kept(self.settings.refresh_token, self.renewed)))

    async def _lasting(self, sink: Sink | None) -> str:
        if not self.renewed and sink and (kept := await sink.recall(NAME)):
            known = msgspec.json.decode(kept, type=Kept)
            self.renewed = known.renewed if known.given == self.settings.refresh_token else ""
        return self.renewed or self.settings.refresh_token

    async def _ask(self, lasting: str) -> Granted:
        settings = self.settings
        if not (settings.token_url and settings.client_id and lasting):
            raise NeedsHuman(INCOMPLETE, INCOMPLETE_STEPS)
        form = {"grant_type": "refresh_token", "refresh_token": lasting, "client_id": settings.client_id}
        if settings.client_secret:
            form["client_secret"] = settings.client_secret
        try:
            async with httpx.AsyncClient(timeout=settings.patience_s) as client:
                answer = await client.post(settings.token_url, data=form)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NotReady(NO_PERMISSION) from error
        return _granted(answer)


def _granted(answer: httpx.Response) -> Granted:
    """RFC 6749, 5.2: 400 and 401 say that the lasting token or the application is no good."""
    if answer.status_code in (400, 401, 403):
        raise NeedsHuman(EXPIRED, EXPIRED_STEPS)
    try:
        return msgspec.json.decode(answer.raise_for_status().content, type=Granted)
    except (httpx.HTTPStatusError, msgspec.DecodeError) as error:
        raise NotReady(NO_PERMISSION) from error
