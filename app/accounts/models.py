"""People, teams, the ways they prove who they are, and what each role may do."""

from sqlalchemy import JSON, Boolean, ForeignKey, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.db import Base, BigInt, Id, Instant


class User(Base):
    """A person of the office. `email` and `username` are kept folded to lower case."""

    __tablename__ = "person"

    id: Mapped[Id]
    email: Mapped[str] = mapped_column(String(254), unique=True)
    username: Mapped[str] = mapped_column(String(60), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    role: Mapped[str] = mapped_column(String(20), index=True)
    password_hash: Mapped[str] = mapped_column(String(200), default="")
    must_change_password: Mapped[bool] = mapped_column(Boolean, default=False)
    totp_secret: Mapped[bytes | None] = mapped_column(LargeBinary)
    totp_step: Mapped[int] = mapped_column(BigInt, default=0)
    locale: Mapped[str] = mapped_column(String(10), default="")
    theme: Mapped[str] = mapped_column(String(10), default="")
    single_keys: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[Instant]
    disabled_at: Mapped[Instant | None]
    last_login_at: Mapped[Instant | None]

    @property
    def has_2fa(self) -> bool:
        return self.totp_secret is not None


class Team(Base):
    """A group of people who share work."""

    __tablename__ = "team"
    __table_args__ = {"sqlite_autoincrement": True}  # a new team must not inherit the contacts of a deleted one

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(80), unique=True)
    created_at: Mapped[Instant]


class Membership(Base):
    """Who belongs to which team."""

    __tablename__ = "membership"

    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("team.id", ondelete="CASCADE"), primary_key=True, index=True)


class Session(Base):
    """An open browser. Only the SHA-256 of its token is stored."""

    __tablename__ = "session"

    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    ip: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(80))


class ApiKey(Base):
    """A key for a program. `scopes` names the permissions it keeps of its owner's; none means all of them."""

    __tablename__ = "api_key"

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(16))
    key_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    scopes: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True))
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant | None]
    revoked_at: Mapped[Instant | None]
    used_at: Mapped[Instant | None]
    used_ip: Mapped[str] = mapped_column(String(64), default="")


class AccessToken(Base):
    """A JWT that was given out; revoked by its `jti`."""

    __tablename__ = "access_token"

    jti: Mapped[str] = mapped_column(String(32), primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[Instant]
    expires_at: Mapped[Instant] = mapped_column(index=True)
    revoked_at: Mapped[Instant | None]
    ip: Mapped[str] = mapped_column(String(64))


class Invitation(Base):
    """A one-time link to choose a password: for somebody new (`invite`) or who forgot it (`reset`)."""

    __tablename__ = "invitation"

    id: Mapped[Id]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary(32), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    purpose: Mapped[str] = mapped_column(String(10))
    created_at: Mapped[Instant]
    created_by: Mapped[int | None] = mapped_column(BigInt)
    expires_at: Mapped[Instant]
    used_at: Mapped[Instant | None]


class RecoveryCode(Base):
    """A single-use code for somebody without their telephone; only its keyed hash is stored."""

    __tablename__ = "recovery_code"
    __table_args__ = (UniqueConstraint("user_id", "code_hash"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    code_hash: Mapped[bytes] = mapped_column(LargeBinary(32))
    used_at: Mapped[Instant | None]


class RoleGrant(Base):
    """One cell of the permission matrix. An empty scope is a decision too: the role lacks the permission."""

    __tablename__ = "role_grant"

    role: Mapped[str] = mapped_column(String(20), primary_key=True)
    permission: Mapped[str] = mapped_column(String(80), primary_key=True)
    scope: Mapped[str] = mapped_column(String(10))
