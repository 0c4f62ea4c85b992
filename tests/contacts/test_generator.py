"""Generated numbers exist, are all different, follow the operators' shares and favour no number."""

import random
from collections import Counter

import msgspec
import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import carrier

from app.contacts.generator import (
    METHODS,
    BadAmount,
    BadMethod,
    BadShares,
    NotEnoughNumbers,
    Numbering,
    costa_rica,
    generate,
)
from app.contacts.generator.quotas import at_random
from app.contacts.phones import normalise, operator

AMOUNTS = st.integers(1, 1000)
NAMES = [one.name for one in costa_rica().operators]
KOLBI, LIBERTY, CLARO = NAMES


def counts(amount: int, method: str, **more: object) -> list[int]:
    found = Counter(one.operator for one in generate(amount, method, seed=1, **more))
    return [found[name] for name in NAMES]


def test_it_works():
    batch = generate(10, "stratified", seed=1)
    assert len({one.e164 for one in batch}) == 10


@given(AMOUNTS, st.sampled_from(sorted(METHODS)), st.integers())
def test_a_batch_is_exactly_as_large_as_asked_and_all_different(amount, method, seed):
    assert len({one.e164 for one in generate(amount, method, seed=seed)}) == amount


def test_every_number_is_valid_mobile_and_of_the_operator_that_the_metadata_names():
    for seed in range(5):
        for one in generate(1000, "simple", seed=seed):
            parsed = phonenumbers.parse(one.e164)
            assert phonenumbers.is_valid_number(parsed)
            assert normalise(one.e164, None).kind == "mobile"
            assert carrier.name_for_number(parsed, "en") == one.operator


def test_ranges_agree_with_the_metadata_block_by_block():
    """Every block of a thousand of every range, its first and last number: not a sample."""
    for owner in costa_rica().operators:
        for first, last in owner.ranges:
            edges = {int(first), int(last)} | set(range(int(first), int(last) + 1, 1000))
            assert {operator(f"+506{number}") for number in edges} == {owner.name}


