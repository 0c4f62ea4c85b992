"""What a mailbox remembers between lives: how far each folder was read, and which Message-IDs were given out."""

import hashlib
from datetime import date

import msgspec
from msgspec import Struct, field

NAME = "mail"
IDS_MAX = 500


class Mark(Struct):
    """Everything up to `uid` is stored. UIDs mean nothing under another `validity` (RFC 3501, 2.3.1.1)."""

    validity: int
    uid: int
    day: date


class Marks(Struct):
    """`ids`: short name of a Message-ID -> whose it is, the oldest first."""

    folders: dict[str, Mark] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def name(self, message_id: str, print_: str) -> str:
        """The external id of a message: its Message-ID, unless another message already went by it.

        Some machines give all their mail one id; without this every one after the first would be taken for a replay.
        """
        short = _short(message_id)
        owner = self.ids.setdefault(short, print_)
        while len(self.ids) > IDS_MAX:
            del self.ids[next(iter(self.ids))]
        return message_id if owner == print_ else f"{message_id}#{print_}"


def fingerprint(*said: str) -> str:
    """Tells two messages apart that carry one id."""
    return hashlib.blake2b("\0".join(said).encode("utf-8", "replace"), digest_size=6).hexdigest()


def _short(message_id: str) -> str:
    return hashlib.blake2b(message_id.encode("utf-8", "replace"), digest_size=8).hexdigest()


def load(kept: bytes | None) -> Marks:
    """From what the office kept; what cannot be read is a beginning."""
    try:
        return msgspec.json.decode(kept, type=Marks) if kept else Marks()
    except (msgspec.DecodeError, UnicodeDecodeError):
        return Marks()


def dump(marks: Marks) -> bytes:
    return msgspec.json.encode(marks)
