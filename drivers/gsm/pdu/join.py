"""Parts that come become messages: in any order, twice, or never all of them. No clock: the caller says the time."""

import hashlib
from datetime import datetime, timedelta

import msgspec

from drivers.gsm.pdu.message import Deliver
from drivers.gsm.pdu.split import Body, decoded, text_of

GROUPS = 200  # waiting at once; the oldest is given incomplete when there are more
REMEMBER = timedelta(hours=24)  # how long a part that comes late or again is still known
GAP = "[…]"


class Whole(msgspec.Struct, frozen=True, kw_only=True):
    """A message as people read it. `missing`: numbers of parts that never came. `mends`: id of what it completes."""

    id: str
    sender: str
    text: str
    at: datetime | None = None
    total: int = 1
    missing: tuple[int, ...] = ()
    mends: str = ""
    ports: tuple[int, int] | None = None
    data: bytes = b""  # only with ports: not for a person
    kind: int | None = None
    pid: int = 0


class Group(msgspec.Struct, kw_only=True):
    """Parts under one reference of one sender. `given`: id under which it was already handed over."""

    since: datetime
    pieces: dict[int, Deliver] = {}
    given: str = ""
    done: bool = False


class Joiner:
    """Parts wait here for each other, at most `wait`."""

    def __init__(self, wait: timedelta) -> None:
        self.wait = wait
        self.groups: dict[str, Group] = {}

    def add(self, part: Deliver, at: datetime) -> list[Whole]:
        """What this part makes whole; [] while others are missing, or when it is known already."""
        header = part.body.header
        if header.total < 2:
            return [whole({1: part}, 1)]
        key = f"{part.sender} {header.ref} {header.total} {header.wide:d}"
        group = self.groups.get(key)
        before = self._displaced(key, group, part)
        if before is not None:
            group = None
        if group is None:
            group = self.groups[key] = Group(since=at)
        return (before or []) + self._grow(group, part)

    def _displaced(self, key: str, group: Group | None, part: Deliver) -> list[Whole] | None:
        """The reference came back for another message: the older one is given as it is. None when it did not."""
        if group is None:
            return None
        there = group.pieces.get(part.body.header.seq)
        if there is None or (there.body.data, there.body.alphabet) == (part.body.data, part.body.alphabet):
            return None
        del self.groups[key]
        return [] if group.done or group.given else [_partial(group)]

    def _grow(self, group: Group, part: Deliver) -> list[Whole]:
        header = part.body.header
        if group.done or header.seq in group.pieces:
            return []
        group.pieces[header.seq] = part
        if len(group.pieces) < header.total:
            return self._crowded()
        group.done = True
        return [whole(group.pieces, header.total, mends=group.given)]

    def _crowded(self) -> list[Whole]:
        waiting = [group for group in self.groups.values() if not group.done and not group.given]
        return [self._give(waiting[0])] if len(waiting) > GROUPS else []

    def _give(self, group: Group) -> Whole:
        partial = _partial(group)
        group.given = partial.id
        return partial

    def expire(self, at: datetime) -> list[Whole]:
        """Messages that waited too long, as far as they came. Forgets what nobody will ask for again."""
        self.groups = {key: group for key, group in self.groups.items() if at - group.since < self.wait + REMEMBER}
        late = [g for g in self.groups.values() if not g.done and not g.given and at - g.since >= self.wait]
        return [self._give(group) for group in late]

    def next_expiry(self) -> datetime | None:
        waiting = [group.since + self.wait for group in self.groups.values() if not group.done and not group.given]
        return min(waiting, default=None)

    def dump(self) -> bytes:
        return msgspec.json.encode(self.groups)

    def load(self, dumped: bytes | None) -> None:
        """Raises msgspec.DecodeError when it is not what `dump` wrote."""
        self.groups = msgspec.json.decode(dumped, type=dict[str, Group]) if dumped else {}


def whole(pieces: dict[int, Deliver], total: int, mends: str = "") -> Whole:
    first = pieces[min(pieces)]
    header = first.body.header
    bodies = [pieces[seq].body for seq in sorted(pieces)]
    return Whole(
        id=_id(pieces, total), sender=first.sender, at=first.at, total=total, mends=mends, ports=header.ports,
        text="" if header.ports else text_of(bodies), kind=first.kind, pid=first.pid,
        data=b"".join(body.data for body in bodies) if header.ports else b"",
    )  # fmt: skip


def _partial(group: Group) -> Whole:
    """With a mark where parts are missing."""
    first = group.pieces[min(group.pieces)]
    total = first.body.header.total
    missing = tuple(seq for seq in range(1, total + 1) if seq not in group.pieces)
    shown = [_text(group.pieces[seq].body) if seq in group.pieces else GAP for seq in range(1, total + 1)]
    text = "" if first.body.header.ports else "".join(shown)
    return msgspec.structs.replace(whole(group.pieces, total), text=text, missing=missing)


def _text(body: Body) -> str:
    return decoded(body.alphabet, body.data, body.header.language)


def _id(pieces: dict[int, Deliver], total: int) -> str:
    """The same for each reading of the same message; the centre's stamp tells two alike apart, to the second."""
    first = pieces[min(pieces)]
    told = hashlib.sha256(f"{first.sender}|{first.at}|{total}|{first.body.header.ref}".encode())
    for seq in sorted(pieces):
        told.update(f"|{seq}|{pieces[seq].body.alphabet}|".encode() + pieces[seq].body.data)
    return "sms-" + told.hexdigest()[:24]
