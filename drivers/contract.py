"""What a driver is: the one door between Centralita and everything that touches the world.

Only the standard library and msgspec. What is carried (messages, files, calls) is in drivers/content.py.
Take all of it from here.
Sentences are Spanish (usted) with `%(name)s` places; the office translates the msgid, then fills the places.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ClassVar, Generic, Literal, Protocol, TypeVar

from msgspec import Meta, Struct, field, inspect

from drivers.content import (
    INBOUND_KINDS,
    Attachment,
    CallStory,
    Card,
    Choice,
    Inbound,
    Limit,
    Location,
    Outbound,
    Party,
    Template,
)

__all__ = [
    "INBOUND_KINDS", "N_", "STATES", "Action", "Attachment", "CallStory", "Card", "Choice", "Driver", "Field",
    "HookReply", "HookRequest", "Inbound", "Limit", "Location", "NeedsHuman", "NotReady", "Outbound", "Party",
    "Probe", "Receipt", "SendError", "Settings", "Sink", "Status", "Template", "Trouble", "fields", "now", "setting",
]

STATES = Literal["accepted", "sent", "delivered", "read", "failed"]


def N_(text: str) -> str:
    """Mark a text that people will read, so that its translation is asked for. Translated when it is shown."""
    return text


def now() -> datetime:
    """The current instant, aware UTC."""
    return datetime.now(UTC)


def setting(
    label: str, *, help: str = "", secret: bool = False, example: str = "", advanced: bool = False, lines: bool = False,
    choices: Mapping[str, str] | None = None, ge: float | None = None, le: float | None = None,
) -> Meta:
    """Mark of a settings field: `port: Annotated[str, setting(N_("Puerto"))] = ""`. Secrets are kept in the vault."""
    extra = {"secret": secret, "advanced": advanced, "lines": lines, "choices": dict(choices or {})}
    return Meta(title=label, description=help, examples=[example] if example else None, extra=extra, ge=ge, le=le)


class Settings(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A driver's settings or an action's arguments: str, int, float, bool or Literal of strings, each marked."""


class Field(Struct, frozen=True, kw_only=True):
    """One input of a form, drawn from a settings Struct. `kind`: text, lines, secret, number, flag, choice."""

    name: str
    label: str
    kind: str
    help: str = ""
    example: str = ""
    required: bool = False
    advanced: bool = False
    default: Any = None
    choices: Mapping[str, str] = field(default_factory=dict)  # value -> label
    ge: float | None = None
    le: float | None = None

    @property
    def secret(self) -> bool:
        return self.kind == "secret"


def fields(settings: type[Struct]) -> tuple[Field, ...]:
    """The form of a settings Struct, in its order."""
    info = inspect.type_info(settings)
    assert isinstance(info, inspect.StructType)
    return tuple(_field(each) for each in info.fields)


def _field(given: inspect.Field) -> Field:
    marked = given.type if isinstance(given.type, inspect.Metadata) else inspect.Metadata(given.type)
    said, extra, kind = marked.extra_json_schema or {}, marked.extra or {}, marked.type
    labels = extra.get("choices", {})
    choices = {str(v): labels.get(v, str(v)) for v in kind.values} if isinstance(kind, inspect.LiteralType) else {}
    return Field(
        name=given.name, kind=_kind(kind, extra), label=said.get("title", given.name), help=said.get("description", ""),
        example=next(iter(said.get("examples", ())), ""), advanced=extra.get("advanced", False), choices=choices,
        required=given.required, default=None if given.required else given.default,
        ge=getattr(kind, "ge", None), le=getattr(kind, "le", None),
    )


def _kind(kind: inspect.Type, extra: Mapping[str, Any]) -> str:
    if isinstance(kind, inspect.LiteralType):
        return "choice"
    if isinstance(kind, inspect.BoolType):
        return "flag"
    if isinstance(kind, inspect.IntType | inspect.FloatType):
        return "number"
    return "secret" if extra.get("secret") else "lines" if extra.get("lines") else "text"


