"""How much fits into a message of Messenger or Instagram, and the sentence for what does not."""

from collections.abc import Mapping, Sequence

from drivers.contract import N_, Attachment, Choice, Limit, SendError
from drivers.meta import files
from drivers.meta.files import MB

QUICK_REPLIES, BUTTONS, TITLE, PAYLOAD, BUTTON_TEXT = 13, 3, 20, 1000, 640
FILE = Limit(bytes=25 * MB)
LIMITS: Mapping[str, Mapping[str, Limit]] = {
    "messenger": {
        "text": Limit(chars=2000), "image": Limit(bytes=8 * MB), "video": FILE, "audio": FILE, "file": FILE,
        "choices": Limit(count=QUICK_REPLIES, chars=TITLE),
    },
    "instagram": {
        "text": Limit(bytes=1000), "image": Limit(bytes=8 * MB), "video": FILE, "audio": FILE, "file": FILE,
        "choices": Limit(count=QUICK_REPLIES, chars=TITLE),
    },
}  # fmt: skip
TEXT_LONG = N_("El texto tiene %(n)s caracteres; Messenger acepta hasta %(most)s. Acórtelo o pártalo en dos.")
BYTES_LONG = N_(
    "El texto ocupa %(n)s bytes; Instagram acepta hasta %(most)s (los acentos y emojis ocupan más). Acórtelo."
)
NEED_TEXT = N_("Escriba el texto que va encima de las opciones.")
MANY = N_("Hay %(n)s opciones; Meta acepta hasta %(most)s. Quite algunas.")
BAD_TITLE = N_("El título de la opción «%(title)s» falta o pasa de %(most)s caracteres.")
BAD_PAYLOAD = N_("La clave de la opción «%(title)s» falta o es demasiado larga.")


def text_fits(channel: str, text: str, most: int = 0) -> None:
    """Raises SendError, as all here. Instagram counts bytes, Messenger characters."""
    limit = LIMITS[channel]["text"]
    if limit.bytes and len(text.encode("utf-8", "replace")) > limit.bytes:
        raise SendError(True, "text_too_long", BYTES_LONG, n=len(text.encode("utf-8", "replace")), most=limit.bytes)
    chars = most or limit.chars or 0
    if chars and len(text) > chars:
        raise SendError(True, "text_too_long", TEXT_LONG, n=len(text), most=chars)


def kind_of(file: Attachment) -> str:
    """image, video, audio or file."""
    kind = file.media_type.partition("/")[0].strip().lower()
    return kind if kind in ("image", "video", "audio") else "file"


def file_fits(channel: str, file: Attachment) -> None:
    files.fits(file, LIMITS[channel][kind_of(file)].bytes or 0)


def choices_fit(choices: Sequence[Choice], text: str, most: int) -> None:
    if not text:
        raise SendError(True, "choices_need_text", NEED_TEXT)
    if len(choices) > most:
        raise SendError(True, "too_many_choices", MANY, n=len(choices), most=most)
    for choice in choices:
        if not choice.title.strip() or len(choice.title) > TITLE:
            raise SendError(True, "choice_title", BAD_TITLE, title=choice.title, most=TITLE)
        if not choice.payload or len(choice.payload) > PAYLOAD:
            raise SendError(True, "choice_payload", BAD_PAYLOAD, title=choice.title)
