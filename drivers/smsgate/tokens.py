"""How we name ourselves to the app: user and password, or a token of limited rights that renews itself.

POST /auth/token (with user and password) gives a pair; POST /auth/token/refresh (with the second of the pair) gives the
next one. The clock of the phone is not trusted: a token is as old as our own clock says.
"""

import asyncio
import base64
import time
from typing import Any

from drivers.contract import N_, NeedsHuman, NotReady
from drivers.http import Answer, Web
from drivers.loose import as_object, text
from drivers.smsgate.settings import SmsgateSettings

TTL_S = 3600
EARLY_S = 60
SCOPES = (
    "messages:send", "messages:read", "inbox:list", "inbox:refresh", "devices:list", "webhooks:list",
    "webhooks:write", "webhooks:delete",
)  # fmt: skip
CLOUD_SCOPES = ("all:any",)
WRONG_PASSWORD = N_("El teléfono no acepta el usuario o la contraseña.")
WRONG_PASSWORD_STEPS = N_("Abra la aplicación en el teléfono y vea el usuario y la contraseña.\n"
                          "Cópielos en los ajustes de la conexión y guarde.")  # fmt: skip
NO_TOKENS = N_("La aplicación del teléfono no da tokens.")
NO_TOKENS_STEPS = N_("Actualice la aplicación, o elija «Usuario y contraseña» en los ajustes.")
TROUBLE = N_("El teléfono o su nube no está bien ahora (%(code)s). Se intentará de nuevo.")


class Tokens:
    """`header()` is what goes into Authorization. One renewal at a time."""

    def __init__(self, settings: SmsgateSettings, web: Web) -> None:
        self.settings = settings
        self.web = web
        self._access = self._refresh = ""
        self._until = 0.0
        self._renewing = asyncio.Lock()

    async def header(self) -> str:
        """Raises NeedsHuman, NotReady."""
        if self.settings.auth == "basic":
            return self._basic()
        async with self._renewing:
            if not self._access or time.monotonic() > self._until:
                await self._renew()
        return f"Bearer {self._access}"

    def expired(self, refused: str) -> bool:
        """The app did not take this header. True when another one may help."""
        if self.settings.auth == "basic" or not refused.startswith("Bearer "):
            return False
        if refused == f"Bearer {self._access}":
            self._until = 0.0
        return True

    def _basic(self) -> str:
        pair = f"{self.settings.username}:{self.settings.password}".encode()
        return "Basic " + base64.b64encode(pair).decode()

    async def _renew(self) -> None:
        """A refresh token serves once; when it does not, user and password do."""
        used, self._refresh = self._refresh, ""
        if used:
            answer = await self._ask("auth/token/refresh", f"Bearer {used}", None)
            if answer.good and self._take(answer):
                return
        scopes = SCOPES if self.settings.mode == "local" else CLOUD_SCOPES
        answer = await self._ask("auth/token", self._basic(), {"scopes": scopes, "ttl": TTL_S})
        if not (answer.good and self._take(answer)):
            _refuse(answer)

    async def _ask(self, path: str, authorization: str, value: Any) -> Answer:
        return await self.web.ask("POST", path, value=value, headers={"authorization": authorization})

    def _take(self, answer: Answer) -> bool:
        """Both spellings are met: the app's own and its cloud's clients'."""
        body = as_object(answer.json())
        self._access = text(body, "access_token") or text(body, "accessToken")
        self._refresh = text(body, "refresh_token") or text(body, "refreshToken")
        self._until = time.monotonic() + TTL_S - EARLY_S
        return bool(self._access)


def _refuse(answer: Answer) -> None:
    if answer.status in (401, 403):
        raise NeedsHuman(WRONG_PASSWORD, WRONG_PASSWORD_STEPS)
    if answer.status in (429, 500, 502, 503, 504):
        raise NotReady(TROUBLE, code=answer.status)
    raise NeedsHuman(NO_TOKENS, NO_TOKENS_STEPS)
