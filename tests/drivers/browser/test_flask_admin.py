"""Somebody else's pages: Flask-Admin behind a log-in, its pager followed to the end."""

import shutil
from decimal import Decimal

import pytest

from drivers.browser.driver import DRIVER
from drivers.browser.settings import BrowserSettings, RunRecipe
from tests.drivers.conftest import Living

pytest.importorskip("flask_admin", reason="Flask-Admin is not installed here")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("chromedriver"), reason="Chromium's driver is not installed here"),
]
SITE = """
base: {base}
pages:
  clientes: {{folder: /admin, path: client, shows: table.model-list}}
login:
  outside: input[type=password]
  steps:
  - type: {{into: label:Usuario, text: '${{user}}'}}
  - type: {{into: 'input[type=password]', text: '${{password}}', enter: true}}
"""
RECIPE = """
decimal: .
steps:
- open: {page: clientes}
- assert: {page: clientes, says: No es la lista.}
- table: {from: table.model-list, as: clientes, columns: {Name: text, Balance: decimal}, next: 'text:>'}
"""


async def test_it_works(living: Living) -> None:
    from tests.drivers.peers.flask_admin_site import PASSWORD, ROWS, USER, served

    with served() as base:
        line = DRIVER(BrowserSettings(site=SITE.format(base=base), user=USER, password=PASSWORD, private=True))
        async with living(line):
            result = await line.do(RunRecipe(recipe=RECIPE))
    rows = result.rows["clientes"]
    assert rows[-1] == {"Name": "Cliente 45", "Balance": Decimal("45.50")}
    assert (len(rows), result.logins) == (ROWS, 1)
