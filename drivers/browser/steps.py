"""What a recipe can say: one Struct for each verb. Names in YAML are these, without a last underscore."""

from typing import Annotated, Any, Literal

from msgspec import Meta, Struct, field

from drivers.browser.values import Kind

Seconds = Annotated[float, Meta(gt=0, le=600)]
Times = Annotated[int, Meta(ge=1, le=1000)]
Nested = tuple[Any, ...]  # of Placed


class Verb(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base. `short`: the field that is meant when a step says just a text."""


class Open(Verb, frozen=True, kw_only=True):
    """An address, whole or below the site's, or a named page of the site."""

    url: str = ""
    page: str = ""
    query: dict[str, str] = field(default_factory=dict)


class Type(Verb, frozen=True, kw_only=True):
    """The only step that may use secrets."""

    into: str
    text: str
    clear: bool = True
    enter: bool = False


class Click(Verb, frozen=True, kw_only=True):
    on: str


class Wait(Verb, frozen=True, kw_only=True):
    """Until something is seen, or no longer seen."""

    for_: str = field(name="for")
    gone: bool = False
    seconds: Seconds = 30


class Choose(Verb, frozen=True, kw_only=True):
    """An option of a list by its text or value; `in` may be a field made of divs, which is opened first."""

    in_: str = field(name="in")
    option: str


class Upload(Verb, frozen=True, kw_only=True):
    """One of the files that the office gave, by its name."""

    into: str
    file: str


class Download(Verb, frozen=True, kw_only=True):
    click: str
    as_: str = field(name="as")
    seconds: Seconds = 60


class Read(Verb, frozen=True, kw_only=True):
    from_: str = field(name="from")
    as_: str = field(name="as")
    type: Kind = "text"
    attribute: str = ""


class Table(Verb, frozen=True, kw_only=True):
    """All rows, page after page. `columns`: which ones, and what they hold; all as text when it is left out."""

    from_: str = field(name="from")
    as_: str = field(name="as")
    columns: dict[str, Kind] = field(default_factory=dict)
    next: str = ""
    pages: Times = 50


class ListOf(Verb, frozen=True, kw_only=True):
    """Things that are no table: `take` says where each value is found inside one of `each`."""

    each: str
    take: dict[str, str]
    as_: str = field(name="as")
    types: dict[str, Kind] = field(default_factory=dict)
    next: str = ""
    pages: Times = 50


class Condition(Verb, frozen=True, kw_only=True):
    """All that is said must hold."""

    sees: str = ""
    lacks: str = ""
    page: str = ""
    value: str = ""
    equals: str | None = None


class Assert(Condition, frozen=True, kw_only=True):
    """The run ends with `says` when it does not hold within `seconds`."""

    says: str = ""
    seconds: Seconds = 5


class If(Condition, frozen=True, kw_only=True):
    then: Nested = ()
    else_: Nested = field(default=(), name="else")


class Repeat(Condition, frozen=True, kw_only=True):
    """As long as the condition holds, and never more than `times`."""

    times: Times
    do: Nested


class Frame(Verb, frozen=True, kw_only=True):
    """Steps inside an iframe."""

    in_: str = field(name="in")
    do: Nested


class Window(Verb, frozen=True, kw_only=True):
    """The newest window, the first one, or close this one."""

    to: Literal["new", "first", "close"]


class Alert(Verb, frozen=True, kw_only=True):
    """Answer the box that a page put up; `as` keeps its text."""

    answer: Literal["accept", "dismiss"]
    as_: str = field(default="", name="as")
    text: str = ""


class Screenshot(Verb, frozen=True, kw_only=True):
    name: str


class Ask(Verb, frozen=True, kw_only=True):
    """Stop: a person must act."""

    says: str


VERBS: dict[str, type[Verb]] = {
    "open": Open, "type": Type, "click": Click, "wait": Wait, "choose": Choose, "upload": Upload, "download": Download,
    "read": Read, "table": Table, "list": ListOf, "assert": Assert, "if": If, "repeat": Repeat, "frame": Frame,
    "window": Window, "alert": Alert, "screenshot": Screenshot, "ask": Ask,
}  # fmt: skip
SHORT = {"open": "url", "click": "on", "wait": "for", "assert": "sees", "window": "to", "alert": "answer",
         "screenshot": "name", "ask": "says"}  # fmt: skip
NESTED = ("then", "else", "do")
SELECTORS = frozenset({"into", "on", "for", "in", "click", "from", "next", "each", "sees", "lacks"})
WRITES = frozenset({"click", "type", "choose", "upload", "download", "alert", "window", "frame"})


class Placed(Struct, frozen=True):
    """A step and where it stands: `3`, or `4.then.2`."""

    path: str
    verb: str
    what: Any  # a Verb


class Recipe(Struct, frozen=True, kw_only=True):
    """What to do. `again`: it changes nothing at the site, so it may be begun again when the session runs out."""

    steps: tuple[Placed, ...]
    name: str = ""
    inputs: tuple[str, ...] = ()
    again: bool = False
    decimal: Literal[",", "."] = ","
    dates: str = "%d/%m/%Y"
    max_steps: int = 500
    seconds: float = 120
