"""People: created, changed, disabled. Every change is audited and forgets what was known of their rights."""

import re
from collections.abc import Iterable

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import found, matrix, sessions, tokens
from app.accounts.cache import forget_actors
from app.accounts.events import PersonCreated, PersonDisabled
from app.accounts.models import Membership, Team, User
from app.accounts.password_rules import fold
from app.frame import audit, bus, live
from app.frame.actor import ROLES, Actor, actor_of
from app.frame.db import Database, now_utc
from app.frame.i18n import N_, _
from app.frame.refused import Conflict, Forbidden, NotFound, Refused, each
from app.frame.topics import Hears, id_in, nobody

ROLE_TITLES = {
    "agent": N_("Agente"),
    "lead": N_("Supervisión"),
    "manager": N_("Administración"),
    "it": N_("Sistemas"),
}
POWERFUL = ("manager", "it")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]{2,}|[^@\s]+@localhost")
USERNAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,58}[a-z0-9]")


def clean_email(email: str) -> str:
    """Folded to lower case. Raises Refused."""
    email = email.strip().lower()
    if len(email) > 254 or not EMAIL.fullmatch(email):
        raise Refused(_("Escriba un correo como nombre@empresa.com."), "email")
    return email


def clean_name(name: str) -> str:
    name = " ".join(name.split())
    if not 2 <= len(name) <= 120 or not any(c.isalpha() for c in name):
        raise Refused(_("Escriba el nombre de la persona."), "name")
    return name


def clean_role(role: str) -> str:
    if role not in ROLES:
        raise Refused(_("Elija uno de los roles."), "role")
    return role


async def free_username(db: AsyncSession, email: str) -> str:
    """A user name from the e-mail's first part; a number behind when it is taken."""
    base = re.sub(r"[^a-z0-9._-]", "", fold(email.partition("@")[0])).strip("._-")[:50] or "persona"
    base = base if len(base) > 2 else f"{base}.persona"
    taken = set(await db.scalars(select(User.username).where(User.username.startswith(base, autoescape=True))))
    return next(n for n in (base, *(f"{base}{i}" for i in range(2, len(taken) + 3))) if n not in taken)


async def by_login(db: AsyncSession, typed: str) -> User | None:
    """The person with this e-mail or user name."""
    typed = typed.strip().lower()
    return await db.scalar(select(User).where(or_(User.email == typed, User.username == typed)))


async def get_person(db: AsyncSession, user_id: int) -> User:
    user = await db.get(User, user_id)
    if user is None:
        raise NotFound(_("Esa persona no existe."))
    return user


async def create_person(
    db: AsyncSession, *, email: str, name: str, role: str, password_hash: str = "", team_ids: Iterable[int] = ()
) -> User:
    """A new person. Without `password_hash` they come in by an invitation. Raises Refused per field."""
    email, name, role = each(lambda: clean_email(email), lambda: clean_name(name), lambda: clean_role(role))
    may_give(actor_of(db), role)
    if await by_login(db, email):
        raise Conflict(_("Ya hay una persona con ese correo."), "email")
    user = User(
        email=email, username=await free_username(db, email), name=name, role=role,
        password_hash=password_hash, created_at=now_utc(),
    )  # fmt: skip
    db.add(user)
    await db.flush()
    await _put_in_teams(db, user.id, team_ids)
    audit.record(db, "person.created", "person", user.id, after=await shown(db, user))
    live.nudge(db, matrix.TOPIC)
    await bus.emit(db, PersonCreated(user.id, role))
    return user


async def change_person(
    db: AsyncSession, user: User, *, email: str, name: str, role: str, team_ids: Iterable[int]
) -> None:
    """Change who somebody is. Raises Refused per field, or when nobody would be left to administer."""
    await touch(db, user)
    before = await shown(db, user)
    email, name, role = each(lambda: clean_email(email), lambda: clean_name(name), lambda: clean_role(role))
    twin = await by_login(db, email)
    if twin is not None and twin.id != user.id:
        raise Conflict(_("Ya hay una persona con ese correo."), "email")
    if role != user.role:
        may_give(actor_of(db), role)
    user.email, user.name, user.role = email, name, role
    await _put_in_teams(db, user.id, team_ids)
    await matrix.keep_somebody(db)
    await note(db, "person.changed", user, before)


