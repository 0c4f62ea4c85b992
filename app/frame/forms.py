"""Forms to Structs, with *all* the errors at once, and the typed text kept for the next try."""

from collections.abc import Mapping
from types import UnionType
from typing import Any, Generic, TypeVar, Union, get_args, get_origin

import msgspec
from msgspec import inspect as shapes

from app.frame.i18n import _
from app.frame.refused import Refused

S = TypeVar("S", bound=msgspec.Struct)


class Form(Generic[S]):
    """What was typed (`raw`), what it means (`value`, only when `ok`), and a sentence per wrong field (`errors`)."""

    def __init__(self, raw: dict[str, Any], errors: dict[str, str], value: S | None) -> None:
        self.raw = raw
        self.errors = errors
        self._value = value

    @property
    def ok(self) -> bool:
        return not self.errors

    @property
    def value(self) -> S:
        if self._value is None:
            raise ValueError("the form has errors")
        return self._value

    def get(self, name: str, default: Any = "") -> Any:
        """The text to show in a field again."""
        return self.raw.get(name, default)


class Again(Exception):
    """Show the form again with its errors: the unit of work is rolled back and the answer is 422."""

    def __init__(self, template: str, *, status: int = 422, **context: Any) -> None:
        super().__init__(template)
        self.template = template
        self.status = status
        self.context = context


def refuse(form: Form[Any], refused: Refused) -> Form[Any]:
    """The same form with the sentence of a service beside its field (or on top)."""
    return Form(form.raw, form.errors | refused.errors, None)


def blank(**raw: Any) -> Form[Any]:
    """A form to show for the first time."""
    return Form(raw, {}, None)


def read(kind: type[S], data: Mapping[str, Any]) -> Form[S]:
    """Read a submitted form. Unknown fields are ignored; every wrong field gets its sentence."""
    info = shapes.type_info(kind)
    assert isinstance(info, shapes.StructType)
    hints = msgspec.structs.fields(kind)
    raw = {f.name: _typed(data, f.encode_name, f.type) for f in hints}
    values: dict[str, Any] = {}
    errors: dict[str, str] = {}
    for field in hints:
        try:
            _take(field, raw[field.name], values)
        except msgspec.ValidationError as error:
            errors[field.name] = explain(str(error))
    return Form(raw, errors, None if errors else kind(**values))


def _take(field: Any, typed: Any, values: dict[str, Any]) -> None:
    if typed in ("", None, []) and not field.required:
        return
    if typed in ("", None):
        if _optional(field.type):
            values[field.name] = None
            return
        if not _is_bool(field.type):
            raise msgspec.ValidationError("missing")
    values[field.name] = msgspec.convert(_bool(typed) if _is_bool(field.type) else typed, field.type, strict=False)


def _typed(data: Mapping[str, Any], name: str, kind: Any) -> Any:
    if _is_list(kind):
        found = data.getall(name, []) if hasattr(data, "getall") else data.get(name, [])
        return [v.strip() if isinstance(v, str) else v for v in (found if isinstance(found, list) else [found])]
    value = data.get(name)
    return value.replace("\0", "").strip() if isinstance(value, str) else value


def _plain_type(kind: Any) -> Any:
    while hasattr(kind, "__metadata__"):
        kind = kind.__origin__
    return kind


def _optional(kind: Any) -> bool:
    kind = _plain_type(kind)
    return get_origin(kind) in (Union, UnionType) and type(None) in get_args(kind)


def _is_list(kind: Any) -> bool:
    return get_origin(_plain_type(kind)) in (list, tuple)


def _is_bool(kind: Any) -> bool:
    return _plain_type(kind) is bool


def _bool(typed: Any) -> bool:
    return str(typed).lower() in ("on", "1", "true", "yes", "sí", "si")


def explain(problem: str) -> str:
    """A msgspec complaint as a sentence a person can act on."""
    number = next(
        (w.rstrip("`.") for w in problem.replace("`", " ").split() if w.rstrip("`.").lstrip("-").isdigit()), ""
    )
    for mark, sentence in _sentences(number).items():
        if mark in problem:
            return sentence
    return _("Este valor no es válido. Revíselo.")


def _sentences(number: str) -> dict[str, str]:
    return {
        "unknown field": _("Este campo no existe. Quítelo o corrija su nombre."),
        "missing": _("Falta este dato."),
        "length >=": _("Escriba al menos %(n)s caracteres.", n=number),
        "length <=": _("Escriba %(n)s caracteres como máximo.", n=number),
        "`int` >=": _("Escriba un número de %(n)s o más.", n=number),
        "`int` <=": _("Escriba un número de %(n)s o menos.", n=number),
        "Expected `int": _("Escriba un número entero."),
        "Expected `float": _("Escriba un número."),
        "Expected `str": _("Escriba un texto."),
        "Expected `bool": _("Escriba sí o no."),
        "Expected `array": _("Escriba una lista."),
        "Expected `object": _("Escriba un objeto con nombre y valor."),
        "enum value": _("Elija una de las opciones."),
        "datetime": _("Escriba una fecha y hora válidas."),
        "date": _("Escriba una fecha válida."),
        "regex": _("El formato no es válido. Revíselo."),
    }
