"""A linear program with whole numbers, written down row by row and handed to HiGHS."""

from collections.abc import Callable, Sequence

import highspy
import numpy as np

Listen = Callable[[float], bool]  #: told the objective of each better answer; True asks to stop
FREE = float("inf")


class Program:
    """Columns and rows as they are written down."""

    def __init__(self) -> None:
        self.cost: list[float] = []
        self.upper: list[float] = []
        self.whole: list[bool] = []
        self.rows: list[tuple[list[int], list[float], float, float]] = []

    def column(self, cost: float, upper: float, whole: bool) -> int:
        self.cost.append(cost)
        self.upper.append(upper)
        self.whole.append(whole)
        return len(self.cost) - 1

    def row(self, columns: Sequence[int], values: Sequence[float], low: float, high: float) -> None:
        if columns:
            self.rows.append((list(columns), list(values), low, high))

    def lp(self) -> highspy.HighsLp:
        found = highspy.HighsLp()
        found.num_col_, found.num_row_ = len(self.cost), len(self.rows)
        found.col_cost_, found.col_lower_ = np.array(self.cost), np.zeros(len(self.cost))
        found.col_upper_ = np.array(self.upper)
        found.row_lower_ = np.array([row[2] for row in self.rows])
        found.row_upper_ = np.array([row[3] for row in self.rows])
        found.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        found.a_matrix_.start_ = np.cumsum([0, *(len(row[0]) for row in self.rows)])
        found.a_matrix_.index_ = np.concatenate([row[0] for row in self.rows]).astype(np.int32)
        found.a_matrix_.value_ = np.concatenate([row[1] for row in self.rows])
        kinds = highspy.HighsVarType.kInteger, highspy.HighsVarType.kContinuous
        found.integrality_ = [kinds[0] if whole else kinds[1] for whole in self.whole]
        return found


def solver_for(seconds: float, gap: float) -> highspy.Highs:
    solver = highspy.Highs()
    settings = {"output_flag": False, "threads": 1, "time_limit": max(seconds, 0.05), "mip_rel_gap": gap}
    for name, value in settings.items():
        solver.setOptionValue(name, value)
    return solver


def stopping(solver: highspy.Highs, stopped: Callable[[], bool]) -> None:
    """Between steps of a linear question too."""

    def asked(event: highspy.highs.HighsCallbackEvent) -> None:
        event.interrupt(stopped())

    solver.cbSimplexInterrupt += asked
    solver.cbIpmInterrupt += asked


def listening(solver: highspy.Highs, listen: Listen) -> None:
    """Hear of each better answer, and stop between steps when told to."""

    def heard(event: highspy.highs.HighsCallbackEvent) -> None:
        event.interrupt(listen(float(event.data_out.mip_primal_bound)))

    solver.cbMipImprovingSolution += heard
    solver.cbMipInterrupt += heard
