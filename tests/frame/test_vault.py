"""Secrets at rest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.frame.vault import Vault, VaultError

vault = Vault("a long office secret")


def test_it_works() -> None:
    sealed = vault.seal("contraseña", "device-1")
    assert b"contrase" not in sealed
    assert vault.open(sealed, "device-1") == "contraseña"


@given(st.text(), st.text())
def test_any_text_comes_back(text: str, purpose: str) -> None:
    assert vault.open(vault.seal(text, purpose), purpose) == text


@given(st.integers(0, 10_000), st.integers(1, 255))
def test_one_changed_byte_anywhere_is_seen(place: int, by: int) -> None:
    sealed = bytearray(vault.seal("secreto", "device-1"))
    sealed[place % len(sealed)] ^= by
    with pytest.raises(VaultError):
        vault.open(bytes(sealed), "device-1")


@given(st.binary(max_size=80))
def test_rubbish_is_refused_and_nothing_else(rubbish: bytes) -> None:
    with pytest.raises(VaultError):
        vault.open(rubbish, "device-1")


def test_another_purpose_does_not_open_it() -> None:
    with pytest.raises(VaultError):
        vault.open(vault.seal("secreto", "device-1"), "device-2")


def test_the_same_text_never_looks_the_same() -> None:
    assert vault.seal("secreto", "x") != vault.seal("secreto", "x")


def test_an_older_secret_still_opens_and_is_known_as_stale() -> None:
    sealed = Vault("old secret").seal("secreto", "x")
    both = Vault("new secret", "old secret")
    assert both.open(sealed, "x") == "secreto"
    assert both.stale(sealed, "x")
    assert not both.stale(both.seal("secreto", "x"), "x")
    with pytest.raises(VaultError):
        Vault("new secret").open(sealed, "x")


def test_a_vault_without_a_secret_is_refused_and_says_nothing_in_a_log() -> None:
    with pytest.raises(ValueError, match="needs a secret"):
        Vault("")
    assert "office secret" not in repr(vault)
