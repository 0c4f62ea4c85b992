"""Secrets at rest: AES-256-GCM under a key derived from the office's secret, one key per purpose."""

import os
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

VERSION = 1
NONCE = 12
SALT = b"centralita vault"


class VaultError(Exception):
    """Sealed text that does not open: changed, cut, of another purpose or sealed under a secret that we lack."""


class Vault:
    """`secrets`: the office's own first; after it, older ones that still open what was sealed before a change."""

    def __init__(self, *secrets: str) -> None:
        if not secrets or not all(secrets):
            raise ValueError("the vault needs a secret")
        self._secrets = secrets

    def __repr__(self) -> str:
        return f"<Vault of {len(self._secrets)}>"

    def seal(self, text: str, purpose: str) -> bytes:
        """version (1 byte), key mark (4), nonce (12), sealed text with tag (16). Opens only under the same purpose."""
        return self.seal_bytes(text.encode(), purpose)

    def seal_bytes(self, plain: bytes, purpose: str) -> bytes:
        key, mark = _key(self._secrets[0], purpose)
        nonce = os.urandom(NONCE)
        head = bytes([VERSION]) + mark
        return head + nonce + AESGCM(key).encrypt(nonce, plain, head)

    def open(self, sealed: bytes, purpose: str) -> str:
        """Raises VaultError."""
        return self.open_bytes(sealed, purpose).decode()

    def open_bytes(self, sealed: bytes, purpose: str) -> bytes:
        head, nonce, body = sealed[:5], sealed[5 : 5 + NONCE], sealed[5 + NONCE :]
        if len(body) < 16 or head[0] != VERSION:
            raise VaultError("not sealed by this vault")
        key = self._find(head[1:], purpose)
        try:
            return AESGCM(key).decrypt(nonce, body, head)
        except InvalidTag as error:
            raise VaultError("the sealed text was changed") from error

    def stale(self, sealed: bytes, purpose: str) -> bool:
        """Whether it was sealed under an older secret and should be sealed again."""
        return sealed[1:5] != _key(self._secrets[0], purpose)[1]

    def _find(self, mark: bytes, purpose: str) -> bytes:
        for secret in self._secrets:
            key, known = _key(secret, purpose)
            if known == mark:
                return key
        raise VaultError("sealed for another purpose, or under a secret that is not here")


@lru_cache(maxsize=1000)
def _key(secret: str, purpose: str) -> tuple[bytes, bytes]:
    """32 bytes of key and 4 that tell keys apart without telling them."""
    derived = HKDF(SHA256(), 36, SALT, f"{VERSION}:{purpose}".encode()).derive(secret.encode())
    return derived[:32], derived[32:]
