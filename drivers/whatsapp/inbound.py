"""From a webhook's body to what the office understands: every entry, every change, nothing lost, nothing raised.

{"object": "whatsapp_business_account", "entry": [{"id": WABA, "changes": [{"field": F, "value": V}]}]}; a V about a
number says which one in `metadata.phone_number_id`. One app serves several numbers: those of others are passed over.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from drivers.contract import HookReply, Inbound, Party, Status
from drivers.meta.reading import Fields, fields, items, mark, seconds, text
from drivers.whatsapp import events, kinds, people
from drivers.whatsapp.events import CHANNEL
from drivers.whatsapp.statuses import status

News = Inbound | Status
READ_HERE = ("messages", "message_echoes", "statuses", "errors", "calls")


class Reader:
    """Reads webhooks for one number; account news only of its own account, when that is known."""

    def __init__(self, phone_number_id: str, account_id: str = "") -> None:
        self.phone_number_id = phone_number_id
        self.account_id = account_id

    def read(self, body: Any, at: datetime) -> HookReply:
        """`at`: when it came, for what bears no time."""
        news = [each for entry in items(body, "entry") for each in self._entry(entry, at)]
        return HookReply(
            inbounds=tuple(n for n in news if isinstance(n, Inbound)),
            statuses=tuple(n for n in news if isinstance(n, Status)),
        )

    def _entry(self, entry: Fields, at: datetime) -> Iterator[News]:
        for change in items(entry, "changes"):
            value = fields(change, "value")
            number = text(value, "metadata", "phone_number_id")
            if number == self.phone_number_id:
                yield from _change(text(change, "field"), value, entry, at)
            elif not number and self.account_id in ("", text(entry, "id")):
                yield events.other(text(change, "field"), value, entry)


def _change(field: str, value: Fields, entry: Fields, at: datetime) -> Iterator[News]:
    """All that one change holds: it may bring messages, statuses and errors together."""
    number = people.address(text(value, "metadata", "display_phone_number"))
    me = Party(address=number or text(value, "metadata", "phone_number_id"))
    found: list[News] = [each for read in READERS for each in read(value, me)]
    found += _statuses(value, at)
    yield from found
    if not found and not any(name in value for name in READ_HERE):
        yield events.other(field, value, entry)


def _messages(value: Fields, me: Party) -> Iterator[Inbound]:
    known = people.People(value)
    for said in items(value, "messages"):
        yield _inbound(said, _joined(known.sender(said), said), (me,))


def _echoes(value: Fields, me: Party) -> Iterator[Inbound]:
    """What was sent with the phone's own app, beside us."""
    known = people.People(value)
    for said in items(value, "message_echoes"):
        receiver = known.receiver(said)
        yield _inbound(said, me, (receiver,) if receiver else (), kind="echo")


def _inbound(said: Fields, sender: Party | None, to: tuple[Party, ...], kind: str = "message") -> Inbound:
    read: kinds.Read = {"kind": kind, **_context(said)} | kinds.content(said)
    return Inbound(
        external_id=text(said, "id") or f"message-{mark(said)}", channel=CHANNEL, sender=sender, to=to,
        conversation=text(said, "group_id"), sent_at=seconds(said, "timestamp"), raw=said, **read,
    )  # fmt: skip


def _context(said: Fields) -> dict[str, str]:
    """What it answers, and the advertisement that it came from: headline and id."""
    found = {"reply_to": text(said, "context", "id"), "subject": text(said, "referral", "headline"),
             "payload": text(said, "referral", "source_id")}  # fmt: skip
    return {name: value for name, value in found.items() if value}


def _joined(sender: Party | None, said: Fields) -> Party | None:
    """A system message names the new number or id: the person is there now, and was known by the old ones."""
    system = fields(said, "system")
    if not system or sender is None:
        return sender
    old = (sender.address, *sender.also)
    return people.party(text(system, "wa_id"), text(system, "user_id"), *old, name=sender.name) or sender


def _statuses(value: Fields, at: datetime) -> Iterator[News]:
    for said in items(value, "statuses"):
        yield status(said, at) or events.other("status", said, {})


READERS: tuple[Callable[[Fields, Party], Iterator[Inbound]], ...] = (
    _messages, _echoes, events.calls, events.preferences, events.changed_ids, events.errors,
)  # fmt: skip
