"""Which entry of the side is the current one."""

import pytest

from app.frame.navigation import _within


@pytest.mark.parametrize(
    ("path", "url", "current"),
    [
        ("/contactos", "/contactos", True),
        ("/contactos/7", "/contactos", True),
        ("/contactosos", "/contactos", False),
        ("/", "/", True),
        ("/contactos", "/", False),
    ],
)
def test_it_works(path: str, url: str, current: bool) -> None:
    assert _within(path, url) is current
