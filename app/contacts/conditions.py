"""Each filter as a condition with named parameters, so that a statement is built once and used with any values."""

from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, false, func, null, or_, select
from sqlalchemy.sql.expression import bindparam

from app.contacts.filters import Filters, day_end, day_start
from app.contacts.folding import fold
from app.contacts.models import Contact, ContactTag, Status, Tag
from app.frame.actor import Actor
from app.frame.i18n import _
from app.frame.instant import InstantType
from app.frame.refused import Refused

Bound = dict[str, dict[str, Any]]
MARKED = (64, 128, 256, 512)


def conditions_of(filters: Filters, actor: Actor, timezone: str) -> Bound:
    """{condition name: {parameter: value}} for a filter and a person. Names end in `/n` where a list has n members."""
    few = filters.ids or filters.after_id is not None
    bound: Bound = {"binned" if filters.binned else "living" if few else "live": {}}
    bound |= _scope(actor)
    bound |= _listed("status", [s.upper() for s in filters.status]) | _listed("tag", [fold(t) for t in filters.tag])
    bound |= _marked(filters.ids)
    bound |= _person("owner", filters.owner, actor) | _person("team", filters.team, actor)
    bound |= {f"has_{name}": {} for name in filters.has if f"has_{name}" in SIMPLE}
    bound |= {"blocked": {}} if filters.blocked == "yes" else {"not_blocked": {}} if filters.blocked == "no" else {}
    equal = {"provenance": filters.provenance, "import": filters.import_id, "country": filters.country.upper()}
    bound |= {name: {name: value} for name, value in equal.items() if value}
    return bound | _dates(filters, timezone)


def _scope(actor: Actor) -> Bound:
    scope = actor.scope("contacts.view")
    if scope == "all":
        return {}
    if scope == "own":
        return {"scope_own": {"me": actor.user_id}}
    if scope == "team":
        teams = {f"my_team{i}": team for i, team in enumerate(actor.team_ids)}
        return {f"scope_team/{len(actor.team_ids)}": {"me": actor.user_id, **teams}}
    return {"nothing": {}}


def _listed(name: str, values: list[str]) -> Bound:
    return {f"{name}/{len(values)}": {f"{name}{i}": v for i, v in enumerate(values)}} if values else {}


def _marked(ids: tuple[int, ...]) -> Bound:
    """Lists are padded to a few sizes, so that a handful of statements serves them all. Raises Refused beyond."""
    if not ids:
        return {}
    if len(ids) > MARKED[-1]:
        raise Refused(_("Marque hasta %(n)s, o todos los del filtro.", n=MARKED[-1]))
    size = next(s for s in MARKED if s >= len(ids))
    return {f"ids/{size}": {f"id{i}": one for i, one in enumerate([*ids, *([-1] * (size - len(ids)))])}}


def _person(name: str, value: str, actor: Actor) -> Bound:
    """`me`, `none`, or an id; for teams `mine` as well. What is not a number matches nothing."""
    if not value:
        return {}
    if value == "none":
        return {f"no_{name}": {}}
    if value == "me" and name == "owner":
        return {"owner": {"owner": actor.user_id}}
    if value == "mine" and name == "team":
        teams = {f"mine{i}": team for i, team in enumerate(actor.team_ids)}
        return {f"my_teams/{len(actor.team_ids)}": teams}
    return {name: {name: int(value)}} if value.isdecimal() and len(value) < 19 else {"nothing": {}}


def _dates(filters: Filters, timezone: str) -> Bound:
    bound: Bound = {}
    for name in ("created", "contacted"):
        first, last = getattr(filters, f"{name}_from"), getattr(filters, f"{name}_to")
        if first:
            bound[f"{name}_from"] = {f"{name}_from": day_start(first, timezone)}
        if last:
            bound[f"{name}_to"] = {f"{name}_to": day_end(last, timezone)}
    if filters.updated_since:
        bound["updated_since"] = {"updated_since": filters.updated_since}
    if filters.after_id is not None:
        bound["after_id"] = {"after_id": filters.after_id}
    return bound


def _moment(name: str) -> Any:
    return bindparam(name, type_=InstantType())


def _nobodys() -> ColumnElement[bool]:
    return and_(Contact.owner_id.is_(None), Contact.team_id.is_(None))


def _team_scope(count: int) -> ColumnElement[bool]:
    teams: list[Any] = [bindparam(f"my_team{i}") for i in range(count)]
    return or_(Contact.owner_id == bindparam("me"), Contact.team_id.in_(teams) if teams else false(), _nobodys())


def _statuses(count: int) -> ColumnElement[bool]:
    codes: list[Any] = [bindparam(f"status{i}") for i in range(count)]
    return Contact.status_id.in_(select(Status.id).where(Status.code.in_(codes)))


def _tags(count: int) -> ColumnElement[bool]:
    keys: list[Any] = [bindparam(f"tag{i}") for i in range(count)]
    tagged = select(ContactTag.contact_id).join(Tag, Tag.id == ContactTag.tag_id).where(Tag.key.in_(keys))
    return Contact.id.in_(tagged)


def _my_teams(count: int) -> ColumnElement[bool]:
    return Contact.team_id.in_([bindparam(f"mine{i}") for i in range(count)]) if count else false()


def _among(count: int) -> ColumnElement[bool]:
    return Contact.id.in_([bindparam(f"id{i}") for i in range(count)])


COUNTED = {"ids": _among, "scope_team": _team_scope, "status": _statuses, "tag": _tags, "my_teams": _my_teams}
SIMPLE = {
    "nothing": false,
    "live": lambda: Contact.deleted_at.is_(None),
    # the same, but SQLite cannot walk its index of the living when a few ids are all it should look up
    "living": lambda: func.coalesce(Contact.deleted_at, null()).is_(None),
    "binned": lambda: and_(Contact.deleted_at.is_not(None), Contact.merged_into.is_(None)),
    "scope_own": lambda: Contact.owner_id == bindparam("me"),
    "owner": lambda: Contact.owner_id == bindparam("owner"),
    "no_owner": lambda: Contact.owner_id.is_(None),
    "team": lambda: Contact.team_id == bindparam("team"),
    "no_team": lambda: Contact.team_id.is_(None),
    "provenance": lambda: Contact.provenance == bindparam("provenance"),
    "import": lambda: and_(Contact.provenance == "import", Contact.provenance_id == bindparam("import")),
    "country": lambda: Contact.country == bindparam("country"),
    "has_phone": lambda: Contact.phone != "",
    "has_no_phone": lambda: Contact.phone == "",
    "has_email": lambda: Contact.email != "",
    "has_no_email": lambda: Contact.email == "",
    "blocked": lambda: Contact.blocked.is_(True),
    "not_blocked": lambda: Contact.blocked.is_(False),
    "created_from": lambda: Contact.created_at >= _moment("created_from"),
    "created_to": lambda: Contact.created_at < _moment("created_to"),
    "contacted_from": lambda: Contact.last_contacted_at >= _moment("contacted_from"),
    "contacted_to": lambda: Contact.last_contacted_at < _moment("contacted_to"),
    "updated_since": lambda: Contact.updated_at >= _moment("updated_since"),
    "after_id": lambda: Contact.id > bindparam("after_id"),
}


@cache
def condition(name: str) -> ColumnElement[bool]:
    """The condition of a name."""
    kind, _, count = name.partition("/")
    return COUNTED[kind](int(count)) if count else SIMPLE[kind]()
