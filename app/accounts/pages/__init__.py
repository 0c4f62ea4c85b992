"""The pages of accounts, one file per noun."""

from app.accounts.pages import (
    audit,
    keys,
    login,
    office,
    password,
    people,
    permissions,
    second_factor,
    session,
    settings,
    setup,
    teams,
)

NOUNS = (login, setup, settings, password, second_factor, session, keys, office, people, teams, permissions, audit)
routes = tuple(route for noun in NOUNS for route in noun.routes)
