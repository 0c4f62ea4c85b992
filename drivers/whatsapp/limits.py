"""How much fits into a WhatsApp message, and the sentence for what does not. Checked before anything is sent.

Source: Meta's OpenAPI document (facebook/openapi, business-messaging-api v23.0) and the media page of the Cloud API.
"""

from collections.abc import Mapping, Sequence

from drivers.contract import N_, Attachment, Choice, Limit, SendError
from drivers.meta import files
from drivers.meta.files import MB

TITLE, ROW, DESCRIPTION, SECTION, ROW_ID, SIDE = 20, 24, 72, 24, 200, 60
BUTTONS, ROWS, BODY = 3, 10, 1024
LIMITS: Mapping[str, Limit] = {
    "text": Limit(chars=4096),
    "caption": Limit(chars=1024),
    "image": Limit(bytes=5 * MB, types=("image/jpeg", "image/png")),
    "sticker": Limit(bytes=500 * 1024, types=("image/webp",)),
    "video": Limit(bytes=16 * MB, types=("video/mp4", "video/3gpp")),
    "audio": Limit(bytes=16 * MB, types=("audio/aac", "audio/amr", "audio/mpeg", "audio/mp4", "audio/ogg")),
    "document": Limit(bytes=100 * MB),
    "choices": Limit(count=ROWS, chars=ROW),
    "cards": Limit(count=5),
}
TEXT_LONG = N_("El texto tiene %(n)s caracteres; WhatsApp acepta hasta %(most)s. Acórtelo o pártalo en dos.")
CHOICES_NEED_TEXT = N_("Escriba el texto que va encima de las opciones.")
MANY_CHOICES = N_("Hay %(n)s opciones; WhatsApp acepta hasta %(most)s. Quite algunas.")
CHOICE_LONG = N_("La opción «%(title)s» pasa de %(most)s caracteres. Acórtela.")
CHOICE_EMPTY = N_("Hay una opción sin título. Escríbalo o quítela.")
CHOICE_TWICE = N_("La opción «%(title)s» está dos veces. Cambie una.")
CHOICE_PAYLOAD = N_("La clave de la opción «%(title)s» falta o es demasiado larga.")
DESCRIPTION_LONG = N_("La explicación de «%(title)s» pasa de %(most)s caracteres. Acórtela.")
SECTION_LONG = N_("El título de sección «%(title)s» falta o pasa de %(most)s caracteres.")
SIDE_LONG = N_("El encabezado, el pie o el botón de la lista pasa de %(most)s caracteres. Acórtelo.")
MANY_CARDS = N_("Hay %(n)s contactos; WhatsApp acepta hasta %(most)s por mensaje.")


def text_fits(text: str, most: int) -> None:
    """Raises SendError, as all here."""
    if len(text) > most:
        raise SendError(True, "text_too_long", TEXT_LONG, n=len(text), most=most)


def kind_of(file: Attachment) -> str:
    """image, video, audio, sticker; everything else goes as a document."""
    media_type = file.media_type.partition(";")[0].strip().lower()
    return next((kind for kind, limit in LIMITS.items() if media_type in limit.types), "document")


def file_fits(file: Attachment) -> None:
    files.fits(file, LIMITS[kind_of(file)].bytes or 0)


def as_buttons(choices: Sequence[Choice]) -> bool:
    """Up to three short ones without explanation are buttons; others are a list."""
    plain = all(len(c.title) <= TITLE and not c.description and not c.section for c in choices)
    return len(choices) <= BUTTONS and plain


def choices_fit(choices: Sequence[Choice], body: str) -> None:
    if not body:
        raise SendError(True, "choices_need_text", CHOICES_NEED_TEXT)
    text_fits(body, BODY)
    if len(choices) > ROWS:
        raise SendError(True, "too_many_choices", MANY_CHOICES, n=len(choices), most=ROWS)
    _different([c.payload for c in choices], choices)
    _different([c.title for c in choices], choices)
    several = len({c.section for c in choices}) > 1
    for choice in choices:
        _choice_fits(choice)
        if len(choice.section) > SECTION or (several and not choice.section):
            raise SendError(True, "section", SECTION_LONG, title=choice.section, most=SECTION)


def _different(said: Sequence[str], choices: Sequence[Choice]) -> None:
    for at, each in enumerate(said):
        if each in said[:at]:
            raise SendError(True, "choice_twice", CHOICE_TWICE, title=choices[at].title)


def _choice_fits(choice: Choice) -> None:
    if not choice.title.strip():
        raise SendError(True, "choice_empty", CHOICE_EMPTY)
    if len(choice.title) > ROW:
        raise SendError(True, "choice_too_long", CHOICE_LONG, title=choice.title, most=ROW)
    if not choice.payload.strip() or len(choice.payload) > ROW_ID:
        raise SendError(True, "choice_payload", CHOICE_PAYLOAD, title=choice.title)
    if len(choice.description) > DESCRIPTION:
        raise SendError(True, "description_too_long", DESCRIPTION_LONG, title=choice.title, most=DESCRIPTION)


def side_fits(text: str, most: int = SIDE) -> None:
    if len(text) > most:
        raise SendError(True, "side_too_long", SIDE_LONG, most=most)


def cards_fit(count: int) -> None:
    most = LIMITS["cards"].count or 0
    if count > most:
        raise SendError(True, "too_many_cards", MANY_CARDS, n=count, most=most)
