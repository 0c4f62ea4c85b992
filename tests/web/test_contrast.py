"""Every pair of a text or a control with the surface it may lie on meets WCAG 2.2 AA, by day and by night."""

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = Path(__file__).parents[2] / "web" / "static" / "tokens.css"
TEXT, CONTROL = 4.5, 3.0
SURFACES = ("bg", "surface", "surface-sunk", "surface-hover", "overlay")
MEANINGS = ("ok", "warn", "danger", "accent")
CHANNELS = ("voice", "whatsapp", "messenger", "telegram", "sms", "mail")
WORDS = ("text", "text-2", "text-3", "accent-text", "ok-text", "warn-text", "danger-text")
SOLIDS = ("accent", "accent-hover", "ok", "danger", "danger-hover", "warn")


def _pairs() -> list[tuple[str, str, float]]:
    """(what is drawn, what it is drawn on, least contrast)."""
    pairs = [(word, surface, TEXT) for word, surface in product(WORDS, SURFACES)]
    pairs += [(line, surface, CONTROL) for line, surface in product(("line-control", "focus", "copper"), SURFACES)]
    pairs += [(word, f"{m}-soft", TEXT) for m in MEANINGS for word in (f"{m}-text", "text", "text-2")]
    pairs += [(word, "surface-press", TEXT) for word in ("text", "text-2")]
    pairs += [(word, "note", TEXT) for word in ("text", "text-2", "warn-text")]
    pairs += [("text-2", "idle-soft", TEXT), ("text-3", "accent-soft", TEXT)]
    pairs += [(_on(solid), solid, TEXT) for solid in SOLIDS]
    pairs += [(f"ch-{c}", s, TEXT) for c, s in product(CHANNELS, ("surface", "bg", "accent-soft", "surface-hover"))]
    pairs += [(mark, "surface", CONTROL) for mark in ("ok", "idle", "danger", *(f"c{n}" for n in range(1, 7)))]
    return pairs


def _on(solid: str) -> str:
    return {"accent": "on-accent", "warn": "on-warn"}.get(solid.split("-")[0], "on-solid")


def _tokens() -> dict[str, tuple[str, str]]:
    css = TOKENS.read_text(encoding="utf-8")
    found = re.finditer(r"--([\w-]+):\s*light-dark\((#[0-9a-f]{6}),\s*(#[0-9a-f]{6})\)", css)
    return {m[1]: (m[2], m[3]) for m in found}


def _luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, WCAG 2.2."""
    red, green, blue = (_linear(int(colour[i : i + 2], 16) / 255) for i in (1, 3, 5))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_it_works() -> None:
    assert _contrast("#000000", "#ffffff") == pytest.approx(21)
    assert _contrast("#767676", "#ffffff") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize(("theme", "name"), [(0, "light"), (1, "dark")])
def test_every_pair_can_be_read(theme: int, name: str) -> None:
    tokens = _tokens()
    measured = [(f, b, need, _contrast(tokens[f][theme], tokens[b][theme])) for f, b, need in _pairs()]
    assert [f"{name}: {f} on {b} is {got:.2f}, needs {need}" for f, b, need, got in measured if got < need] == []
