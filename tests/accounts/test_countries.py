"""Countries and their time zones."""

from app.accounts.countries import countries, guess_zone, is_country, is_zone, zones_of


def test_it_works():
    assert guess_zone("CR") == "America/Costa_Rica"
    assert guess_zone("MX") == "America/Mexico_City"
    assert "America/Tijuana" in zones_of("MX")


def test_the_two_offices_come_first_and_every_iso_country_follows():
    names = countries("es")
    assert [code for code, _name in names[:2]] == ["CR", "MX"]
    assert len(names) == len(dict(names)) == 249
    assert dict(countries("en"))["DE"] == "Germany"


def test_every_country_has_a_zone_that_exists():
    assert all(is_zone(guess_zone(code)) for code, _name in countries("es"))


def test_what_is_none_is_known():
    assert not is_country("XX")
    assert not is_country("")
    assert not is_zone("America/Cartago")
