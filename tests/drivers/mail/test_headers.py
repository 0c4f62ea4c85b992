"""Fields and file names as people's programs write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.mail import charsets, filenames, headers
from tests.drivers.mail.letters import calm, crlf, read


def test_it_works() -> None:
    assert headers.text("=?utf-8?q?Factura_n=C2=BA?= =?utf-8?q?_5?= de =?iso-8859-1?B?8WFu?=") == "Factura nº 5 de ñan"


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        ("=?utf-8?b?w7FhbmTD?=\r\n =?utf-8?b?ug==?=", "ñandú"),  # a letter cut between two words
        ("=?utf-8?Q?a b=C3=B1?=", "a bñ"),  # blanks inside
        ("=?x-nada?Q?a=F1o?=", "año"),
        ("=?utf-8?B?w7E?=", "ñ"),  # without its =
        ("=?utf-8?B?!!!?=", ""),
        ("=?utf-8?Q?=ZZ?=", "=ZZ"),
        ("=?utf-8*es?Q?=C3=B1?=", "ñ"),
        ('"=?utf-8?Q?=C3=B1?="', '"ñ"'),  # in quotes, against the rules
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("a\r\n\tb\x00c\x07", "a b \ufffdc".replace(" \ufffd", "\ufffd")),
    ],
)
def test_encoded_words(raw: str, said: str) -> None:
    assert headers.text(raw) == said


@pytest.mark.parametrize(
    ("raw", "people"),
    [
        ('"Pérez, Ana" <Ana@X.Example>', [("Ana@x.example", "Pérez, Ana")]),
        ("ana@x.example (Ana Mora)", [("ana@x.example", "Ana Mora")]),
        ("Equipo: ana@x.example, luis@y.example;", [("ana@x.example", ""), ("luis@y.example", "")]),
        ("undisclosed-recipients:;", []),
        ("Ana <<ana@x.example>>", [("ana@x.example", "")]),
        ("Ana Mora", []),
        ("(" * 5000 + " ana@x.example", [("ana@x.example", "")]),  # the library gives up on it
        ("=?utf-8?Q?Ana=2C?= <ana@x.example>, ana@x.example", [("ana@x.example", "Ana,")]),
    ],
)
def test_people(raw: str, people: list[tuple[str, str]]) -> None:
    assert [(p.address, p.name) for p in headers.people([raw])] == people


@pytest.mark.parametrize(
    ("disposition", "name"),
    [
        ("attachment; filename*=utf-8''Fact%C3%BAra.pdf", "Factúra.pdf"),
        ("attachment; filename*0*=utf-8''a%C3%B1o; filename*1=\" 2.pdf\"", "año 2.pdf"),
        ("attachment; filename*=iso-8859-1'es'a%F1o.pdf", "año.pdf"),
        ("attachment; filename*=nada''a%F1o.pdf", "año.pdf"),
        ("attachment; filename=\"=?utf-8?Q?a=C3=B1o.pdf?=\"", "año.pdf"),
        ("attachment; filename=\"utf-8''a%C3%B1o.pdf\"", "año.pdf"),
        ("attachment; filename=\"año.pdf\"", "año.pdf"),
        ("attachment; filename=a b.pdf", "a b.pdf"),
        ("attachment; filename=\"../../etc/passwd\"", "passwd"),
        ("attachment; filename=\"C:\\\\Docs\\\\x.pdf\"", "x.pdf"),
        ("attachment; filename=\"..\"", "adjunto-1.pdf"),
        ("attachment; filename=\"a<b>|c?.pdf\"", "a_b__c_.pdf"),
        ("attachment", "adjunto-1.pdf"),
        ("attachment; filename*=", "adjunto-1.pdf"),
        ("attachment; filename*0*=utf-8''%; filename*x=1", "%"),
    ],
)
def test_file_names(disposition: str, name: str) -> None:
    raw = crlf(f"From: a@x.example\nContent-Type: application/pdf\nContent-Disposition: {disposition}\n\nx")
    assert [a.name for a in read(raw).inbound.attachments] == [name]


@calm
@given(st.text(max_size=300))
def test_any_name_is_a_safe_name(name: str) -> None:
    made = filenames.safe(name, "text/plain", 3)
    assert 0 < len(made) <= filenames.NAME_MAX
    assert made not in (".", "..")
    assert not set(made) & set('/\\\0\n\r:*?"<>|')


@calm
@given(st.binary(max_size=200), st.one_of(st.none(), st.text(max_size=20), st.sampled_from(
    ["utf-7", "utf-16", "rot13", "zip", "idna", "punycode", "undefined", "unicode_escape", "hex", "uu", "\0", "utf-8"]
)))  # fmt: skip
def test_any_bytes_in_any_charset_are_text(content: bytes, charset: str | None) -> None:
    charsets.decode(content, charset).encode("utf-8")
    assert "\0" not in charsets.decode(content, charset)


@calm
@given(st.binary(max_size=200))
def test_no_field_raises(field: bytes) -> None:
    raw = field.decode("ascii", "surrogateescape")  # as the library keeps it
    headers.text(raw)
    headers.people([raw])
    headers.when(raw)
    headers.ids(raw)
