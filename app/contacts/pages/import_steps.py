"""Where an import stands, as its page shows it: columns, dry run, progress or result."""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.choices import choices_of
from app.contacts.fields import all_fields
from app.contacts.imports.columns import TARGETS, Column
from app.contacts.imports.models import Import
from app.contacts.imports.service import Check, Look, check, get_import, look, settle
from app.contacts.people import Names, names_of
from app.contacts.statuses import START
from app.frame.actor import Actor
from app.frame.forms import Form, blank, read, refuse
from app.frame.i18n import N_, _
from app.frame.office import Office
from app.frame.refused import Refused

LOOKS, CHECKS = "contacts.import_looks", "contacts.import_checks"
KEPT = 20
Targets = list[tuple[str, list[tuple[str, str]]]]
MODES = (
    ("fill", N_("Completar los datos que falten")),
    ("overwrite", N_("Reemplazar con los del archivo")),
    ("skip", N_("Dejarlo como está")),
)
BLOCKED = (("skip", N_("No importarlos")), ("keep", N_("Importarlos, sin permitir que se les contacte")))
VERDICTS = {
    "created": (N_("Nuevos"), "ok"),
    "updated": (N_("Actualizados"), "accent"),
    "same": (N_("Sin cambios"), ""),
    "duplicate": (N_("Repetidos en el archivo"), "warn"),
    "blocked": (N_("Pidieron no ser contactados"), "warn"),
    "rejected": (N_("Rechazados"), "danger"),
}
VERDICT = {
    "created": (N_("Nuevo"), "ok"),
    "updated": (N_("Se actualiza"), "accent"),
    "same": (N_("Sin cambios"), ""),
    "duplicate": (N_("Repetido"), "warn"),
    "blocked": (N_("No contactar"), "warn"),
    "rejected": (N_("Rechazado"), "danger"),
}


class Choices(msgspec.Struct, kw_only=True):
    """What the form of the columns sends beside them."""

    mode: str = "fill"
    status: str = START
    owner: int | None = None
    team: int | None = None
    tags: str = ""
    blocked: str = "skip"


class Step(msgspec.Struct):
    """Everything that the page of an import shows. `check` means that the dry run was made."""

    found: Import
    look: Look | None = None
    check: Check | None = None
    form: Form[Any] = msgspec.field(default_factory=blank)
    targets: Targets = []
    names: Names = Names()
    verdict: str = ""
    tags: tuple[str, ...] = ()

    @property
    def number(self) -> int:
        """1 file, 2 columns, 3 dry run, 4 result."""
        return 4 if self.found.state != "draft" else 3 if self.check else 2

    @property
    def rows(self) -> list[dict[str, Any]]:
        """The preview, narrowed to a verdict."""
        every = self.check.rows if self.check else []
        return [row for row in every if self.verdict in ("", row["verdict"])]

    @property
    def incoming(self) -> int:
        """How many rows would come in or change somebody."""
        counts = self.check.counts if self.check else {}
        return counts.get("created", 0) + counts.get("updated", 0)

    @property
    def statuses(self) -> list[tuple[str, str]]:
        return [(s.code, _(s.title)) for s in self.names.statuses.values() if s.active]

    @property
    def people(self) -> list[tuple[str, str]]:
        return [(str(i), name) for i, name in self.names.people.items()]

    @property
    def teams(self) -> list[tuple[str, str]]:
        return [(str(i), name) for i, name in self.names.teams.items()]

    def target(self, column: Column) -> str:
        return str(self.form.raw.get(f"column-{column.index}", column.target))

    def refused(self, data: Mapping[str, Any], refused: Refused) -> "Step":
        """The same with what was typed and why it was refused."""
        self.form = refuse(Form({**data}, {}, None), refused)
        return self


async def known_look(office: Office, actor: Actor, import_id: int) -> Look:
    """What the file holds; read once, for the child has to open it."""
    kept: dict[int, Look] = office.state.setdefault(LOOKS, {})
    if import_id not in kept:
        keep(kept, import_id, await look(office, import_id, actor))
    return kept[import_id]


async def known_check(office: Office, actor: Actor, import_id: int) -> Check:
    """The dry run of what was settled; made once."""
    kept: dict[int, Check] = office.state.setdefault(CHECKS, {})
    if import_id not in kept:
        keep(kept, import_id, await check(office, import_id, actor))
    return kept[import_id]


