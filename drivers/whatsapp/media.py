"""Files come as ids. An id gives an address that lives five minutes, and only with the token."""

import asyncio
import hashlib
import re
from pathlib import Path

from msgspec import structs

from drivers.contract import N_, Attachment, NotReady, SendError
from drivers.http import Answer
from drivers.meta.faults import Fault, Refused, read_fault, trouble
from drivers.meta.graph import Graph
from drivers.meta.reading import Fields, text, whole
from drivers.whatsapp.errors import RULES
from drivers.whatsapp.limits import LIMITS

GONE = N_("El archivo ya no está en WhatsApp: se guarda unos días. Pida que lo envíen de nuevo.")
DAMAGED = N_("El archivo llegó dañado. Se intentará de nuevo.")
NO_REF = N_("Este adjunto no tiene archivo en WhatsApp.")
MEDIA_ID = re.compile(r"[A-Za-z0-9_-]{1,100}")  # nothing else may become part of an address
EXPIRED = (401, 403, 404, 410)
LARGEST = LIMITS["document"].bytes or 0


class Media:
    """The files of one number."""

    def __init__(self, graph: Graph, phone_number_id: str) -> None:
        self.graph = graph
        self.phone_number_id = phone_number_id

    async def upload(self, file: Attachment) -> str:
        """The file's id. Nothing is sent to anybody by this; raises Refused, NotReady, SendError."""
        words = {"messaging_product": "whatsapp", "type": file.media_type}
        said = await self.graph.upload(f"{self.phone_number_id}/media", words, file, "file")
        if not text(said, "id"):
            raise Refused(Fault(status=502))
        return text(said, "id")

    async def fetch(self, file: Attachment, into: Path) -> Attachment:
        """Raises SendError when the file is gone, NotReady when it should be tried again."""
        if not MEDIA_ID.fullmatch(file.ref):
            raise SendError(True, "no_ref", NO_REF)
        try:
            said, answer = await self._fetch_fresh(file.ref, into)
        except Refused as error:
            raise _gone(error.fault) or trouble(error.fault, RULES) from error
        await _check(into, text(said, "sha256"))
        media_type = text(said, "mime_type").partition(";")[0] or file.media_type
        return structs.replace(file, path=str(into), size=answer.size, media_type=media_type)

    async def _fetch_fresh(self, ref: str, into: Path) -> tuple[Fields, Answer]:
        """An address that expired meanwhile is asked for once more. Raises Refused."""
        for last in (False, True):
            said = await self.graph.get(ref, phone_number_id=self.phone_number_id)
            most = min(LARGEST, max(whole(said, "file_size"), 1024 * 1024) * 2)
            answer = await self.graph.download(text(said, "url"), into, most=most, with_token=True)
            if answer.good:
                return said, answer
            if last or answer.status not in EXPIRED:
                break
        raise Refused(read_fault(answer))


def _gone(fault: Fault) -> SendError | None:
    """Here, unlike when sending, an unknown id is a file that was deleted."""
    known = fault.code == 100 or fault.subcode == 33 or (not fault.said and fault.status in (404, 410))
    return SendError(True, "gone", GONE) if known else None


async def _check(path: Path, wanted: str) -> None:
    """`wanted`: SHA-256 in hex, as Meta says it beside the address; "" or another form is not compared."""
    if len(wanted) == 64 and not await asyncio.to_thread(_is_whole, path, wanted.lower()):
        raise NotReady(DAMAGED)


def _is_whole(path: Path, wanted: str) -> bool:
    """What is not whole does not stay."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if found != wanted:
        path.unlink()
    return found == wanted
