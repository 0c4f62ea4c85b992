"""One phone, however it is written, has one E.164 key; what is no phone is refused with its reason."""

import pickle
import random

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contacts.bad_phone import SENTENCES, BadPhone
from app.contacts.phone_plans import PLANS
from app.contacts.phones import Phone, digits, display, national, normalise, normalise_many, operator, plain_many
from app.frame.i18n import PLACE, Place
from tests.contacts.phone_rules import by_library, by_us, reason

REGIONS = st.sampled_from(["CR", "MX"])
FILLERS = st.sampled_from(["", " ", "-", " - ", "(", ")", "  "])


def lengths_of(region: str) -> int:
    return {"CR": 8, "MX": 10}[region]


def random_digits(rng: random.Random, length: int) -> str:
    return f"{rng.randrange(10**length):0{length}d}"


def valid_numbers(region: str, amount: int) -> list[str]:
    rng = random.Random(f"valid {region}")
    match, length = PLANS[region].match, lengths_of(region)
    found: list[str] = []
    while len(found) < amount:
        one = random_digits(rng, length)
        if match(one):
            found.append(one)
    return found


def test_it_works():
    assert normalise("8812-3456", "CR") == Phone("+50688123456", "CR", "mobile", "Kolbi ICE")


@pytest.mark.parametrize("region", ["CR", "MX"])
def test_random_digits_are_judged_as_the_library_judges_them(region):
    rng = random.Random(7)
    texts = [random_digits(rng, lengths_of(region)) for _ in range(20_000)]
    assert [by_us(text, region) for text in texts] == [by_library(text, region) for text in texts]


@pytest.mark.parametrize("region", ["CR", "MX"])
def test_valid_numbers_are_read_as_the_library_reads_them(region):
    code = PLANS[region].plus
    for digits_ in valid_numbers(region, 5_000):
        ours = by_us(digits_, region)
        assert ours is not None
        assert ours == by_library(digits_, region) == by_us(code + digits_, None) == by_us(code[1:] + digits_, region)


@given(st.text("0123456789 +-().", max_size=20), REGIONS)
def test_any_digits_and_punctuation_are_read_as_the_library_reads_them(text, region):
    judged = by_library(text, region)
    if judged is None and not spelt_like_an_old_habit(text):
        assert by_us(text, region) is None
    elif judged is not None and not looks_like_a_float(text):
        assert by_us(text, region) == judged


def spelt_like_an_old_habit(text: str) -> bool:
    """Mexico's dropped prefixes and +00, which we understand and the library does not."""
    plain = digits(text)
    return len(plain) >= 12 or "+00" in text.replace(" ", "").replace("(", "") or looks_like_a_float(text)


def looks_like_a_float(text: str) -> bool:
    return text.strip().endswith((".0", ".00"))


@given(
    st.integers(10**9, 10**10 - 1),
    st.lists(FILLERS, min_size=12, max_size=12),
    REGIONS,
    st.sampled_from(["+", "00", ""]),
)
def test_punctuation_never_changes_the_number(number, fillers, region, prefix):
    length = lengths_of(region)
    plain = str(number)[:length]
    spelt = "".join(filler + digit for filler, digit in zip(fillers, plain, strict=False))
    code = PLANS[region].code if prefix else ""
    assert by_us(prefix + code + spelt, region) == by_us(plain, region)


@pytest.mark.parametrize(
    "habit", ["521", "+521", "+52 1 ", "044", "044 ", "045", "01", "01 ", "+52 01 ", "00521", "+52 044"]
)
def test_old_mexican_habits_lead_to_todays_number(habit):
    for plain in ("5512345678", "3312345678", "6641234567"):
        assert normalise(habit + plain, "MX").e164 == f"+52{plain}"


@pytest.mark.parametrize("text", ["+5215512345678", "+52 1 55 1234 5678", "+52 044 55 1234 5678"])
def test_old_mexican_habits_are_understood_from_costa_rica_when_the_country_is_given(text):
    assert normalise(text, "CR").e164 == "+525512345678"


