"""What to try next when a modem does not behave. No clock."""

from typing import Literal

Step = Literal["again", "soft", "hard", "lost"]
LADDER: tuple[Step, ...] = ("again", "soft", "hard", "lost")


class Ladder:
    """Each trouble in a row goes one step up; a good answer goes down to the foot."""

    def __init__(self) -> None:
        self.step = 0

    def trouble(self) -> Step:
        step = LADDER[min(self.step, len(LADDER) - 1)]
        self.step += 1
        return step

    def well(self) -> None:
        self.step = 0
