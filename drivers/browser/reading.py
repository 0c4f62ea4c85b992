"""A recipe from its text. What is wrong is said with the step it stands in and how to put it right."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
from msgspec.structs import FieldInfo, replace
from msgspec.structs import fields as members

from drivers.browser import yamls
from drivers.browser.steps import NESTED, SELECTORS, SHORT, VERBS, Placed, Recipe, Verb
from drivers.contract import N_, SendError

PLACE = re.compile(r"\$\{\s*([^}]*?)\s*\}")
NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,59}\Z")
SECRETS = frozenset({"user", "password", "secret"})
STEPS_MAX, DEPTH_MAX = 1000, 12
HEAD = {"name", "inputs", "again", "decimal", "dates", "max_steps", "seconds", "steps"}


class RecipeError(SendError):
    """The recipe does not read; nothing was done."""

    def __init__(self, sentence: str, /, **facts: Any) -> None:
        super().__init__(True, "recipe", sentence, **facts)


def read_recipe(text: str) -> Recipe:
    """Raises RecipeError."""
    said = read_yaml(text)
    if not isinstance(said, dict) or not said.keys() <= HEAD or not said.get("steps"):
        known = ", ".join(sorted(HEAD))
        raise RecipeError(N_("La receta necesita «steps» y solo puede llevar: %(known)s."), known=known)
    steps = read_steps(said.pop("steps"))
    recipe = _head(said, steps)
    _check_places(recipe.steps, set(recipe.inputs))
    return recipe


def read_yaml(text: str) -> Any:
    try:
        return yamls.load(text)
    except yamls.NotReadable as error:
        sentence = N_("Línea %(line)s: no se entiende. Revise la sangría, los dos puntos y que no se repitan nombres.")
        raise RecipeError(sentence, line=error.line) from error


def _head(said: dict[str, Any], steps: tuple[Placed, ...]) -> Recipe:
    try:
        recipe: Recipe = msgspec.convert({**said, "steps": []}, Recipe, strict=False)
    except msgspec.ValidationError as error:
        field = _field_in(str(error))
        raise RecipeError(N_("El dato «%(field)s» de la receta tiene un valor que no sirve."), field=field) from error
    wrong = next((n for n in recipe.inputs if not NAME.match(n) or n in SECRETS), None)
    if wrong is not None:
        raise RecipeError(N_("«%(name)s» no sirve como nombre de dato. Use letras y números."), name=wrong)
    return replace(recipe, steps=steps)


def read_steps(said: Any, under: str = "", depth: int = 0) -> tuple[Placed, ...]:
    if not isinstance(said, list) or not said or depth > DEPTH_MAX:
        raise RecipeError(N_("Paso %(step)s: aquí va una lista de pasos, cada uno con un guion."), step=under or "1")
    steps = tuple(_step(each, f"{under}.{n}" if under else str(n), depth) for n, each in enumerate(said, 1))
    if sum(1 for _ in every(steps)) > STEPS_MAX:
        raise RecipeError(N_("La receta tiene demasiados pasos. Pártala en varias."))
    return steps


def _step(said: Any, path: str, depth: int) -> Placed:
    if not isinstance(said, dict) or len(said) != 1:
        raise RecipeError(N_("Paso %(step)s: cada paso es una sola acción, como «click: Guardar»."), step=path)
    (verb, arguments), = said.items()  # fmt: skip
    kind = VERBS.get(verb)
    if kind is None:
        known = ", ".join(VERBS)
        raise RecipeError(
            N_("Paso %(step)s: «%(verb)s» no es una acción. Se puede: %(known)s."), step=path, verb=verb, known=known
        )
    if isinstance(arguments, str) and verb in SHORT:
        arguments = {SHORT[verb]: arguments}
    return Placed(path, verb, _verb(kind, verb, arguments, path, depth))


def _verb(kind: type[Verb], verb: str, said: Any, path: str, depth: int) -> Verb:
    place = {"step": path, "verb": verb}
    fields = {f.encode_name: f for f in members(kind)}
    if not isinstance(said, dict):
        known = ", ".join(fields)
        raise RecipeError(N_("Paso %(step)s (%(verb)s): faltan sus datos: %(known)s."), known=known, **place)
    _check_fields(said, fields, place)
    for name in NESTED:
        if name in said:
            said = said | {name: read_steps(said[name], f"{path}.{name}", depth + 1)}
    try:
        made = msgspec.convert({k: v for k, v in said.items() if k not in NESTED} | _holes(kind), kind, strict=False)
    except msgspec.ValidationError as error:
        field = _field_in(str(error))
        raise RecipeError(
            N_("Paso %(step)s (%(verb)s): «%(field)s» tiene un valor que no sirve."), field=field, **place
        ) from error
    return replace(made, **{fields[k].name: said[k] for k in NESTED if k in said})


def _holes(kind: type[Verb]) -> dict[str, Any]:
    """Nested steps are read apart."""
    return {f.encode_name: () for f in members(kind) if f.encode_name in NESTED}


def _check_fields(said: Mapping[str, Any], fields: Mapping[str, FieldInfo], place: Mapping[str, str]) -> None:
    unknown = next((k for k in said if k not in fields), None)
    if unknown is not None:
        raise RecipeError(
            N_("Paso %(step)s (%(verb)s): «%(field)s» no se conoce. Se puede: %(known)s."), field=unknown,
            known=", ".join(fields), **place,
        )  # fmt: skip
    missing = next((k for k, f in fields.items() if f.required and not said.get(k)), None)
    if missing is not None:
        raise RecipeError(N_("Paso %(step)s (%(verb)s): falta «%(field)s»."), field=missing, **place)


def _field_in(said: str) -> str:
    """msgspec names the place as `$.pages`."""
    found = re.search(r"\$\.([\w.]+)", said)
    return found[1] if found else "?"


def every(steps: tuple[Placed, ...]) -> Iterator[Placed]:
    """All steps, also the nested ones, in reading order."""
    for step in steps:
        yield step
        for name in ("then", "else_", "do"):
            yield from every(getattr(step.what, name, ()))


def _check_places(steps: tuple[Placed, ...], inputs: set[str]) -> None:
    """Each ${name} is given or read somewhere, and secrets go into fields alone."""
    known = inputs | {name for s in every(steps) if (name := getattr(s.what, "as_", ""))}
    for step in every(steps):
        for field, text in _texts(step.what):
            for name in PLACE.findall(text):
                _check_place(step, field, name, known)


def _check_place(step: Placed, field: str, name: str, known: set[str]) -> None:
    place = {"step": step.path, "verb": step.verb, "name": name}
    if field in SELECTORS and not text_or_label(step, field):
        raise RecipeError(N_("Paso %(step)s (%(verb)s): ${%(name)s} solo puede ir tras text: o label:."), **place)
    if name in SECRETS and (step.verb, field) != ("type", "text"):
        raise RecipeError(N_("Paso %(step)s (%(verb)s): el secreto ${%(name)s} solo va en el texto de type."), **place)
    if name not in known | SECRETS:
        raise RecipeError(N_("Paso %(step)s (%(verb)s): ${%(name)s} no está en inputs ni se lee antes."), **place)


def text_or_label(step: Placed, field: str) -> bool:
    """What comes from outside may choose by words, never write CSS or XPath."""
    said = dict(_texts(step.what)).get(field, "")
    return said.startswith(("text:", "label:"))


def _texts(what: Verb) -> Iterator[tuple[str, str]]:
    for member in members(type(what)):
        value = getattr(what, member.name)
        if isinstance(value, str):
            yield member.encode_name, value
        elif isinstance(value, dict):
            yield from ((member.encode_name, v) for v in value.values())
