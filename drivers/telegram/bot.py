"""The Bot API over HTTP. The token is part of every path, so it is put in only where bytes are written.

What httpx, its log and its errors know is `/getMe`; the line that goes over the wire is `/bot<token>/getMe` (httpcore's
`target`). Files come from `/file/bot<token>/<path>`.
"""

import contextlib
import logging
import os
import re
from collections.abc import AsyncIterator, Coroutine, Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO
from urllib.parse import quote

import httpx
import msgspec

from drivers.contract import N_, Attachment, NeedsHuman, NotReady, SendError
from drivers.http import Answer, Times, Unanswered, Web
from drivers.loose import as_object, text, whole
from drivers.telegram.answers import (
    BAD_TOKEN_STEPS,
    BIG_DOWNLOAD,
    BIG_UPLOAD,
    NO_FILE,
    TROUBLE,
    refuse_reading,
    refuse_sending,
    result,
)
from drivers.telegram.settings import TelegramSettings
from drivers.telegram.writing import BIG, FILE_MAX, GONE, MB, Call

TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]{1,200}")
ODD_TOKEN = N_("El token no tiene la forma que da @BotFather (números, dos puntos y letras).")
NO_BOT_API = N_("En la dirección de la API no contesta Telegram.")
NO_BOT_API_STEPS = N_("Deje https://api.telegram.org, o revise su servidor propio.")
LOCAL_FILES = N_("Su servidor de Telegram guarda los archivos en su propio disco y no los entrega. Quítele --local.")
DOWNLOAD_MAX = 20 * 1024 * 1024
log = logging.getLogger("centralita.telegram")


class Migrated(Exception):
    """The group has a new number; nothing was sent."""

    def __init__(self, chat: int) -> None:
        super().__init__(chat)
        self.chat = chat


class Doubtful(Exception):
    """Sent or not: nobody can tell."""


class BotWeb(Web):
    """Writes the token into the request line, and nowhere else."""

    def __init__(self, settings: TelegramSettings) -> None:
        answer_s = settings.answer_s
        times = Times(silence_s=answer_s, whole_s=2 * answer_s)
        super().__init__(settings.base_url, times=times)
        self._token = settings.token.strip()

    @contextlib.asynccontextmanager
    async def _exchange(
        self, method: str, url: str, times: Times, headers: Mapping[str, str] | None, **more: Any
    ) -> AsyncIterator[httpx.Response]:
        target = {"target": self._target(url)}
        async with super()._exchange(method, url, times, headers, extensions=target, **more) as response:
            yield response

    def _target(self, url: str) -> bytes:
        if not TOKEN.fullmatch(self._token):
            raise NeedsHuman(ODD_TOKEN, BAD_TOKEN_STEPS)
        _, _, under = self.base_url.partition("://")[2].rstrip("/").partition("/")
        bot = f"bot{self._token}"
        parts = ["file", bot, url.removeprefix("file/")] if url.startswith("file/") else [bot, url]
        return "/".join(["", *([quote(under, safe="/%")] if under else []), *parts]).encode()


