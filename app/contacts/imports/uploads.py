"""Files that people upload to be imported: kept on disk under the data folder until nobody needs them."""

import hashlib
import re
import secrets
import shutil
from datetime import timedelta
from pathlib import Path
from tempfile import SpooledTemporaryFile
from typing import IO

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.imports.models import Import
from app.contacts.imports.service import UNDO_DAYS, get_import
from app.frame import audit
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Conflict, Refused
from app.frame.settings import Settings

FOLDER = "uploads"
DRAFTS_KEPT = timedelta(days=7)
STEP_BYTES = 1 << 20


def plain_name(given: str | None) -> str:
    """The name alone, without a path or control characters, as people know the file."""
    name = re.sub(r"[\x00-\x1f\x7f]", "", (given or "").replace("\\", "/").rpartition("/")[2]).strip()
    return name[-255:] or _("archivo")


def keep(settings: Settings, source: IO[bytes] | SpooledTemporaryFile[bytes]) -> tuple[Path, int]:
    """Copy an upload to its place, some at a time; its size in bytes. Blocks: call it off the loop.

    Raises Refused for an empty file and one over the office's limit.
    """
    folder = settings.data / FOLDER
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / secrets.token_hex(16)
    source.seek(0)
    with path.open("xb") as target:
        path.chmod(0o600)
        shutil.copyfileobj(source, target, STEP_BYTES)
        size_bytes = target.tell()
    try:
        refuse_size(settings, size_bytes)
    except Refused:
        path.unlink()
        raise
    return path, size_bytes


def digest(path: Path) -> bytes:
    """Of the file's bytes. Blocks."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def refuse_size(settings: Settings, size_bytes: int) -> None:
    """Raises Refused (413 when it is too big)."""
    if not size_bytes:
        raise Refused(_("El archivo no tiene datos."), "file")
    if size_bytes > settings.upload_max_mb * 2**20:
        sentence = _("El archivo pesa más de %(limit)s MB. Divídalo en partes.", limit=settings.upload_max_mb)
        raise Refused(sentence, "file", status=413)


async def choose_sheet(db: AsyncSession, import_id: int, sheet: str, header_row: int | None) -> Import:
    """Another sheet, or another row of titles: what was settled about columns does not hold any more."""
    found = await get_import(db, import_id)
    if found.state != "draft":
        raise Conflict(_("La importación ya empezó."))
    found.sheet, found.header_row, found.mapping, found.shape = sheet, header_row, {}, ""
    return found


async def discard(db: AsyncSession, import_id: int) -> str:
    """Forget a draft; the path of its file, for the caller to delete."""
    found = await get_import(db, import_id)
    if found.state != "draft":
        raise Conflict(_("La importación ya empezó."))
    audit.record(db, "contacts.import_discarded", "import", found.id, before={"file": found.filename})
    await db.delete(found)
    return found.path


async def running_imports(db: AsyncSession) -> list[Import]:
    """For the strip above the list, when this person may import."""
    if not actor_of(db).may("contacts.import"):
        return []
    return list(await db.scalars(select(Import).where(Import.state.in_(("queued", "running"))).limit(5)))


async def forget_uploads(db: AsyncSession) -> list[str]:
    """Paths of files whose import is long over, never began, or held somebody who asked to be forgotten; the caller
    deletes them."""
    found = [one for one in await db.scalars(select(Import).where(Import.path != "")) if _is_over(one)]
    paths = [one.path for one in found]
    for one in found:
        one.path = ""
        if one.state == "draft":
            await db.delete(one)
    return paths


def _is_over(found: Import) -> bool:
    if found.state == "draft":
        return found.created_at <= now_utc() - DRAFTS_KEPT
    long_ago = now_utc() - timedelta(days=UNDO_DAYS)
    return "forget_file" in found.options or bool(found.finished_at and found.finished_at <= long_ago)
