"""The table that the older tool got wrong (two rows for one person, one row for two), with the right answers."""

import pytest

from app.contacts.phones import normalise
from tests.contacts.phone_rules import reason

# The older tool's own example, 5123-4567, is in no range of Costa Rica's plan: refused, always for the same
# reason and never as somebody else's number. 8312-3456 stands for it where a number must exist.
SAME_PERSON = [
    "+506-{0}-{1}",
    "506{0}{1}",
    "(506) {0}-{1}",
    "{0}{1}",
    "{0} {1}",
    "{0}-{1}",
    "00506 {0}{1}",
    "+506 {0}.{1}",
]


def test_it_works():
    assert normalise("+506-8312-3456", "CR").e164 == "+50683123456"


@pytest.mark.parametrize("spelling", SAME_PERSON)
def test_every_spelling_is_the_same_person(spelling):
    assert normalise(spelling.format("8312", "3456"), "CR").e164 == "+50683123456"


@pytest.mark.parametrize("spelling", SAME_PERSON)
def test_a_number_outside_the_plan_is_refused_in_every_spelling(spelling):
    assert reason(spelling.format("5123", "4567"), "CR") == "unassigned"


@pytest.mark.parametrize("region", ["CR", "MX", "US"])
def test_a_north_american_fiction_number_is_refused_and_collides_with_nobody(region):
    assert reason("+1-555-123-4567", region) == "unassigned"


def test_a_real_north_american_number_is_its_own():
    assert normalise("+1-202-383-1234", "CR").e164 == "+12023831234"
    assert normalise("8383-1234", "CR").e164 == "+50683831234"


@pytest.mark.parametrize("region", ["CR", "MX"])
@pytest.mark.parametrize("text", ["+52 55 1234 5678", "+52 1 55 1234 5678", "+525512345678"])
def test_a_mexican_number_is_whole_with_and_without_the_old_one(text, region):
    assert normalise(text, region).e164 == "+525512345678"


def test_eight_digits_are_costa_rican_only_in_a_costa_rican_office():
    assert normalise("8312 3456", "CR").e164 == "+50683123456"
    assert reason("8312 3456", "MX") == "area_code"


def test_fixed_lines_are_phones_too():
    assert normalise("2260-4418", "CR").kind == "fixed"
    assert normalise("4000-1234", "CR").kind == "voip"