@given(st.integers(0, 9_999_999_999))
def test_a_habit_before_a_number_that_does_not_exist_does_not_make_one(number):
    plain = f"{number:010d}"
    assert by_us("+521" + plain, "MX") == by_library("+52" + plain, "MX")


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("2260-4418 ext. 12", "12"), ("2260-4418 ext 12", "12"), ("2260 4418 x12", "12"), ("2260-4418x7", "7"),
        ("2260-4418 extensión 305", "305"), ("2260-4418, int. 4", "4"), ("2260-4418 #12", "12"),
        ("2260-4418;ext=33", "33"), ("2260-4418 (ext. 12)", "12"), ("2260-4418", None),
    ],
)  # fmt: skip
def test_an_extension_is_kept_apart(text, extension):
    phone = normalise(text, "CR")
    assert (phone.e164, phone.extension) == ("+50622604418", extension)


@pytest.mark.parametrize(
    "text",
    [
        "88123456.0", "88123456.00", "88123456,0", "8.8123456E7", "8.8123456e7", "8,8123456E7", "8.8123456E+07",
        "5.0688123456E10", "50688123456.0", "'88123456", '="88123456"', "88,123,456", "8.81234560E+07",
    ],
)  # fmt: skip
def test_spreadsheets_are_undone(text):
    assert normalise(text, "CR").e164 == "+50688123456"


def test_a_float_with_seven_digits_does_not_gain_an_eighth():
    assert reason("8812345.0", "CR") == "too_short"


@pytest.mark.parametrize("text", ["8.81E+07", "8.812345E+07", "8,8E+07", "5.07E+10", "1E+300"])
def test_a_number_that_excel_rounded_is_refused_and_not_filled_with_zeros(text):
    assert reason(text, "CR") in ("rounded", "not_a_number")


def test_a_float_that_a_program_wrote_keeps_its_zeros():
    assert normalise("8.8E7", "CR").e164 == "+50688000000"


@given(st.integers(10**7, 10**8 - 1))
def test_a_float_reads_as_its_digits(number):
    from decimal import Decimal

    exact = f"{Decimal(number).normalize():E}".replace("E+", "E")
    assert by_us(f"{number}.0", "CR") == by_us(str(number), "CR") == by_us(exact, "CR")


@pytest.mark.parametrize(
    "text",
    [
        "Cel: 8812-3456 (mamá)", "88123456 Juan", "tel:+506-8812-3456", "https://wa.me/50688123456", "Tel. 8812 3456",
        "50688123456@s.whatsapp.net", "\u202a+506 8812\u20113456\u202c", "8812\u00a03456", "８８１２３４５６",
        "٨٨١٢٣٤٥٦", "+0050688123456", "+++506 88123456", "(+506) 8812.3456", "506 8812 3456",
        "1900 8812 3456", "\t88123456\n",
    ],
)  # fmt: skip
def test_what_surrounds_a_number_is_put_aside(text):
    assert normalise(text, "CR").e164 == "+50688123456"


@pytest.mark.parametrize(
    ("text", "region", "code"),
    [
        ("", "CR", "empty"), (" - ", "CR", "empty"), ("+", "CR", "empty"), ("N/A", "CR", "not_a_number"),
        ("no tiene", "CR", "not_a_number"), ("2260 casa", "CR", "not_a_number"), ("88O12345", "CR", "not_a_number"),
        ("911", "CR", "too_short"), ("8812345", "CR", "too_short"), ("881234567", "CR", "too_long"),
        ("55 1234 5678", "CR", "too_long"), ("5512345", "MX", "area_code"), ("12345678", "CR", "unassigned"),
        ("+506 5123 4567", "MX", "unassigned"), ("+999 1234 5678", "CR", "country"), ("8812 3456", None, "no_country"),
        ("8812-3456 / 2260-4418", "CR", "several"), ("Ofic 2260-4418 Cel 8812-3456", "CR", "several"),
        ("8812****", "CR", "masked"), ("****", "CR", "masked"), ("8" * 300, "CR", "not_a_number"),
        ("+34 12", "CR", "too_short"), ("+34 612 345 678 901", "CR", "too_long"), ("88123456", "ZZ", "no_country"),
    ],
)  # fmt: skip
def test_what_is_no_phone_is_refused_with_its_reason(text, region, code):
    assert reason(text, region) == code


@given(st.text(max_size=60), st.sampled_from(["CR", "MX", "US", None, "", "ZZ"]))
def test_any_text_is_a_valid_phone_or_a_refusal_with_a_sentence(text, region):
    (answer,) = normalise_many([text], region)
    if isinstance(answer, Phone):
        assert phonenumbers.is_valid_number(phonenumbers.parse(answer.e164))
    else:
        assert answer.sentence
        assert "%(" not in answer.sentence


