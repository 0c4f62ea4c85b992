"""What the Cloud API takes, as strict Structs of our own, after Meta's reference of POST /{phone-number-id}/messages.

Unknown fields, wrong types and a wrong number of buttons or rows are refused: stricter than the live service.
"""

import re
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Short = Annotated[str, Meta(min_length=1, max_length=20)]
Row = Annotated[str, Meta(min_length=1, max_length=24)]
Line = Annotated[str, Meta(min_length=1, max_length=60)]
Body = Annotated[str, Meta(min_length=1, max_length=1024)]
NUMBER = re.compile(r"\+[1-9][0-9]{6,14}")
Index = Annotated[str, Meta(pattern=r"^[0-9]$")]


class Strict(Struct, forbid_unknown_fields=True, kw_only=True):
    pass


class Context(Strict):
    message_id: str


class Message(Strict):
    messaging_product: Literal["whatsapp"]
    recipient_type: Literal["individual", "group"]
    to: str = ""
    recipient: Annotated[str, Meta(pattern=r"^[A-Z]{2}\.(ENT\.)?[A-Za-z0-9]+$")] = ""
    context: Context | None = None
    biz_opaque_callback_data: Annotated[str, Meta(min_length=1, max_length=512)] | None = None

    def __post_init__(self) -> None:
        if bool(self.to) == bool(self.recipient):
            raise ValueError("a message goes to a number or a group, or to a user id")
        number = self.to and self.recipient_type == "individual"
        if number and not NUMBER.fullmatch(self.to):
            raise ValueError("a number without its plus: Meta would guess the country")


class Text(Strict):
    body: Annotated[str, Meta(min_length=1, max_length=4096)]
    preview_url: bool = False


class Media(Strict):
    """Exactly one of `id` and `link`."""

    id: str = ""
    link: Annotated[str, Meta(pattern=r"^https?://")] | None = None

    def __post_init__(self) -> None:
        if bool(self.id) == bool(self.link):
            raise ValueError("a file is named by its id or by its link, not by both and not by none")


class Captioned(Media):
    caption: Body | None = None


class Document(Captioned):
    filename: str = ""


class Audio(Media):
    voice: bool = False


class Place(Strict):
    latitude: Annotated[str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9]+)?$")]
    longitude: Annotated[str, Meta(pattern=r"^-?[0-9]{1,3}(\.[0-9]+)?$")]
    name: str = ""
    address: str = ""


class Reaction(Strict):
    message_id: str
    emoji: str


class CardName(Strict):
    formatted_name: Annotated[str, Meta(min_length=1)]
    first_name: str = ""
    last_name: str = ""


class CardPhone(Strict):
    phone: str
    type: Literal["HOME", "WORK", "CELL"] | None = None


class CardEmail(Strict):
    email: str
    type: Literal["HOME", "WORK"] | None = None


class Card(Strict):
    name: CardName
    phones: list[CardPhone] = []
    emails: list[CardEmail] = []


class Words(Strict):
    text: Body


class Foot(Strict):
    text: Line


class Head(Strict):
    type: Literal["text", "image", "video", "document"]
    text: Line | None = None
    image: Media | None = None
    video: Media | None = None
    document: Document | None = None


class Button(Strict):
    class Reply(Strict):
        id: Annotated[str, Meta(min_length=1, max_length=256)]
        title: Short

    type: Literal["reply"]
    reply: Reply


class Section(Strict):
    class Item(Strict):
        id: Annotated[str, Meta(min_length=1, max_length=200)]
        title: Row
        description: Annotated[str, Meta(max_length=72)] = ""

    rows: Annotated[list[Item], Meta(min_length=1, max_length=10)]
    title: Row | None = None


class Buttons(Strict):
    buttons: Annotated[list[Button], Meta(min_length=1, max_length=3)]


class List(Strict):
    button: Short
    sections: Annotated[list[Section], Meta(min_length=1, max_length=10)]


class Interactive(Strict):
    type: Literal["button", "list"]
    body: Words
    action: dict[str, Any]
    header: Head | None = None
    footer: Foot | None = None

    def __post_init__(self) -> None:
        msgspec.convert(self.action, Buttons if self.type == "button" else List)


class Value(Strict):
    type: Literal["text", "image", "video", "document", "payload"]
    text: Annotated[str, Meta(min_length=1)] | None = None
    parameter_name: Annotated[str, Meta(pattern=r"^[a-z0-9_]+$")] | None = None
    payload: str | None = None
    image: Media | None = None
    video: Media | None = None
    document: Document | None = None


class Component(Strict):
    type: Literal["header", "body", "button"]
    parameters: Annotated[list[Value], Meta(min_length=1)]
    sub_type: Literal["quick_reply", "url", "catalog"] | None = None
    index: Index | None = None


class Language(Strict):
    code: Annotated[str, Meta(pattern=r"^[a-z]{2,3}(_[A-Z]{2})?$")]
    policy: Literal["deterministic"] = "deterministic"


class Template(Strict):
    name: Annotated[str, Meta(pattern=r"^[a-z0-9_]+$")]
    language: Language
    components: list[Component] = []


class Typing(Strict):
    type: Literal["text"]


class Read(Strict):
    messaging_product: Literal["whatsapp"]
    status: Literal["read"]
    message_id: str
    typing_indicator: Typing | None = None


CONTENT: dict[str, Any] = {
    "text": Text, "image": Captioned, "video": Captioned, "document": Document, "audio": Audio, "sticker": Media,
    "location": Place, "reaction": Reaction, "interactive": Interactive, "template": Template,
    "contacts": Annotated[list[Card], Meta(min_length=1)],
}  # fmt: skip
KINDS = {
    kind: msgspec.defstruct(
        f"{kind.title()}Message", [("type", Literal[kind]), (kind, content)], bases=(Message,),
        forbid_unknown_fields=True, kw_only=True,
    )
    for kind, content in CONTENT.items()
}


def judge(body: dict[str, Any]) -> None:
    """Raises msgspec.ValidationError for a body that the Cloud API would not take."""
    if "status" in body:
        msgspec.convert(body, Read)
        return
    msgspec.convert(body, KINDS[body["type"]])
