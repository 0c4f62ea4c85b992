"""What a password must be."""

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given
from hypothesis import strategies as st

from app.accounts import hashing
from app.accounts.password_rules import MAX, MIN, check_password, common, is_common, is_own
from app.frame.refused import Refused

OWN = ("Ana Solano Mora", "ana.solano@irazu.example", "Cafetalera Irazú")


def test_it_works():
    check_password("tres gatos en el techo", OWN)
    check_password("Xq7#mP2$vL9w", OWN)


@pytest.mark.parametrize(
    ("password", "words"),
    [
        ("corta", "al menos 10"),
        ("x" * 201, "como máximo"),
        ("password123", "primeras que se prueban"),
        ("P4ssw0rd2026!", "primeras que se prueban"),
        ("Contraseña123", "primeras que se prueban"),
        ("qwertyuiop", "primeras que se prueban"),
        ("1234567890", "primeras que se prueban"),
        ("abcabcabcabc", "primeras que se prueban"),
        ("aaaaaaaaaaaa", "primeras que se prueban"),
        ("zyxwvutsrq", "primeras que se prueban"),
        ("AnaSolano2026", "No use su nombre"),
        ("irazú-cafetalera", "No use su nombre"),
        ("centralita99", "No use su nombre"),
    ],
)
def test_bad_ones_are_refused_with_the_reason(password, words):
    with pytest.raises(Refused, match=words) as refused:
        check_password(password, OWN)
    assert refused.value.field == "password"


def test_a_phrase_may_hold_a_name_among_other_words():
    assert not is_own("a solano le gustan los mangos", OWN)


def test_the_list_is_long_and_folded():
    listed = common()
    assert sum(len(word) >= MIN for word in listed) >= 1000
    assert all(word == word.lower() and is_common(word) for word in listed)


@given(st.text(max_size=300))
def test_any_text_gets_a_verdict(text):
    verdict = None
    try:
        check_password(text, OWN)
    except Refused as refused:
        verdict = refused.sentence
    assert verdict or MIN <= len(text) <= MAX


async def test_a_hash_fits_its_password_alone():
    hashed = await hashing.hash_password("tres gatos en el techo")
    assert hashed.startswith("$argon2id$")
    assert await hashing.verify_password("tres gatos en el techo", hashed)
    assert not await hashing.verify_password("tres gatos en el tejado", hashed)
    assert not await hashing.verify_password("tres gatos en el techo", "")
    assert not await hashing.verify_password("x", "not a hash")
    assert not hashing.outdated(hashed)


async def test_nobody_costs_as_much_time_as_somebody(monkeypatch):
    """Else the time of the answer would tell which accounts exist: the same work is done, with the same parameters."""
    hashed, worked = await hashing.hash_password("tres gatos en el techo"), []

    class Watched(PasswordHasher):
        def verify(self, hashed, password):
            worked.append(extract_parameters(hashed))
            return super().verify(hashed, password)

    monkeypatch.setattr(hashing, "_hasher", Watched())
    assert not await hashing.verify_password("otra cosa", "")
    assert not await hashing.verify_password("otra cosa", hashed)
    assert worked == [extract_parameters(hashed)] * 2
