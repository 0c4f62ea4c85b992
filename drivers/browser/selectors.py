"""How a recipe names something on a page: CSS, or `text:`, `label:`, `xpath:`."""

from typing import Literal

By = Literal["css selector", "xpath"]
PRESSED = "self::button or self::a or @role='button' or @role='link' or @role='menuitem' or @role='tab'"
FIELDS = "self::input or self::select or self::textarea"


def located(said: str) -> tuple[By, str]:
    """What the browser is asked for. `text:Buscar` is a link or button, `label:Correo` a field."""
    kind, colon, rest = said.partition(":")
    if not colon or kind not in ("text", "label", "xpath", "css"):
        return "css selector", said
    if kind == "css":
        return "css selector", rest.strip()
    if kind == "xpath":
        return "xpath", rest.strip()
    return "xpath", _pressed(rest.strip()) if kind == "text" else _field(rest.strip())


def _pressed(text: str) -> str:
    q = quoted(text)
    value = f"self::input[(@type='submit' or @type='button' or @type='reset') and normalize-space(@value)={q}]"
    return f"//*[({PRESSED})][normalize-space(.)={q} or @aria-label={q} or normalize-space(@title)={q}] | //*[{value}]"


def _field(text: str) -> str:
    q = quoted(text)
    label = f"//label[normalize-space(translate(., ':*', '  '))=normalize-space(translate({q}, ':*', '  '))]"
    named = f"//*[({FIELDS}) and (@aria-label={q} or @placeholder={q})]"
    return f"//*[({FIELDS}) and @id={label}/@for] | {label}//*[{FIELDS}] | {named}"


def quoted(text: str) -> str:
    """A text inside XPath, which knows no escapes: it cannot end its quotes."""
    if "'" not in text:
        return f"'{text}'"
    if '"' not in text:
        return f'"{text}"'
    parts = ", \"'\", ".join(f"'{part}'" for part in text.split("'"))
    return f"concat({parts})"