class Bot:
    """Methods of the Bot API as far as we need them. Errors are the contract's."""

    def __init__(self, settings: TelegramSettings) -> None:
        self.settings = settings
        self.web = BotWeb(settings)

    async def ask(self, method: str, times: Times | None = None, **fields: Any) -> Any:
        """For what may be asked again without harm. Raises NotReady, NeedsHuman."""
        answer = await self.web.ask("POST", method, value=fields, times=times)
        value, refusal = result(answer.json())
        if refusal is None:
            return value
        _must_be_telegram(answer)
        refuse_reading(refusal)

    async def updates(self, offset: int | None, wait_s: int, wanted: tuple[str, ...]) -> list[Any]:
        """What waits, oldest first. To ask from `offset` is to say that all before it is safe."""
        patience_s = wait_s + self.settings.answer_s
        times = Times(silence_s=patience_s, whole_s=patience_s)
        more = {} if offset is None else {"offset": offset}
        found = await self.ask("getUpdates", times, timeout=wait_s, limit=100, allowed_updates=wanted, **more)
        return found if isinstance(found, list) else []

    async def send(self, call: Call) -> Any:
        """The sent message(s). Raises SendError, NotReady (not sent), NeedsHuman, Migrated, Doubtful."""
        try:
            answer = await self._post(call)
        except Unanswered as error:
            raise Doubtful from error
        value, refusal = result(answer.json())
        if refusal is None:
            return value
        if answer.status >= 500:
            raise Doubtful
        if refusal.new_chat is not None:
            raise Migrated(refusal.new_chat)
        if answer.status == 413:  # from the server before the Bot API, not in its words
            raise SendError(True, "too_big", BIG_UPLOAD)
        _must_be_telegram(answer)
        refuse_sending(refusal)

    async def _post(self, call: Call) -> Answer:
        if not call.files:
            return await self.web.ask("POST", call.method, value=call.fields)
        upload_s = self.settings.upload_s
        times = Times(silence_s=upload_s, whole_s=2 * upload_s)
        with _opened(call.files) as files:
            return await self.web.ask("POST", call.method, data=_form(call.fields), files=files, times=times)

    async def download(self, ref: str, into: Path) -> Answer:
        """Raises SendError when Telegram does not give it, NotReady."""
        answer = await self.web.ask("POST", "getFile", value={"file_id": ref})
        value, refusal = result(answer.json())
        if refusal is not None:
            _must_be_telegram(answer)
            if answer.status >= 500:
                raise NotReady(TROUBLE, code=answer.status)
            refuse_sending(refusal)
        path = text(as_object(value), "file_path")
        if path.startswith("/") or not path:
            raise SendError(True, "local_files", LOCAL_FILES)
        if (whole(as_object(value), "file_size") or 0) > DOWNLOAD_MAX:
            raise SendError(True, "too_big", BIG_DOWNLOAD)
        return await self._fetched(path, into)

    async def _fetched(self, path: str, into: Path) -> Answer:
        upload_s = self.settings.upload_s
        times = Times(silence_s=self.settings.answer_s, whole_s=upload_s)
        answer = await self.web.download(f"file/{quote(path)}", into, most=DOWNLOAD_MAX, times=times)
        if answer.good:
            return answer
        if answer.status == 404:
            raise SendError(True, "no_file", NO_FILE)
        raise NotReady(TROUBLE, code=answer.status)


def _must_be_telegram(answer: Answer) -> None:
    """Whoever answers must speak like the Bot API, or the address is another's."""
    if isinstance(as_object(answer.json()).get("ok"), bool):
        return
    if answer.status >= 500 or answer.status == 429:
        raise NotReady(TROUBLE, code=answer.status)
    raise NeedsHuman(NO_BOT_API, NO_BOT_API_STEPS)


def _form(fields: Mapping[str, Any]) -> dict[str, str]:
    """Fields of a multipart form: text as it is, the rest as JSON."""
    return {k: v if isinstance(v, str) else msgspec.json.encode(v).decode() for k, v in fields.items()}


@contextlib.contextmanager
def _opened(files: Mapping[str, Attachment]) -> Iterator[dict[str, tuple[str, Any, str]]]:
    """As httpx takes them: name, bytes or open file, media type."""
    with contextlib.ExitStack() as stack:
        yield {field: (file.name or field, _content(file, stack), file.media_type) for field, file in files.items()}


def _content(file: Attachment, stack: contextlib.ExitStack) -> bytes | BinaryIO:
    """Raises SendError when it is not there, or is too big after all."""
    if file.content is not None:
        return file.content
    try:
        opened = stack.enter_context(Path(file.path).open("rb"))  # noqa: SIM115 (the stack is the context)
    except OSError as error:
        raise SendError(True, "no_file", GONE, name=file.name) from error
    if os.fstat(opened.fileno()).st_size > FILE_MAX:
        raise SendError(True, "too_big", BIG, name=file.name, most=FILE_MAX // MB)
    return opened


async def quietly(sending: Coroutine[Any, Any, Any]) -> None:
    """For courtesies: a refusal or a doubt changes nothing. Raises NotReady, NeedsHuman, Migrated."""
    try:
        await sending
    except SendError as error:
        log.info("a courtesy was refused: %s", error.code)
    except Doubtful:
        log.info("a courtesy got no answer")