async def disable_person(db: AsyncSession, user: User) -> None:
    """Nobody comes in as this person any more; what they did stays."""
    await touch(db, user)
    if user.id == actor_of(db).user_id:
        raise Refused(_("No puede desactivarse a usted. Pídalo a otra persona."), status=409)
    before = await shown(db, user)
    user.disabled_at = user.disabled_at or now_utc()
    await matrix.keep_somebody(db)
    await sessions.close_sessions(db, user.id)
    await tokens.revoke_all(db, user.id)
    await note(db, "person.disabled", user, before)
    await bus.emit(db, PersonDisabled(user.id))


async def enable_person(db: AsyncSession, user: User) -> None:
    await touch(db, user)
    before = await shown(db, user)
    user.disabled_at = None
    await note(db, "person.enabled", user, before)


async def set_password(db: AsyncSession, user: User, password_hash: str, *, keep_session: int | None = None) -> None:
    """A new password closes every other way in that was opened with the old one."""
    user.password_hash, user.must_change_password = password_hash, False
    await sessions.close_sessions(db, user.id, keep=keep_session)
    await tokens.revoke_all(db, user.id)
    audit.record(db, "password.changed", "person", user.id)
    forget_actors(db)


async def touch(db: AsyncSession, user: User) -> None:
    """Before a change to somebody: the actor may, within their scope, and changes wait for each other."""
    actor = actor_of(db)
    if not within(actor, "people.edit", user.id, await team_ids_of(db, user.id)):
        raise Forbidden(_("No puede cambiar a esta persona."), permission="people.edit")
    may_give(actor, user.role)
    await matrix.lock_roster(db)


def within(actor: Actor, permission: str, user_id: int, team_ids: Iterable[int]) -> bool:
    """Whether a person is inside the scope of the actor's permission."""
    scope = actor.scope(permission)
    if scope == "team":
        return user_id == actor.user_id or not set(team_ids).isdisjoint(actor.team_ids)
    return scope == "all" or (scope == "own" and user_id == actor.user_id)


async def hears_person(database: Database, topic: str) -> Hears:
    """`person-7` is heard as far as people.view reaches."""
    user_id = id_in(topic, "person-")
    if user_id is None:
        return nobody
    teams = await found.teams_of(database, user_id)
    return lambda actor: within(actor, "people.view", user_id, teams)


def may_give(actor: Actor, role: str) -> None:
    """Administrators are made, changed and reset by who may edit permissions: else people would lift themselves."""
    if role in POWERFUL and not actor.may("permissions.edit"):
        raise Forbidden(_("Sólo quien edita permisos puede tocar este rol."), "role", permission="permissions.edit")


async def team_ids_of(db: AsyncSession, user_id: int) -> list[int]:
    query = select(Membership.team_id).where(Membership.user_id == user_id).order_by(Membership.team_id)
    return list(await db.scalars(query))


async def _put_in_teams(db: AsyncSession, user_id: int, team_ids: Iterable[int]) -> None:
    wanted = set(team_ids)
    if wanted != set(await db.scalars(select(Team.id).where(Team.id.in_(wanted)))):
        raise Refused(_("Uno de los equipos ya no existe. Recargue la página."), "team_ids")
    await db.execute(delete(Membership).where(Membership.user_id == user_id))
    db.add_all(Membership(user_id=user_id, team_id=t) for t in sorted(wanted))
    await db.flush()
    forget_actors(db)


async def shown(db: AsyncSession, user: User) -> dict[str, object]:
    """What the audit says of a person."""
    return {
        "email": user.email,
        "name": user.name,
        "role": user.role,
        "teams": await team_ids_of(db, user.id),
        "active": user.disabled_at is None,
    }


async def note(db: AsyncSession, verb: str, user: User, before: dict[str, object]) -> None:
    """Audit a change, forget old rights, tell the open pages."""
    audit.record(db, verb, "person", user.id, before, await shown(db, user))
    forget_actors(db)
    live.nudge(db, matrix.TOPIC, f"person-{user.id}")
