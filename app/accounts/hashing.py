"""argon2id, off the event loop and behind a small limit: a login rush may not stall the pages."""

import asyncio
import hashlib
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

AT_ONCE = 2
TOKEN_BYTES = 32
# the hash of random text that nobody kept, with the parameters below: what is verified where there is no account
NOBODYS = "$argon2id$v=19$m=32768,t=3,p=1$J6qKi2+4YQzfF6Gm81MeRA$Ghz+wKvQp+1bL9gj1jNgxpZje7yeIhANNKQ+UAR8IXM"
_hasher = PasswordHasher(time_cost=3, memory_cost=32 * 1024, parallelism=1)
_gates: dict[int, asyncio.Semaphore] = {}


def _gate() -> asyncio.Semaphore:
    """One limit per event loop: tests and commands have loops of their own."""
    loop = id(asyncio.get_running_loop())
    if loop not in _gates:
        _gates.clear()
        _gates[loop] = asyncio.Semaphore(AT_ONCE)
    return _gates[loop]


async def hash_password(password: str) -> str:
    """An argon2id hash with its own salt and parameters."""
    async with _gate():
        return await asyncio.to_thread(_hasher.hash, password)


async def verify_password(password: str, hashed: str) -> bool:
    """Whether it fits. An empty `hashed` (nobody, or no password yet) costs the same time and never fits."""
    async with _gate():
        fits = await asyncio.to_thread(_fits, password, hashed or NOBODYS)
    return fits and bool(hashed)


def outdated(hashed: str) -> bool:
    """Whether it was made with weaker parameters than today's."""
    return bool(hashed) and _hasher.check_needs_rehash(hashed)


def _fits(password: str, hashed: str) -> bool:
    try:
        return _hasher.verify(hashed, password)
    except (VerificationError, InvalidHashError):
        return False


def new_token() -> str:
    """A secret for a cookie or a link: 256 random bits."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def token_hash(token: str) -> bytes:
    """What is stored of a random token. Its 256 bits need no slow hash."""
    return hashlib.sha256(token.encode()).digest()
