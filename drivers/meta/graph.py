"""Meta's Graph API: paths under a version, a bearer token, JSON answers or a Fault."""

import mimetypes
from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from drivers.contract import N_, Attachment, NeedsHuman, SendError
from drivers.http import Answer, Times, TooMuch, Web
from drivers.meta.faults import Fault, Refused, read_fault
from drivers.meta.files import opened
from drivers.meta.reading import Fields, fields

USER_AGENT = "Centralita/1.0.0"  # Meta's document asks for name/x.y.z
HOPS, SENT_ON = 4, (301, 302, 303, 307, 308)
FILE_S = 600.0  # 100 MB over a slow line; silence ends it much sooner
NO_TOKEN = N_("Falta el token de acceso de Meta.")
NO_TOKEN_STEPS = N_("Péguelo en los ajustes de la conexión y guarde.")
ELSEWHERE = N_("La dirección del archivo no es de Meta; no se descargó.")


class Graph:
    """One token's view of the Graph. `hosts`: where files may be downloaded from, besides the base address."""

    def __init__(self, base_url: str, version: str, token: str, *, times: Times, hosts: str = "") -> None:
        self.version = "v" + version.strip().strip("/").removeprefix("v")
        self.token = token.strip()
        self.web = Web(base_url, headers={"user-agent": USER_AGENT}, times=times)
        self.hosts = tuple(each.strip().lower() for each in hosts.split() if each.strip())
        self.file_times = Times(connect_s=times.connect_s, silence_s=times.silence_s, whole_s=FILE_S)

    def open(self) -> AbstractAsyncContextManager[None]:
        return self.web.open()

    async def get(self, path: str, **params: str) -> Fields:
        return self._read(await self.web.ask("GET", self._url(path), headers=self._who(), params=params))

    async def post(self, path: str, value: Mapping[str, Any]) -> Fields:
        return self._read(await self.web.ask("POST", self._url(path), value=value, headers=self._who()))

    async def upload(self, path: str, words: Mapping[str, str], file: Attachment, part: str) -> Fields:
        """A multipart form: `words`, and the file in the part of that name. Raises SendError when it is gone."""
        with opened(file) as content:
            name = file.name or "archivo" + (mimetypes.guess_extension(file.media_type) or "")
            files = {part: (name, content, file.media_type)}
            return self._read(
                await self.web.ask(
                    "POST", self._url(path), headers=self._who(), times=self.file_times, data=words, files=files
                )
            )

    async def download(self, url: str, into: Path, *, most: int, with_token: bool) -> Answer:
        """Follows where Meta sends on, among Meta's hosts.

        Raises SendError for an address elsewhere, where the token would go too, and for a file too large.
        """
        headers = self._who() if with_token else {}
        for _ in range(HOPS):
            if not self.trusts(url):
                raise SendError(True, "elsewhere", ELSEWHERE)
            try:
                answer = await self.web.download(url, into, most=most, headers=headers, times=self.file_times)
            except TooMuch as error:
                raise SendError(True, "too_large", error.sentence, **error.facts) from error
            if answer.status not in SENT_ON or not answer.headers.get("location"):
                break
            url = _onwards(url, answer.headers["location"])
        return answer

    def trusts(self, url: str) -> bool:
        """Meta's hosts over TLS, or exactly the base address (a relay, a test peer)."""
        try:
            there, base = urlsplit(url), urlsplit(self.web.base_url)
            host = (there.hostname or "").lower()
            if (there.scheme, there.netloc) == (base.scheme, base.netloc):
                return True
            meta = any(host == each or host.endswith("." + each) for each in self.hosts)
            return meta and there.scheme == "https" and there.port in (None, 443) and there.username is None
        except ValueError:
            return False

    def _url(self, path: str) -> str:
        return f"/{self.version}/{path}"

    def _who(self) -> dict[str, str]:
        if not self.token:
            raise NeedsHuman(NO_TOKEN, NO_TOKEN_STEPS)
        return {"authorization": f"Bearer {self.token}"}

    def _read(self, answer: Answer) -> Fields:
        """Raises Refused. A good status without an object in it is an answer from something on the way."""
        value = answer.json()
        if not answer.good or fields(value, "error"):
            raise Refused(read_fault(answer))
        if not isinstance(value, dict):
            raise Refused(Fault(status=502))
        return value


def _onwards(url: str, location: str) -> str:
    """Where a redirection leads; "" when it is no address."""
    try:
        return urljoin(url, location)
    except ValueError:
        return ""
