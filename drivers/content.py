"""What is carried: messages, files, calls. Read it together with drivers/contract.py, which hands all of it on."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

INBOUND_KINDS = Literal["message", "edit", "delete", "reaction", "echo", "choice", "call", "ussd", "event"]


class Party(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Somebody on a channel. A WhatsApp person may have a user id and no number; `also` joins what is known."""

    address: str  # E.164, e-mail, chat id, page-scoped id...
    name: str = ""
    also: tuple[str, ...] = ()


class Attachment(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file. `content` or `path` when it is here, `ref` when `Driver.fetch` can still bring it."""

    media_type: str = "application/octet-stream"
    name: str = ""
    content: bytes | None = None
    path: str = ""
    ref: str = ""
    size: int | None = None
    inline_id: str = ""  # Content-ID of a picture inside HTML
    caption: str = ""
    voice: bool = False


class Location(Struct, frozen=True, kw_only=True, omit_defaults=True):
    latitude: float
    longitude: float
    name: str = ""
    address: str = ""


class Card(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contact that somebody shared."""

    name: str
    phones: tuple[str, ...] = ()
    emails: tuple[str, ...] = ()


class CallStory(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One call as people know it, whatever number of legs the exchange made of it."""

    direction: Literal["in", "out", "internal"]
    state: Literal["ringing", "answered", "ended"]
    other: str = ""
    extension: str = ""
    outcome: str = ""  # answered, busy, no_answer, rejected, cancelled, failed
    started_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    recording: Attachment | None = None


class Inbound(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something that arrived. `external_id` is unique per device: what makes a replay harmless."""

    external_id: str
    channel: str  # one of the driver's `carries`
    kind: INBOUND_KINDS = "message"
    sender: Party | None = None
    to: tuple[Party, ...] = ()
    copies: tuple[Party, ...] = ()
    conversation: str = ""  # the provider's chat or thread, when it has one
    sent_at: datetime | None = None  # what the provider says
    subject: str = ""
    text: str = ""
    html: str = ""  # already sanitised
    attachments: tuple[Attachment, ...] = ()
    location: Location | None = None
    cards: tuple[Card, ...] = ()
    about: str = ""  # external id that an edit, delete, reaction or choice speaks of
    reply_to: str = ""
    references: tuple[str, ...] = ()
    payload: str = ""  # what a pressed button or a chosen row carries
    call: CallStory | None = None
    automatic: bool = False  # auto-reply, bounce, notice: never answer it by machine
    note: str = ""  # what we could not read, in words
    raw: Any = None  # the provider's own object, for diagnosis and replay


class Choice(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A button or a row of a list."""

    payload: str
    title: str
    description: str = ""
    section: str = ""


class Template(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A message that the provider approved beforehand; values by place, per part."""

    name: str
    language: str
    body: tuple[str, ...] = ()
    header: tuple[str, ...] = ()
    header_media: Attachment | None = None
    buttons: Mapping[str, str] = field(default_factory=dict)  # index of the button -> value


class Outbound(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something to send. `key` is ours, the same at each try: the provider's idempotency key where it takes one."""

    key: str
    channel: str
    to: str
    cc: tuple[str, ...] = ()
    bcc: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""
    html: str = ""
    attachments: tuple[Attachment, ...] = ()
    choices: tuple[Choice, ...] = ()
    template: Template | None = None
    location: Location | None = None
    cards: tuple[Card, ...] = ()
    reaction: str | None = None  # to `reply_to`; "" takes it back
    reply_to: str = ""
    references: tuple[str, ...] = ()
    expires_at: datetime | None = None
    options: Mapping[str, str] = field(default_factory=dict)  # what one driver alone knows, named in its README


class Limit(Struct, frozen=True, kw_only=True):
    """How much of one kind of content fits: text, caption, image, audio, video, document, choices..."""

    chars: int | None = None
    bytes: int | None = None
    count: int | None = None
    types: tuple[str, ...] = ()
