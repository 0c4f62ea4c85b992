"""How long contacts take: level, hour and weekday found, odd calls survived."""

import numpy as np
import pytest

from app.workforce.errors import BadInput
from app.workforce.handle_time import handle_times

DAYS = np.datetime64("2026-01-05") + np.arange(84)
HOUR = 1 + 0.2 * np.sin(np.arange(48) / 48 * 2 * np.pi)
WEEK = np.array([1.1, 1, 1, 1, 1, 0.9, 0.9])


def past(seed: int, calls: float = 20, drift: float = 0.0) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Contacts, measured means and the true mean of each interval."""
    rng = np.random.default_rng(seed)
    truth = 300 * np.exp(drift * np.arange(84))[:, None] * WEEK[np.arange(84) % 7][:, None] * HOUR
    contacts = rng.poisson(calls, (84, 48)).astype(float)
    noise = rng.gamma(np.maximum(contacts, 1), 1 / np.maximum(contacts, 1))
    return contacts, np.where(contacts > 0, truth * noise, np.nan), truth


def test_it_works() -> None:
    contacts, lasted, truth = past(1)
    made = handle_times(DAYS, contacts, lasted, 7)
    assert made.days[0] == DAYS[-1] + 1
    assert np.abs(made.mean_s / truth[:7] - 1).mean() < 0.03


def test_a_drift_is_followed_and_not_read_as_a_pattern() -> None:
    contacts, lasted, truth = past(2, drift=0.005)
    made = handle_times(DAYS, contacts, lasted, 7)
    assert made.mean_s.mean() == pytest.approx(truth[-7:].mean(), rel=0.12)
    assert np.ptp(made.slot) < 0.5


def test_a_call_left_open_over_night_is_survived() -> None:
    contacts, lasted, truth = past(3)
    lasted[80, 10] = 80_000
    assert np.abs(handle_times(DAYS, contacts, lasted, 7).mean_s / truth[:7] - 1).mean() < 0.04


@pytest.mark.parametrize("days", [[83], [82, 83], [75], [81, 82, 83]])
@pytest.mark.parametrize("times", [0.1, 3, 10])
def test_a_clock_that_was_wrong_for_some_days_is_survived(days: list[int], times: float) -> None:
    contacts, lasted, truth = past(3)
    lasted[days] *= times
    assert handle_times(DAYS, contacts, lasted, 7).mean_s.mean() == pytest.approx(truth[:7].mean(), rel=0.12)


def test_hours_of_an_office_that_closes_are_told_by_those_that_it_opens() -> None:
    contacts, lasted, truth = past(6)
    contacts[:, np.r_[:16, 36:48]] = 0
    contacts[np.arange(84) % 7 == 6] = 0
    lasted[contacts == 0] = np.nan
    made = handle_times(DAYS, contacts, lasted, 14).mean_s
    assert np.abs(made[:, 16:36] / truth[:14, 16:36] - 1).mean() < 0.05
    assert (made > 200).all()
    assert (made < 450).all()


def test_few_contacts_claim_no_pattern() -> None:
    contacts, lasted = np.zeros((84, 48)), np.full((84, 48), np.nan)
    contacts[80, 20], lasted[80, 20] = 1, 900
    made = handle_times(DAYS, contacts, lasted, 7)
    assert np.abs(made.mean_s / 900 - 1).max() < 0.05


@pytest.mark.parametrize("known", [1, 2, 5, 13, 14, 20, 28, 29])
def test_every_length_of_history_gives_handle_times(known: int) -> None:
    contacts, lasted, truth = past(6)
    made = handle_times(DAYS[:known], contacts[:known], lasted[:known], 7)
    assert made.days[0] == DAYS[known - 1] + 1
    assert np.abs(made.mean_s / truth[known : known + 7] - 1).mean() < 0.15


@pytest.mark.parametrize("calls", [3, 20])
@pytest.mark.parametrize("times", [0.6, 1.5])
def test_a_new_way_of_working_is_known_within_a_week(calls: int, times: float) -> None:
    """Days before it say what weekdays and hours differ by, and no longer how long a contact lasts."""
    contacts, lasted, truth = past(7, calls=calls)
    lasted[70:] *= times
    made = handle_times(DAYS[:77], contacts[:77], lasted[:77], 7).mean_s
    assert np.log(made.mean() / truth[:7].mean()) / np.log(times) > 0.65
    assert np.abs(made / made.mean() / truth[:7] * truth[:7].mean() - 1).mean() < 0.08


@pytest.mark.parametrize("seed", range(5))
def test_chance_is_no_new_way_of_working(seed: int) -> None:
    contacts, lasted, truth = past(seed + 20, calls=1.5)
    assert handle_times(DAYS, contacts, lasted, 7).mean_s.mean() == pytest.approx(truth[:7].mean(), rel=0.06)


def test_days_without_contacts_and_plain_lists_are_understood() -> None:
    made = handle_times(DAYS[:3], [[4, 4], [0, 0], [4, None]], [[300, 300], [None, None], [300, None]], 2)
    assert made.mean_s == pytest.approx(np.full((2, 2), 300))


@pytest.mark.parametrize(
    ("field", "contacts", "lasted", "ahead"),
    [
        ("contacts", [["x", 1]], [[1, 1]], 7),
        ("contacts", [[-1, 1]], [[1, 1]], 7),
        ("handle_s", [[1, 1]], [[1, float("inf")]], 7),
        ("handle_s", [1, 1], [1, 1], 7),
        ("ahead", [[1, 1]], [[1, 1]], 0),
        ("ahead", [[1, 1]], [[1, 1]], 10**6),
    ],
)
def test_senseless_figures_are_refused_with_their_field(
    field: str, contacts: list[object], lasted: list[object], ahead: int
) -> None:
    with pytest.raises(BadInput) as refused:
        handle_times(DAYS[: len(contacts)], contacts, lasted, ahead)
    assert refused.value.field == field


def test_nothing_to_learn_from_is_refused() -> None:
    with pytest.raises(BadInput):
        handle_times(DAYS, np.zeros((84, 48)), np.full((84, 48), np.nan))
    with pytest.raises(BadInput):
        handle_times(DAYS, np.zeros((84, 48)), np.zeros((84, 24)))


def test_days_in_any_order_and_of_any_kind_give_the_same() -> None:
    contacts, lasted, _truth = past(8)
    made = handle_times(DAYS, contacts, lasted, 7)
    assert made.notes == ()
    order = np.random.default_rng(1).permutation(84)
    mixed = handle_times(DAYS[order], contacts[order], lasted[order], 7)
    assert np.array_equal(mixed.mean_s, made.mean_s)
    assert np.array_equal(mixed.days, made.days)
    assert any("ordenaron" in note for note in mixed.notes)
    texts, dates = [str(day) for day in DAYS], DAYS.tolist()
    moments = [np.datetime64(day, "s") for day in DAYS]
    for days in (texts, [f"{day}T08:00" for day in texts], dates, moments, np.array(texts), DAYS.astype("M8[s]")):
        assert np.array_equal(handle_times(days, contacts, lasted, np.int64(7)).mean_s, made.mean_s)


def test_days_left_out_are_days_of_which_nothing_is_known() -> None:
    contacts, lasted, _truth = past(9)
    lasted[40:] *= 1.4
    blank = np.where((np.arange(84) >= 20) & (np.arange(84) < 50), np.nan, 1.0)[:, None]
    given = ~np.isnan(blank[:, 0])
    short = handle_times(DAYS[given], contacts[given], lasted[given], 7)
    full = handle_times(DAYS, contacts * blank, lasted * blank, 7)
    assert np.array_equal(short.mean_s, full.mean_s)
    assert short.notes == ()


@pytest.mark.parametrize("rows", [False, True])
def test_what_lies_before_a_hole_of_nearly_a_year_is_no_longer_so(rows: bool) -> None:
    contacts, lasted, _truth = past(10)
    lasted[:80] *= 3
    days = np.r_[DAYS[:80] - 400, DAYS[80:]]
    if rows:  # the hole as rows of nothing
        between = np.arange(days[79] + 1, days[80])
        days = np.r_[days[:80], between, days[80:]]
        nothing = np.full((len(between), 48), np.nan)
        contacts, lasted = (np.r_[table[:80], nothing, table[80:]] for table in (contacts, lasted))
    made, alone = handle_times(days, contacts, lasted, 7), handle_times(DAYS[80:], contacts[-4:], lasted[-4:], 7)
    assert np.array_equal(made.mean_s, alone.mean_s)
    assert any("casi un año" in note for note in made.notes)


def test_a_log_that_ended_long_ago_still_tells() -> None:
    days = [np.datetime64("1950-01-01"), np.datetime64("2026-01-01")]
    made = handle_times(days, [[9.0], [0.0]], [[300.0], [None]], 1)
    assert made.mean_s == pytest.approx(300)
    assert made.days[0] == np.datetime64("2026-01-02")


@pytest.mark.parametrize(
    ("field", "change"),
    [
        ("days", {"days": ["2026-01-05", "2026-01-05"]}),
        ("days", {"days": ["2026-01-05", "el martes"]}),
        ("days", {"days": ["2026-01-05", "today"]}),
        ("days", {"days": ["2026-01-05", None]}),
        ("days", {"days": [1, 2]}),
        ("days", {"days": None}),
        ("days", {"days": 5}),
        ("days", {"days": [["2026-01-05", "2026-01-06"]]}),
        ("days", {"days": ["2026-01-05", "9026-01-06"]}),
        ("days", {"days": np.array(["2026-01-05", "NaT"], dtype="M8[D]")}),
        ("handle_s", {"days": ["2026-01-05"]}),
        ("handle_s", {"days": []}),
        ("ahead", {"ahead": "2"}),
        ("ahead", {"ahead": 2.5}),
        ("ahead", {"ahead": None}),
        ("ahead", {"ahead": True}),
        ("contacts", {"contacts": [[1, 2], [3]]}),
        ("contacts", {"contacts": [[1e300, 1], [1, 1]]}),
        ("handle_s", {"mean_s": [[1e300, 1], [1, 1]]}),
        ("handle_s", {"mean_s": None}),
    ],
)
def test_what_is_no_table_of_days_is_refused_with_its_field(field: str, change: dict[str, object]) -> None:
    plain = {"days": ["2026-01-05", "2026-01-06"], "contacts": np.ones((2, 2)), "mean_s": np.full((2, 2), 9.0)}
    assert handle_times(**plain, ahead=1).mean_s == pytest.approx(9)
    with pytest.raises(BadInput) as refused:
        handle_times(**{**plain, **change})
    assert refused.value.field == field
