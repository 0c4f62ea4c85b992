"""HTML made harmless, and read aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.mail import html, plain
from tests.drivers.mail.letters import calm


def test_it_works() -> None:
    page = "<h1>Oferta</h1><p>Vea <a href='https://x.example/a'>el catálogo</a>:</p><ul><li>uno<li>dos</ul>"
    clean = html.clean(page, False)
    assert '<a href="https://x.example/a" target="_blank" rel="noopener noreferrer nofollow">' in clean
    assert plain.from_html(clean) == "Oferta\n\nVea el catálogo (https://x.example/a):\n\n- uno\n- dos"


@pytest.mark.parametrize(
    "evil",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<a href='javascript:alert(1)'>x</a>",
        "<a href='data:text/html,<script>'>x</a>", "<iframe src='https://x.example'></iframe>", "<svg onload=alert(1)>",
        "<form action='https://x.example'><input name=clave></form>", "<base href='https://x.example'>",
        "<meta http-equiv=refresh content='0;url=https://x.example'>", "<link rel=stylesheet href='https://x.example'>",
        "<style>@import 'https://x.example'</style>", "<div style='background:url(https://x.example)'>x</div>",
        "<p style='color:red;background-color:u\\rl(https://x.example)'>x</p>", "<div style='position:fixed'>x</div>",
        "<img src='https://x.example/p.gif'>", "<img src='//x.example/p.gif'>", "<body background='https://x.example'>",
        "<img srcset='https://x.example/p.gif 1x'>", "<video poster='https://x.example'>", "<td background='https://x.example'>",
        "<img src='data:image/svg+xml;base64,PHN2Zz4='>", "<math><mtext><img src=x onerror=alert(1)></mtext></math>",
    ],
)  # fmt: skip
def test_nothing_runs_and_nothing_is_fetched(evil: str) -> None:
    clean = html.clean(evil, False)
    for bad in ("alert", "x.example", "script", "position", "<input", "svg", "text/html"):
        assert bad not in clean.replace("[", "")


def test_pictures_of_the_message_stay_and_remote_ones_by_setting() -> None:
    page = "<img src='cid:a@b'><img src='data:image/png;base64,iVBORw=='><img src='https://x.example/a.png' alt='Logo'>"
    assert html.clean(page, False).count("src=") == 2
    assert html.clean(page, True).count("src=") == 3
    assert plain.from_html(html.clean(page, False)) == "[Logo]"


@pytest.mark.parametrize(
    ("page", "text"),
    [
        ("Hola<br>¿qué tal?", "Hola\n¿qué tal?"),
        ("<table><tr><td>Precio</td><td>₡5</td></tr><tr><td>IVA</td><td>₡6</td></tr></table>", "Precio ₡5\nIVA ₡6"),
        ("<p>Sí</p><blockquote>¿Viene?<br>Ana</blockquote>", "Sí\n\n> ¿Viene?\n> Ana"),
        ("<ol start=3><li>a</li><li>b</li></ol>", "3. a\n4. b"),
        ("<pre>a  b\n  c</pre>", "a  b\n  c"),
        ("&lt;b&gt; &amp; &#241;&nbsp;x", "<b> & ñ x"),
        ("<a href='mailto:ana@x.example'>ana@x.example</a>", "ana@x.example"),
        ("<div><div>a</div></div><div>b</div>", "a\nb"),
        ("a<hr>b", "a\n\n---\nb"),
    ],
)  # fmt: skip
def test_read_aloud(page: str, text: str) -> None:
    assert plain.from_html(html.clean(page, False)) == text


@pytest.mark.parametrize("evil", ["<div>" * 100_000, "<a " + "x=1 " * 50_000 + ">", "<a " * 50_000, "<" * 100_000])
def test_what_is_made_to_keep_us_busy_still_gives_its_words(evil: str) -> None:
    assert len(html.clean(evil + "hola", False)) < 2_000_000
    assert plain.stripped(evil + ">hola").endswith("hola")


@calm
@given(st.text(max_size=200))
def test_any_text_is_harmless_and_readable(page: str) -> None:
    page = page.encode("utf-8", "replace").decode()
    plain.from_html(html.clean(page, True))
    plain.stripped(page)
    plain.unflow(page, True)


def test_flowed_text_is_joined() -> None:
    text = "Una línea que \nsigue aquí.\n> citada que \n> sigue\nOtra.\n-- \nfirma"
    assert plain.unflow(text, False) == "Una línea que sigue aquí.\n> citada que sigue\nOtra.\n-- \nfirma"