def keep(kept: dict[int, Any], import_id: int, value: Any) -> None:
    kept[import_id] = value
    while len(kept) > KEPT:
        kept.pop(next(iter(kept)))


def forget(office: Office, import_id: int) -> None:
    """Something was settled anew, or it began."""
    for name in (LOOKS, CHECKS):
        office.state.get(name, {}).pop(import_id, None)


async def step_of(office: Office, actor: Actor, import_id: int, *, again: bool = False) -> Step:
    """Where it stands; `again` goes back to the columns."""
    async with office.database.unit(write=False, actor=actor) as db:
        found = await get_import(db, import_id)
        own = [(f"custom:{f.key}", f.title) for f in await all_fields(db)]
    if found.state != "draft":
        return Step(found)
    seen = await known_look(office, actor, import_id)
    made = None if again else office.state.get(CHECKS, {}).get(import_id)
    names, tags = (await names_of(office)).names, (await choices_of(office)).tags
    return Step(found, seen, made, _filled(found), _targets(seen, own, actor), names, tags=tags)


def _filled(found: Import) -> Form[Any]:
    kept = found.options
    tags = ", ".join(kept.get("tags", ()))
    people = {"owner": kept.get("owner_id"), "team": kept.get("team_id")}
    start = kept.get("status", START)
    return blank(mode=found.mode or "fill", status=start, tags=tags, blocked=kept.get("blocked", "skip"), **people)


def _targets(seen: Look, own: list[tuple[str, str]], actor: Actor) -> Targets:
    """What a column can become. Fields that the office lacks are offered to who may make them."""
    known = [(key, _(title)) for key, title in TARGETS.items() if key != "skip"]
    groups: Targets = [(_("Contacto"), known)]
    if own:
        groups.append((_("Campos propios"), own))
    wanted = {c.target for c in seen.columns if c.target.startswith("custom:")} - {key for key, _title in own}
    if wanted and actor.may("contacts.settings"):
        groups.append((_("Campos nuevos"), [(key, new_title(key)) for key in sorted(wanted)]))
    return groups


def new_title(target: str) -> str:
    return target.removeprefix("custom:").replace("_", " ").capitalize()


async def settled(db: AsyncSession, import_id: int, seen: Look, data: Mapping[str, Any]) -> Import:
    """Keep what the form of the columns says. Raises Refused."""
    form = read(Choices, data)
    if not form.ok:
        field, sentence = next(iter(form.errors.items()))
        raise Refused(sentence, field)
    targets = {c.index: str(data.get(f"column-{c.index}") or "skip") for c in seen.columns}
    refuse_mapping(targets)
    return await settle(
        db, import_id, sheet=seen.sheet, header_row=seen.header_row, shape=seen.shape, total=seen.rows,
        mapping={str(i): t for i, t in targets.items() if t != "skip"}, mode=form.value.mode,
        options=options_of(form.value),
    )  # fmt: skip


def refuse_mapping(targets: dict[int, str]) -> None:
    """Raises Refused when nobody could be reached, or one column's place is taken twice."""
    if not {"phone", "whatsapp", "email"} & set(targets.values()):
        raise Refused(_("Indique al menos una columna de teléfono, WhatsApp o correo."), "mapping")
    unknown = [t for t in targets.values() if t not in TARGETS and not (t.startswith("custom:") and t[7:])]
    if unknown:
        raise Refused(_("«%(target)s» no es un destino. Elija uno de la lista.", target=unknown[0][:60]), "mapping")


def options_of(chosen: Choices) -> dict[str, Any]:
    tags = [tag.strip() for tag in chosen.tags.split(",") if tag.strip()]
    blocked = "keep" if chosen.blocked == "keep" else "skip"
    return {
        "status": chosen.status, "owner_id": chosen.owner, "team_id": chosen.team, "tags": tags, "blocked": blocked,
    }  # fmt: skip


WORDS: dict[str, Any] = {
    "IMPORT_VERDICTS": VERDICTS, "IMPORT_VERDICT": VERDICT, "IMPORT_MODES": MODES, "IMPORT_BLOCKED": BLOCKED,
}  # fmt: skip