class Receipt(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the world said. `doubtful`: it may have left; a person decides, it is never sent again by itself."""

    external_id: str
    state: Literal["accepted", "sent", "doubtful"] = "sent"
    also: tuple[str, ...] = ()  # ids of further parts
    parts: int = 1
    at: datetime = field(default_factory=now)
    note: str = ""


class Status(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """News about something sent: by `external_id`, our `key`, or a watermark (all that `address` got up to `until`)."""

    state: STATES
    external_id: str = ""
    key: str = ""
    address: str = ""
    until: datetime | None = None
    at: datetime = field(default_factory=now)
    code: str = ""
    sentence: str = ""
    price: str = ""  # decimal and currency as the provider wrote them: "0.0085 USD"
    final: bool = True  # of a failure: False while the network still tries


class HookRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A webhook exactly as it came: raw body, header names in lower case. `received_at` is "now" for age checks."""

    method: str
    path: str = ""
    query: tuple[tuple[str, str], ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    url: str = ""
    received_at: datetime = field(default_factory=now)


class HookReply(Struct, frozen=True, kw_only=True):
    """What to answer and what was in it. A 2xx goes out only after all in it is stored; others store nothing."""

    status: int = 200
    body: str = ""
    media_type: str = "text/plain"
    inbounds: tuple[Inbound, ...] = ()
    statuses: tuple[Status, ...] = ()


class Trouble(Exception):
    """A failure with a sentence for people; `facts` fill its %(name)s places."""

    def __init__(self, sentence: str, /, **facts: Any) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.facts = facts

    def __str__(self) -> str:
        return self.sentence % self.facts if self.facts else self.sentence


class NotReady(Trouble):
    """The world is not there now; the supervisor tries again by itself (not sooner than `after_s`)."""

    def __init__(self, sentence: str, /, *, after_s: float | None = None, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.after_s = after_s


class NeedsHuman(Trouble):
    """Trying again would not help (SIM PIN, expired token): stop and ask. `what_to_do`: one step per line."""

    def __init__(self, sentence: str, /, what_to_do: str, **facts: Any) -> None:
        super().__init__(sentence, **facts)
        self.what_to_do = what_to_do


class SendError(Trouble):
    """It was not sent, for certain. Permanent: never try this one again. Else again, not sooner than `after_s`."""

    def __init__(
        self, permanent: bool, code: str, sentence: str, /, *, after_s: float | None = None, **facts: Any
    ) -> None:
        super().__init__(sentence, **facts)
        self.permanent = permanent
        self.code = code
        self.after_s = after_s


class Probe(Struct, frozen=True, kw_only=True):
    """"Test connection": says what is wrong and what to do; `facts` (redacted) prove what answered."""

    ok: bool
    sentence: str
    what_to_do: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Sink(Protocol):
    """Where a driver leaves what it brought. Errors here are the office's: let them out of `run`."""

    async def received(self, inbound: Inbound) -> None:
        """Returns only when it is stored; only then acknowledge, mark or delete at the source. Replays are absorbed."""

    async def status(self, status: Status) -> None:
        """The same, for news about what was sent."""

    def ready(self, identity: str = "", note: str = "") -> None:
        """The line works. `identity` is what the hardware says (IMEI, number id); call again when `note` changes."""

    async def recall(self, name: str) -> bytes | None:
        """What `remember` kept: mail UID marks, cookies. Sealed at rest, per device."""

    async def remember(self, name: str, value: bytes) -> None: ...


class Action(Struct, frozen=True, kw_only=True):
    """Base of what a driver can do beyond sending: its class attribute `does` names them (dial, ussd, mark_read...)."""


S = TypeVar("S", bound=Settings)


class Driver(ABC, Generic[S]):
    """One line to the world, made from its settings. `send` may be called while `run` lives."""

    kind: ClassVar[str]
    title: ClassVar[str]
    icon: ClassVar[str] = "plug"
    Settings: ClassVar[type[Settings]]
    carries: ClassVar[frozenset[str]] = frozenset()
    limits: ClassVar[Mapping[str, Mapping[str, Limit]]] = {}  # channel -> kind of content -> limit
    does: ClassVar[Mapping[str, type[Action]]] = {}
    hooked: ClassVar[bool] = False  # has webhooks
    idempotent: bool = False  # takes our key, so that sending twice is sending once

    def __init__(self, settings: S) -> None:
        self.settings = settings

    @abstractmethod
    async def run(self, sink: Sink) -> None:
        """Call `sink.ready()` once it works; raise NotReady, NeedsHuman or anything else when the world breaks."""

    async def send(self, outbound: Outbound) -> Receipt:
        """Raises SendError (not sent), NotReady (try later), NeedsHuman. Doubt is a Receipt, never an exception."""
        raise SendError(True, "unsupported", N_("Esta conexión no envía mensajes."))

    def hook(self, request: HookRequest) -> HookReply:
        """Verify and parse; pure: no network, no clock but request.received_at. A bad signature answers 401 or 403."""
        return HookReply(status=404)

    async def fetch(self, attachment: Attachment, into: Path) -> Attachment:
        """Bring the file behind `attachment.ref` to `into`; returns it with path, size and media type."""
        raise SendError(True, "unsupported", N_("Esta conexión no guarda archivos."))

    async def do(self, action: Action) -> Any:
        """One of `does`. Answers something that msgspec can encode."""
        raise SendError(True, "unsupported", N_("Esta conexión no sabe hacer eso."))

    async def describe(self) -> Mapping[str, str]:
        """Diagnostics by Spanish label, already redacted: no secret, no message body, no whole phone number."""
        return {}

    @abstractmethod
    async def probe(self) -> Probe:
        """Ends within seconds; works whether `run` is running or not; never raises for what the world does."""
