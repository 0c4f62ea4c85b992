"""Guessing is slowed down without locking an office out."""

import pytest

from app.accounts.budgets import TRIES, LoginBudgets, TooMany, new_mark, read_mark
from tests.world import PASSWORD

SECRET = "a secret"


def fail(budgets: LoginBudgets, times: int, account="ana", ip="10.0.0.1", device="") -> None:
    for _n in range(times):
        budgets.spend(account, ip, device)


def test_it_works():
    budgets = LoginBudgets(per_minute=100)
    fail(budgets, TRIES)
    with pytest.raises(TooMany) as refused:
        budgets.spend("ana", "10.0.0.1", "")
    assert refused.value.extra["retry_after_s"] > 60


def test_colleagues_behind_the_same_address_go_on():
    budgets = LoginBudgets(per_minute=100)
    fail(budgets, TRIES)
    budgets.spend("beto", "10.0.0.1", "")


def test_thirty_people_who_come_in_at_eight_are_not_an_attack():
    budgets = LoginBudgets(per_minute=10)
    for n in range(30):
        budgets.spend(f"person-{n}", "10.0.0.1", "")
        budgets.succeed(f"person-{n}", "10.0.0.1", "")


def test_a_browser_that_was_here_before_cannot_be_locked_out_by_others():
    budgets = LoginBudgets(per_minute=100)
    for n in range(20):
        fail(budgets, 5, ip=f"203.0.113.{n}")
    with pytest.raises(TooMany):
        budgets.spend("ana", "198.51.100.7", "")
    budgets.spend("ana", "10.0.0.1", "her own browser")


def test_a_refused_try_costs_no_other_budget():
    budgets = LoginBudgets(per_minute=3)
    fail(budgets, 3, account="x")
    with pytest.raises(TooMany):
        budgets.spend("ana", "10.0.0.1", "")
    fail(budgets, TRIES, ip="10.0.0.2", account="ana", device="known")


def test_a_mark_is_good_for_its_own_person_alone():
    mark = new_mark(SECRET, 7)
    assert read_mark(SECRET, mark, 7)
    assert not read_mark(SECRET, mark, 8)
    assert not read_mark("another", mark, 7)
    assert not read_mark(SECRET, "7.x.y", 7)
    assert not read_mark(SECRET, "", None)


async def test_too_many_tries_are_said_on_the_page(client, world, office):
    office.state["accounts.budgets"] = LoginBudgets(1)
    await client.get("/entrar")
    await client.post("/entrar", data={"name": "ana", "password": "no es esta"})
    answer = await client.post("/entrar", data={"name": "ana", "password": PASSWORD})
    assert answer.status_code == 429
    assert "Demasiados intentos" in answer.text
