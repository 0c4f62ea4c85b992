"""The distilled tables say what the library says, at a fortieth of its memory."""

import random
import subprocess
import sys

import phonenumbers

from app.contacts.phones import operator
from app.contacts.prefixes import DATA, from_library


def test_it_works():
    assert operator("+50688123456") == "Kolbi ICE"


def test_the_data_files_are_what_the_installed_library_says():
    for name, text in from_library().items():
        kept = (DATA / name).read_text(encoding="utf-8")
        assert body(kept) == body(text), f"{name}: run python -m app.contacts.prefixes"


def body(text: str) -> str:
    return text.partition("\n")[2]


def test_operators_agree_with_the_library_everywhere():
    from phonenumbers import carrier

    rng = random.Random(5)
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for number in samples(region, rng):
            named = carrier.name_for_number(number, "en") or None
            assert operator(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)) == named


def samples(region: str, rng: random.Random) -> list[phonenumbers.PhoneNumber]:
    """The country's example mobile number and valid neighbours of it."""
    example = phonenumbers.example_number_for_type(region, phonenumbers.PhoneNumberType.MOBILE)
    if example is None:
        return []
    plain = phonenumbers.national_significant_number(example)
    near = (plain[:2] + "".join(rng.choices("0123456789", k=len(plain) - 2)) for _ in range(40))
    texts = [f"+{example.country_code}{digits}" for digits in (plain, *near)]
    parsed = [phonenumbers.parse(text) for text in texts]
    return [one for one in parsed if phonenumbers.is_valid_number(one)]


def test_the_librarys_heavy_tables_stay_out_of_the_process():
    code = (
        "import sys; from app.contacts.phones import operator; operator('+50688123456'), operator('+34612345678');"
        "sys.exit(any(m.startswith(('phonenumbers.carrierdata', 'phonenumbers.tzdata')) for m in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], cwd=DATA.parents[2], check=False).returncode == 0
