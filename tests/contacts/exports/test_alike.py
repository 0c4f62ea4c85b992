"""Values that come again are worked on once, and what only seems alike is not taken for the same."""

from datetime import UTC

from app.contacts.exports.alike import are_nothing, each, kinds, repeat_themselves
from app.contacts.exports.cells import maker
from app.contacts.exports.delimited import converter, quoting, written
from app.contacts.exports.table import Column, Table

TWINS = [True, 1, 1.0, "1", None, "", 0, False] * 3


def test_it_works() -> None:
    asked: list[str | None] = []
    made = each(["a", None, "a", "a"], lambda value: str(asked.append(value) or value).upper())
    assert (made, len(asked)) == (["A", "NONE", "A", "A"], 2)
    assert each(["a"] * 3, str.upper) == ["A"] * 3
    assert each([], str.upper) == []


def test_only_texts_are_compared() -> None:
    assert not repeat_themselves(TWINS, kinds(TWINS))
    assert repeat_themselves(["a", None] * 9, {str, type(None)})
    assert repeat_themselves([("a", "b"), ()] * 9, {tuple})
    assert not repeat_themselves(list("abcdefgh"), {str})


def test_a_zero_is_something() -> None:
    assert are_nothing([None, "", (), []], kinds([None, "", (), []]))
    assert not are_nothing([0, None], kinds([0, None]))


def test_equal_values_that_look_different_stay_different_in_csv() -> None:
    column = Column("custom:x", "X")
    cells = written(converter(column, Table([column], [], UTC)), quoting(","))
    assert list(cells(TWINS)) == ["True", "1", "1.0", "1", "", "", "0", "False"] * 3


def test_equal_values_that_look_different_stay_different_in_a_workbook() -> None:
    cells = maker(Column("custom:x", "X"), 0, UTC, 0)([f'{n}"' for n in range(24)], TWINS)
    shown = [cell and cell.partition("<t>")[2].partition("<")[0] for cell in cells]
    assert shown == ["True", "1", "1.0", "1", "", "", "0", "False"] * 3
