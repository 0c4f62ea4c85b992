"""From a webhook's body to what the office understands, for a page and for its Instagram account.

{"object": "page" | "instagram", "entry": [{"id": OWNER, "messaging": [...], "standby": [...], "changes": [...]}]}.
`standby`: another app answers this conversation; it is told, and never to be answered by machine. Entries of other
owners, whom the same app serves, are passed over.
"""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

from msgspec import structs

from drivers.contract import N_, HookReply, Inbound, Party, Status
from drivers.messenger import kinds, news
from drivers.messenger.event import Event
from drivers.meta.reading import Fields, fields, flag, items, mark, milliseconds, text

CHANNELS = {"page": "messenger", "instagram": "instagram"}
PAGE_NEWS = N_("Aviso de Meta sobre la página.")
ENVELOPE = ("sender", "recipient", "timestamp")
SERVICE = (
    "optin", "account_linking", "pass_thread_control", "take_thread_control", "request_thread_control", "app_roles",
    "policy_enforcement", "game_play",
)  # fmt: skip
News = Inbound | Status


class Reader:
    """Reads webhooks for one page, one Instagram account, or both."""

    def __init__(self, page_id: str, instagram_id: str) -> None:
        self.owners = {"messenger": page_id, "instagram": instagram_id}

    def read(self, body: Any, at: datetime) -> HookReply:
        """`at`: when it came, for what bears no time."""
        channel = CHANNELS.get(text(body, "object"), "")
        entries = [e for e in items(body, "entry") if channel and text(e, "id") == self.owners[channel] != ""]
        found = [each for entry in entries for each in _entry(channel, entry, at)]
        return HookReply(
            inbounds=tuple(n for n in found if isinstance(n, Inbound)),
            statuses=tuple(n for n in found if isinstance(n, Status)),
        )


def _entry(channel: str, entry: Fields, at: datetime) -> Iterator[News]:
    owner = text(entry, "id")
    for said in items(entry, "messaging"):
        yield from _event(Event(channel, owner, said, at))
    for said in items(entry, "standby"):
        for each in _event(Event(channel, owner, said, at)):
            yield structs.replace(each, automatic=True) if isinstance(each, Inbound) else each
    for change in items(entry, "changes"):
        yield from _change(channel, owner, change, entry, at)


def _change(channel: str, owner: str, change: Fields, entry: Fields, at: datetime) -> Iterator[News]:
    """Instagram may bring a message as a change; comments, leads and the like stay whole, as events."""
    value = fields(change, "value")
    if "sender" in value and "recipient" in value:
        yield from _event(Event(channel, owner, value, at))
        return
    field = text(change, "field")
    yield Inbound(
        external_id=f"{field or 'change'}-{mark(value, text(entry, 'time'))}"[:180], channel=channel, kind="event",
        to=(Party(address=owner),), subject=PAGE_NEWS, payload=field,
        text=text(value, "message") or text(value, "text"), sent_at=milliseconds(entry, "time"), automatic=True,
        raw=value,
    )  # fmt: skip


def _event(event: Event) -> Iterator[News]:
    """By the first name that says what it is."""
    for name, reader in READERS.items():
        if isinstance(event.said.get(name), dict):
            yield from reader(event, fields(event.said, name))
            return
    name = next((each for each in event.said if each not in ENVELOPE), "")
    note = "" if name in SERVICE else kinds.STRANGE
    yield event.inbound(f"event-{mark(event.said)}", kind="event", payload=name, note=note, automatic=True)


def _message(event: Event, message: Fields) -> Iterator[News]:
    mid = text(message, "mid") or f"message-{mark(event.said)}"
    if flag(message, "is_deleted"):
        yield event.inbound(f"{mid}-deleted", kind="delete", about=mid)
    elif flag(message, "is_echo"):
        yield news.echo(event, message, mid)
    else:
        payload = text(message, "quick_reply", "payload")
        chosen: kinds.Read = {"kind": "choice", "payload": payload} if payload else {}
        yield event.inbound(mid, **kinds.content(message) | chosen)


READERS: dict[str, Callable[[Event, Fields], Iterator[News]]] = {
    "message": _message, "message_edit": news.edit, "postback": news.postback, "reaction": news.reaction,
    "delivery": news.delivery, "read": news.read, "referral": news.referral,
}  # fmt: skip
