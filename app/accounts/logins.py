"""Coming in: name and password, then the second factor. The same answer and time whether the account exists."""

from datetime import timedelta

import msgspec

from app.accounts import budgets, hashing, people, sessions, tokens, totp
from app.accounts.budgets import TooMany, budgets_of
from app.accounts.models import User
from app.frame import audit
from app.frame.actor import NOBODY, Actor
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.refused import Refused

PENDING = "second step"
PENDING_LIFE = timedelta(minutes=5)
PASSWORD_MAX = 1000
replace = msgspec.structs.replace


class Visitor(msgspec.Struct, frozen=True, kw_only=True):
    """Where a try comes from: address, browser, and the mark of a browser that was here before."""

    ip: str
    agent: str = ""
    mark: str = ""


class Opened(msgspec.Struct, frozen=True):
    """A session's token and the browser's mark, both for cookies."""

    token: str
    mark: str
    user_id: int


async def check_password(office: Office, typed: str, password: str, visitor: Visitor) -> User:
    """The person whose name and password these are.

    Raises Refused (one sentence for every reason) or TooMany. Every failure is audited. Holds no unit of work while
    the password is being verified.
    """
    async with office.database.unit(write=False) as db:
        user = await people.by_login(db, typed)
    account = str(user.id) if user else typed.strip().lower()[:254]
    device = budgets.read_mark(office.settings.secret, visitor.mark, user.id if user else None)
    try:
        budgets_of(office).spend(account, visitor.ip, device)
    except TooMany:
        await _note_wait(office, typed, user, visitor)
        raise
    good = await hashing.verify_password(password[:PASSWORD_MAX], user.password_hash if user else "")
    if user is None or not good or user.disabled_at is not None:
        await note_failure(office, typed, user, visitor, _reason(user, good))
        raise Refused(_("El correo o la contraseña no coinciden. Revise mayúsculas e intente de nuevo."), "password")
    budgets_of(office).succeed(account, visitor.ip, device)
    await _strengthen(office, user, password)
    return user


async def check_code(office: Office, user: User, code: str, visitor: Visitor) -> None:
    """The second factor: six digits, or a recovery code. Raises Refused or TooMany."""
    budgets_of(office).spend_code(user.id)
    async with office.database.unit(actor=visiting(user, visitor)) as db:
        fresh = await people.get_person(db, user.id)
        good = await totp.take_code(db, office.vault, fresh, code) if _looks_timed(code) else False
        good = good or await totp.take_recovery_code(db, office.settings.secret, fresh, code)
    if not good:
        await note_failure(office, user.username, user, visitor, "code")
        raise Refused(_no_fit(totp.secret_of(office.vault, fresh)), "code")
    budgets_of(office).code.clear(str(user.id))


async def open_for(office: Office, user: User, visitor: Visitor) -> Opened:
    """A session for a person who proved who they are."""
    async with office.database.unit(actor=visiting(user, visitor)) as db:
        fresh = await people.get_person(db, user.id)
        token = await sessions.open_session(
            db, fresh, life_h=office.settings.session_h, ip=visitor.ip, agent=visitor.agent
        )
    secret = office.settings.secret
    mark = visitor.mark if budgets.read_mark(secret, visitor.mark, user.id) else budgets.new_mark(secret, user.id)
    return Opened(token, mark, user.id)


def pending(office: Office, user: User, next_url: str) -> str:
    """What the browser holds between the two steps: signed, and good for five minutes."""
    return tokens.sign(office.settings.secret, PENDING, PENDING_LIFE, sub=str(user.id), next=next_url)


async def read_pending(office: Office, token: str) -> tuple[User, str] | None:
    """The person who passed the first step, and where they were going."""
    claims = tokens.claims_of(office.settings.secret, PENDING, token) if token else None
    if claims is None:
        return None
    async with office.database.unit(write=False) as db:
        user = await db.get(User, int(claims["sub"]))
    return None if user is None or user.disabled_at else (user, str(claims.get("next", "/")))


def visiting(user: User, visitor: Visitor) -> Actor:
    """The actor for the audit of somebody on the way in."""
    return Actor(user_id=user.id, name=user.name, role=user.role, via="login", ip=visitor.ip)


async def note_failure(office: Office, typed: str, user: User | None, visitor: Visitor, why: str) -> None:
    actor = replace(visiting(user, visitor) if user else NOBODY, via="login", ip=visitor.ip)
    async with office.database.unit(actor=actor) as db:
        audit.record(db, "login.failed", "person", user.id if user else "", after={"name": masked(typed), "why": why})


async def _note_wait(office: Office, typed: str, user: User | None, visitor: Visitor) -> None:
    """Tries that are not even made are noted once a minute: a flood must not fill the audit."""
    if not budgets_of(office).noted.hit(f"{user.id if user else typed} {visitor.ip}"):
        await note_failure(office, typed, user, visitor, "too many")


def masked(typed: str) -> str:
    """The name as typed, unless it may be a password in the wrong field."""
    typed = typed.strip()[:100]
    return typed if "@" in typed or len(typed) < 4 else f"{typed[:3]}…"


def _reason(user: User | None, good: bool) -> str:
    if user is None:
        return "unknown"
    return "disabled" if good else "password"


def _no_fit(secret: str) -> str:
    if secret:
        return _("El código no coincide o ya se usó. Espere el siguiente.")
    return _("Este equipo ya no puede leer su verificación. Pida a Sistemas que la desactive y actívela de nuevo.")


def _looks_timed(code: str) -> bool:
    return sum(c.isdigit() for c in code) == 6 and not any(c.isalpha() for c in code)


async def _strengthen(office: Office, user: User, password: str) -> None:
    """Hash anew what was made with weaker parameters; only now do we know the password."""
    if hashing.outdated(user.password_hash):
        fresh = await hashing.hash_password(password)
        async with office.database.unit(actor=visiting(user, Visitor(ip=""))) as db:
            (await people.get_person(db, user.id)).password_hash = fresh


async def confirm_password(office: Office, actor: Actor, password: str) -> User:
    """The person again, before something that matters. Raises Refused or TooMany. Holds no unit while verifying."""
    async with office.database.unit(write=False) as db:
        user = await people.get_person(db, actor.user_id or 0)
    budgets_of(office).spend_code(user.id)
    if not await hashing.verify_password(password[:PASSWORD_MAX], user.password_hash):
        raise Refused(_("Esta no es su contraseña actual."), "current")
    budgets_of(office).code.clear(str(user.id))
    return user
