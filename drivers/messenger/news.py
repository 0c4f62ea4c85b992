"""Everything beside a person's own messages: echoes, edits, presses, reactions, deliveries, reads, referrals."""

from collections.abc import Iterator

from drivers.contract import Inbound, Status
from drivers.messenger import kinds
from drivers.messenger.event import Event
from drivers.meta.reading import Fields, mark, milliseconds, text, whole

OURS = "centralita:"  # before our key in `metadata`, which an echo brings back


def echo(event: Event, message: Fields, mid: str) -> Inbound | Status:
    """Ours come back as news of their sending, found by our key; others were written elsewhere."""
    metadata = text(message, "metadata")
    if metadata.startswith(OURS):
        return Status(state="sent", external_id=mid, key=metadata.removeprefix(OURS), at=event.at)
    return event.inbound(mid, **{"kind": "echo"} | kinds.content(message))


def edit(event: Event, said: Fields) -> Iterator[Inbound]:
    mid, count = text(said, "mid"), whole(said, "num_edit")
    yield event.inbound(f"{mid}-edit-{count}-{mark(said)[:8]}", kind="edit", about=mid, text=text(said, "text"))


def postback(event: Event, said: Fields) -> Iterator[Inbound]:
    """A pressed button, or "Get started". Older versions name no message."""
    found = text(said, "mid") or f"postback-{mark(event.said)}"
    payload = text(said, "payload") or text(said, "referral", "ref")
    yield event.inbound(found, kind="choice", payload=payload, text=text(said, "title"))


def reaction(event: Event, said: Fields) -> Iterator[Inbound]:
    """No text: it was taken back."""
    gone = text(said, "action") == "unreact"
    emoji = text(said, "emoji") or text(said, "reaction")
    mid = text(said, "mid")
    yield event.inbound(f"reaction-{mark(event.said)}", kind="reaction", about=mid, text="" if gone else emoji)


def delivery(event: Event, said: Fields) -> Iterator[Status]:
    """Each message by name where names come, and all up to the watermark."""
    named = said.get("mids")
    for mid in named if isinstance(named, list) else ():
        if isinstance(mid, str) and mid:
            yield Status(state="delivered", external_id=mid, at=event.at)
    until = milliseconds(said, "watermark")
    if until:
        yield Status(state="delivered", address=event.person, until=until, at=event.at)


def read(event: Event, said: Fields) -> Iterator[Status]:
    """Messenger says up to when, Instagram which message."""
    if text(said, "mid"):
        yield Status(state="read", external_id=text(said, "mid"), at=event.at)
    until = milliseconds(said, "watermark")
    if until:
        yield Status(state="read", address=event.person, until=until, at=event.at)


def referral(event: Event, said: Fields) -> Iterator[Inbound]:
    """Somebody came by a link or an advertisement; nothing is written yet."""
    yield event.inbound(
        f"referral-{mark(event.said)}", kind="event", payload=text(said, "ref") or text(said, "ad_id"),
        subject=text(said, "ads_context_data", "ad_title"),
    )  # fmt: skip