@given(st.lists(st.text("0123456789 +-()\tx", max_size=16) | st.text(max_size=20), max_size=5), REGIONS | st.none())
def test_what_is_plain_is_read_as_always(texts, region):
    """The shortest way says what the usual way says, or nothing."""
    for plain, usual in zip(plain_many(texts, region), normalise_many(texts, region), strict=True):
        if plain:
            assert isinstance(usual, Phone)
            assert (plain, usual.extension) == ((usual.e164, usual.operator), None)


def test_most_numbers_are_plain():
    assert plain_many(["88123456", "(506) 8812-3456", "+506 8812 3456", "8812", ""], "CR") == [
        ("+50688123456", "Kolbi ICE"), ("+50688123456", "Kolbi ICE"), ("+50688123456", "Kolbi ICE"), None, None,
    ]  # fmt: skip
    assert plain_many(["88123456"], None) == [None]


@given(st.integers(0, 10**8 - 1))
def test_a_phone_read_again_is_the_same_phone(number):
    once = by_us(f"{number:08d}", "CR")
    if once is not None:
        assert by_us(once[0], "MX") == by_us(display(once[0]), None) == by_us(national(once[0]), "CR") == once


def test_words_sold_as_numbers_are_dialled():
    assert normalise("800-CASAS00", "CR").e164 == "+5068002272700"


def test_other_countries_go_through_the_library():
    assert normalise("+34 612 34 56 78", "CR") == Phone("+34612345678", "ES", "mobile", operator("+34612345678"))
    assert normalise("(202) 456-1111", "US").kind == "fixed_or_mobile"


def test_the_sentence_speaks_the_readers_language():
    refusal = BadPhone("unassigned", {"region": "MX"})
    spanish = refusal.sentence
    before = PLACE.set(Place("en", "en", "UTC"))
    try:
        assert refusal.sentence != spanish
        assert "Mexico" in refusal.sentence
    finally:
        PLACE.reset(before)


def test_a_refusal_crosses_from_a_child_process():
    refusal = BadPhone("too_long", {"region": "CR", "expected": "8", "count": 9})
    assert pickle.loads(pickle.dumps(refusal)) == refusal  # noqa: S301
    assert "8" in str(refusal)


def test_every_sentence_is_translated():
    from app.frame.i18n import catalog

    assert [s for s in SENTENCES.values() if catalog("en").gettext(s) == s] == []


def test_numbers_are_shown_as_their_country_writes_them():
    assert national("+50688123456") == "8812 3456"
    assert national("+523312345678") == "33 1234 5678"
    assert national("+526641234567") == "664 123 4567"
    assert national("+5068002255238") == "800-225-5238"
    assert display("+50688123456") == "+506 8812 3456"
    assert display("+12024561111") == "+1 202-456-1111"
    assert national("whatever") == display("whatever") == "whatever"


@pytest.mark.parametrize("region", ["CR", "MX"])
def test_numbers_are_shown_as_the_library_shows_them(region):
    form = phonenumbers.PhoneNumberFormat
    for plain in valid_numbers(region, 2_000):
        e164 = PLANS[region].plus + plain
        parsed = phonenumbers.parse(e164)
        assert national(e164) == phonenumbers.format_number(parsed, form.NATIONAL)
        assert display(e164) == phonenumbers.format_number(parsed, form.INTERNATIONAL)


def test_a_fragment_is_searched_by_its_digits():
    assert digits("+506 88-12") == "5068812"
    assert digits("８８ doce") == "88"
    assert digits("casa") == ""


@pytest.mark.parametrize("region", ["CR", "MX"])
def test_whole_numbers_of_home_never_take_the_slow_way(region, monkeypatch):
    """The library takes ten times as long; a column of a hundred thousand cells has no time for it."""
    numbers = valid_numbers(region, 5_000)
    monkeypatch.setattr("app.contacts.phones._slow", lambda text, _region: pytest.fail(f"{text} went the slow way"))
    found = normalise_many([f"{one[:4]}-{one[4:]}" for one in numbers], region)
    assert all(isinstance(phone, Phone) for phone in found)
    assert len(found) == 5_000
