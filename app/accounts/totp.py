"""Second factor: six digits that change each 30 seconds (RFC 6238), and single-use recovery codes."""

import base64
import hashlib
import hmac
import secrets
import time

import pyotp
import segno
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.cache import forget_actors
from app.accounts.models import RecoveryCode, User
from app.accounts.tokens import derived_key
from app.frame import audit
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Refused
from app.frame.vault import Vault, VaultError

STEP_S = 30
DRIFT = 1
CODES = 10
PURPOSE = "totp"


def new_secret() -> str:
    """160 random bits in base 32, as authenticator applications take them."""
    return pyotp.random_base32()


def qr(secret: str, account: str, office: str) -> str:
    """The enrolment QR as a data: URI of an SVG."""
    uri = pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=f"Centralita {office}"[:60])
    return segno.make(uri, error="m").svg_data_uri(scale=4, border=3, dark="#000", light="#fff")


def fitting_step(secret: str, code: str, now_s: float | None = None) -> int | None:
    """The time step a code belongs to, within one step of drift; None when it does not fit."""
    digits = "".join(c for c in code if c.isdigit())
    totp, current = pyotp.TOTP(secret), int((time.time() if now_s is None else now_s) // STEP_S)
    near = range(max(0, current - DRIFT), current + DRIFT + 1)
    fits = [s for s in near if hmac.compare_digest(totp.generate_otp(s), digits)]
    return fits[0] if fits else None


def secret_of(vault: Vault, user: User) -> str:
    """Empty for who has none, and where it does not open: after a move without the office's secret file."""
    try:
        return vault.open(user.totp_secret, f"{PURPOSE}-{user.id}") if user.totp_secret else ""
    except VaultError:
        return ""


async def take_code(db: AsyncSession, vault: Vault, user: User, code: str) -> bool:
    """Whether a code is good. Each time step counts once, so a code that was seen cannot be used again."""
    secret = secret_of(vault, user)
    step = fitting_step(secret, code) if secret else None  # the codes of an empty secret anybody can count
    if step is None:
        return False
    claimed = await db.execute(
        update(User).where(User.id == user.id, User.totp_step < step).values(totp_step=step).returning(User.id)
    )
    return claimed.scalar_one_or_none() is not None


async def enrol(db: AsyncSession, vault: Vault, secret_key: str, user: User, secret: str, code: str) -> list[str]:
    """Turn the second factor on. Returns the recovery codes, which are shown once."""
    step = fitting_step(secret, code)
    if step is None:
        raise Refused(_("El código no coincide. Revise que la hora del teléfono sea correcta."), "code")
    user.totp_secret, user.totp_step = vault.seal(secret, f"{PURPOSE}-{user.id}"), step
    audit.record(db, "2fa.enabled", "person", user.id)
    forget_actors(db)
    return await new_codes(db, secret_key, user)


async def disable(db: AsyncSession, user: User) -> None:
    user.totp_secret = None
    await db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    audit.record(db, "2fa.disabled", "person", user.id)
    forget_actors(db)


async def new_codes(db: AsyncSession, secret_key: str, user: User) -> list[str]:
    """Fresh recovery codes; the earlier ones stop working."""
    await db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    codes = [_code() for _n in range(CODES)]
    db.add_all(RecoveryCode(user_id=user.id, code_hash=_hash(secret_key, user.id, c)) for c in codes)
    audit.record(db, "2fa.codes", "person", user.id, after={"count": CODES})
    return codes


async def codes_left(db: AsyncSession, user_id: int) -> int:
    query = select(RecoveryCode.id).where(RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))
    return len((await db.scalars(query)).all())


async def take_recovery_code(db: AsyncSession, secret_key: str, user: User, code: str) -> bool:
    """Use up a recovery code."""
    used = await db.execute(
        update(RecoveryCode)
        .where(
            RecoveryCode.user_id == user.id,
            RecoveryCode.code_hash == _hash(secret_key, user.id, code),
            RecoveryCode.used_at.is_(None),
        )
        .values(used_at=now_utc())
        .returning(RecoveryCode.id)
    )
    good = used.scalar_one_or_none() is not None
    if good:
        audit.record(db, "2fa.code_used", "person", user.id)
    return good


def _code() -> str:
    """`abcde-fghij`: 50 random bits that people can read aloud."""
    text = base64.b32encode(secrets.token_bytes(7)).decode().lower()[:10]
    return f"{text[:5]}-{text[5:]}"


def _hash(secret_key: str, user_id: int, code: str) -> bytes:
    """Keyed, so that 50 bits are enough even for somebody who has the database."""
    plain = "".join(c for c in code.lower() if c.isalnum())
    return hmac.new(derived_key(secret_key, "recovery"), f"{user_id}:{plain}".encode(), hashlib.sha256).digest()
