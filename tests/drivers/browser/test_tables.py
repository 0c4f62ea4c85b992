"""Tables as they are written, laid out as people see them."""

from hypothesis import given
from hypothesis import strategies as st

from drivers.browser.tables import Grid, TooBig, read_table


def cells(html: str) -> list[list[str]]:
    return read_table(html).rows


def test_it_works() -> None:
    grid = read_table("<table><tr><th>A<th>B<tr><td> 1 &amp; <b>2</b><br>3<td>x</table>")
    assert (grid.header(), grid.body()) == (["A", "B"], [["1 & 2 3", "x"]])


def test_cells_that_reach_over_others() -> None:
    html = "<table><tr><td rowspan=2>a<td colspan=2>b<td rowspan=0>c<tr><td>d<td>e<tr><td>f<td>g<td>h</table>"
    assert cells(html) == [["a", "b", "b", "c"], ["a", "d", "e", "c"], ["f", "g", "h", "c"]]


def test_a_cell_never_leaves_its_part() -> None:
    assert cells("<table><thead><tr><th rowspan=9>a<tbody><tr><td>b</table>") == [["a"], ["b"]]


def test_several_header_rows_and_equal_names() -> None:
    html = "<table><tr><th rowspan=2>Z<th colspan=2>V<tr><th>1<th>2<tr><td>x<td>y<td>z</table>"
    assert read_table(html).header() == ["Z", "V 1", "V 2"]
    assert Grid([["A", "A", ""]], 1).header() == ["A", "A 2", "columna 3"]


def test_what_is_inside_a_cell_stays_there() -> None:
    html = "<table><tr><td>a<table><tr><td>dentro</table>b<td>c<script>x<td>y</script></table>"
    assert cells(html) == [["a b", "c"]]


def test_a_span_of_nonsense_is_one() -> None:
    assert cells("<table><tr><td colspan=-3>a<td rowspan=x colspan=''>b</table>") == [["a", "b"]]


@given(st.text(alphabet="<>/tabledrh ='\"0123456789ospan&;", max_size=300))
def test_any_html_is_survived(noise: str) -> None:
    try:
        grid = read_table(f"<table>{noise}")
    except TooBig:
        return
    assert len({len(row) for row in grid.rows}) <= 1
    assert len(set(grid.header())) == len(grid.header())


WORD = st.text(alphabet="abcñ 1", max_size=5).map(lambda w: " ".join(w.split()))


@given(st.integers(1, 5).flatmap(lambda n: st.lists(st.lists(WORD, min_size=n, max_size=n), min_size=1, max_size=6)))
def test_a_plain_table_is_read_back(rows: list[list[str]]) -> None:
    html = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in row) + "</tr>" for row in rows)
    assert cells(f"<table>{html}</table>") == rows