def test_the_ranges_hold_every_mobile_number_that_the_metadata_gives_to_an_operator():
    """Nothing is forgotten but what the note of the data file leaves out: 3005."""
    named = {block for block in range(30000, 90000) if operator(f"+506{block}000")}
    ours = {
        block
        for owner in costa_rica().operators
        for first, last in owner.ranges
        for block in range(int(first) // 1000, int(last) // 1000 + 1)
    }
    assert named - ours == set(range(30050, 30060))
    assert ours <= named


def test_stratified_follows_the_shares_and_the_largest_takes_the_remainder():
    assert counts(1000, "stratified") == [400, 350, 250]
    assert counts(7, "stratified") == [2 + 2, 2, 1]
    assert counts(1, "stratified") == [1, 0, 0]


def test_simple_gives_equal_parts_and_the_last_takes_the_remainder():
    assert counts(1000, "simple") == [333, 333, 334]
    assert counts(3, "simple") == [1, 1, 1]


def test_shares_are_data():
    assert counts(100, "stratified", shares={CLARO: 50, KOLBI: 20, LIBERTY: 30}) == [20, 30, 50]
    assert counts(100, "stratified", shares={CLARO: 0, KOLBI: 0, LIBERTY: 100}) == [0, 100, 0]


@given(AMOUNTS, st.lists(st.integers(0, 100), min_size=2, max_size=2))
def test_stratified_is_never_more_than_one_number_per_operator_away_from_the_shares(amount, cuts):
    low, high = sorted(cuts)
    shares = dict(zip(NAMES, (low, high - low, 100 - high), strict=True))
    found = Counter(one.operator for one in generate(amount, shares=shares, seed=3))
    assert all(abs(found[name] - amount * share / 100) <= len(NAMES) - 1 for name, share in shares.items())


def test_random_favours_no_operator():
    """Each way to divide 4 numbers among 3 operators (15 of them) comes equally often: chi-square, 14 degrees."""
    rng = random.Random(11)
    seen = Counter(tuple(at_random(4, dict.fromkeys(NAMES, 0.0), rng).values()) for _ in range(15_000))
    assert len(seen) == 15
    assert chi_square(list(seen.values())) < 36.12  # p = 0.001


def chi_square(found: list[int]) -> float:
    expected = sum(found) / len(found)
    return sum((one - expected) ** 2 / expected for one in found)


@pytest.mark.parametrize("owner", costa_rica().operators, ids=lambda one: one.title)
def test_numbers_are_uniform_within_the_ranges(owner):
    """50 equal slices of all the operator's numbers, 20,000 draws: chi-square, 49 degrees of freedom."""
    shares = {name: 100.0 * (name == owner.name) for name in NAMES}
    slices = Counter[int]()
    for seed in range(20):
        for one in generate(1000, seed=seed, shares=shares):
            slices[position(owner, one.e164[4:]) * 50 // owner.size] += 1
    assert len(slices) == 50
    assert chi_square(list(slices.values())) < 85.35  # p = 0.001


def position(owner, national: str) -> int:
    before = 0
    for first, last in owner.ranges:
        if first <= national <= last:
            return before + int(national) - int(first)
        before += int(last) - int(first) + 1
    raise AssertionError(f"{national} is outside the ranges of {owner.name}")


def test_the_ends_of_ranges_come_no_more_often_than_the_rest():
    """The older tool doubled the shared end points of its ranges; a range of ten numbers shows any such bias."""
    tiny = small([["88000000", "88000004"], ["88000005", "88000009"]])
    found = Counter(generate(1, seed=seed, numbering=tiny)[0].e164 for seed in range(5000))
    assert len(found) == 10
    assert chi_square(list(found.values())) < 27.88  # 9 degrees, p = 0.001


def small(ranges: list[list[str]]) -> Numbering:
    operators = [{"name": "Kolbi ICE", "title": "Kölbi", "share_percent": 100, "ranges": ranges}]
    text = {"country": "CR", "calling_code": "506", "source": "", "date": "", "note": "", "operators": operators}
    return msgspec.convert(text, Numbering)


def test_a_seed_makes_it_repeatable():
    for method in METHODS:
        assert generate(200, method, seed=42) == generate(200, method, seed=42)
        assert generate(200, method, seed=42) != generate(200, method, seed=43)
        assert generate(200, method) != generate(200, method)


def test_numbers_that_the_office_has_are_avoided():
    first = {one.e164 for one in generate(500, seed=9)}
    assert first.isdisjoint(one.e164 for one in generate(500, seed=9, taken=first))
    assert first.isdisjoint(one.e164 for one in generate(500, seed=9, taken=first.__contains__))


def test_the_last_free_number_is_found():
    tiny = small([["88000000", "88000009"]])
    taken = {f"+5068800000{digit}" for digit in range(9)}
    assert [one.e164 for one in generate(1, numbering=tiny, taken=taken)] == ["+50688000009"]


def test_a_range_without_enough_free_numbers_is_refused():
    tiny = small([["88000000", "88000009"]])
    assert len(generate(10, numbering=tiny)) == 10
    with pytest.raises(NotEnoughNumbers, match="Pida menos"):
        generate(11, numbering=tiny)
    with pytest.raises(NotEnoughNumbers):
        generate(1, taken=lambda e164: e164.startswith("+506"), numbering=tiny)


@pytest.mark.parametrize("amount", [0, -1, 1001, 10_000, 1.5, "10", True, None])
def test_a_wrong_amount_is_refused(amount):
    with pytest.raises(BadAmount, match="1000"):
        generate(amount)


@pytest.mark.parametrize("method", ["", "Stratified ", "thirds", None])
def test_an_unknown_method_is_refused(method):
    with pytest.raises(BadMethod):
        generate(1, method)


@pytest.mark.parametrize(
    "shares",
    [
        {KOLBI: 100}, {KOLBI: 40, LIBERTY: 35, CLARO: 26}, {KOLBI: 140, LIBERTY: -40, CLARO: 0},
        {KOLBI: float("nan"), LIBERTY: 50, CLARO: 50}, {KOLBI: 40, LIBERTY: 35, "Tigo": 25},
    ],
)  # fmt: skip
def test_wrong_shares_are_refused(shares):
    with pytest.raises(BadShares):
        generate(1, shares=shares)


@pytest.mark.parametrize(
    "ranges",
    [[["88000009", "88000000"]], [["88000000", "88000009"], ["88000009", "88000019"]], [["8800", "88000000"]]],
)
def test_ranges_that_overlap_or_run_backwards_are_not_loaded(ranges):
    with pytest.raises(msgspec.ValidationError):
        small(ranges)


def test_the_data_say_where_they_come_from():
    assert costa_rica().source
    assert costa_rica().date >= "2026-11-21"
