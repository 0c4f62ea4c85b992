"""The shelf of backups: data/backups, each copy with its story (a JSON file) beside it."""

import contextlib
import fcntl
import os
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path

import msgspec

from app.frame.i18n import _
from app.frame.refused import NotFound
from app.frame.settings import Settings
from app.system import turns

FOLDER = "backups"
LOCK = ".lock"
PART = ".part"


class Backup(msgspec.Struct, frozen=True, kw_only=True):
    """The story of one backup. `problem` is empty when the copy was opened and found whole."""

    name: str
    why: str
    at: datetime
    seconds: float
    bytes: int
    sha256: str
    version: str
    revision: str
    dialect: str = "sqlite"
    rows: dict[str, int] = {}
    problem: str = ""
    confirmed_at: datetime | None = None

    @property
    def good(self) -> bool:
        return not self.problem

    @property
    def fresh_at(self) -> datetime:
        """Until when it is known to hold everything: a later look found nothing changed."""
        return self.confirmed_at or self.at

    @property
    def total_rows(self) -> int:
        return sum(self.rows.values())


def folder(settings: Settings) -> Path:
    """Where backups are kept; made on first use, for the owner's eyes only."""
    path = settings.data / FOLDER
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def story_of(path: Path) -> Path:
    return path.with_suffix(".json")


@contextlib.contextmanager
def writing(settings: Settings) -> Iterator[Path]:
    """One backup at a time, whoever asks; the next one waits."""
    path = folder(settings)
    with turns.held(path / LOCK, fcntl.LOCK_EX):
        yield path


def is_writing(settings: Settings) -> bool:
    return turns.is_taken(settings.data / FOLDER / LOCK)


def put_story(path: Path, backup: Backup) -> None:
    """Write the story beside a backup, all of it or nothing."""
    put_file(story_of(path), msgspec.json.format(msgspec.json.encode(backup)))


def put_file(path: Path, body: bytes) -> None:
    """Replace a small file at once and for good."""
    part = path.with_name(path.name + PART)
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    sync_folder(path.parent)


def sync_folder(path: Path) -> None:
    """Make a rename in this folder survive a power cut."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def listed(settings: Settings) -> list[Backup]:
    """Backups that are really there, newest first."""
    path = settings.data / FOLDER
    found = (_read(story) for story in path.glob("*.json")) if path.is_dir() else ()
    there = [b for b in found if b is not None and (path / b.name).is_file()]
    return sorted(there, key=lambda b: b.at, reverse=True)


def _read(story: Path) -> Backup | None:
    try:
        return msgspec.json.decode(story.read_bytes(), type=Backup)
    except (FileNotFoundError, msgspec.ValidationError):
        return None  # removed meanwhile, or another file of ours


def newest_good(backups: Iterable[Backup]) -> Backup | None:
    return max((b for b in backups if b.good), key=lambda b: b.fresh_at, default=None)


def find(settings: Settings, name: str) -> Backup:
    """The backup of that name. Raises NotFound; a name is never taken as a path."""
    for backup in listed(settings):
        if backup.name == name:
            return backup
    raise NotFound(_("Ese respaldo ya no existe."))


def path_of(settings: Settings, backup: Backup) -> Path:
    return settings.data / FOLDER / backup.name


def remove(settings: Settings, backup: Backup) -> None:
    path = path_of(settings, backup)
    path.unlink(missing_ok=True)
    story_of(path).unlink(missing_ok=True)


def prune(settings: Settings, now: datetime) -> list[Backup]:
    """Throw away what is past its days, except the newest good one. Returns what went."""
    backups = listed(settings)
    limit = now - timedelta(days=settings.backup_keep_days)
    keep = newest_good(backups)
    old = [b for b in backups if b.fresh_at < limit and b is not keep]
    for backup in old:
        remove(settings, backup)
    return old


def thin(settings: Settings, free_bytes: int, needed_bytes: int, now: datetime) -> list[Backup]:
    """The disk is short: of the days before yesterday keep the newest good one a day, oldest days first."""
    kept_days: set[object] = set()
    spare: list[Backup] = []
    for backup in listed(settings):
        day = backup.at.date()
        if backup.at > now - timedelta(days=1) or (backup.good and day not in kept_days):
            kept_days |= {day} if backup.good else set()
            continue
        spare.append(backup)
    gone = []
    while spare and free_bytes < needed_bytes:
        backup = spare.pop()
        free_bytes += backup.bytes
        remove(settings, backup)
        gone.append(backup)
    return gone


def sweep(path: Path) -> None:
    """Remove what a crash left half done. Call it while holding `writing`."""
    for part in path.glob(f"*{PART}*"):
        part.unlink(missing_ok=True)
    for story in path.glob("????????T*.json"):
        if not any((path / story.stem).with_suffix(end).exists() for end in (".db", ".dump")):
            story.unlink(missing_ok=True)
