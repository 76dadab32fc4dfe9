"""Times of commands measured side by side: minimum, median, maximum, and ratios of medians."""

from __future__ import annotations

import statistics
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Figure:
    """Several timings of one thing, in seconds."""

    name: str
    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def line(self, against: Figure | None = None) -> str:
        """Return a line of the report, with the ratio to another figure's median."""
        ratio = f"  {self.median / against.median:6.2f} x {against.name}" if against else ""
        low, high = min(self.seconds), max(self.seconds)
        return f"{self.name:44} {low:8.3f} {self.median:8.3f} {high:8.3f} s  n={len(self.seconds)}{ratio}"


HEAD = f"{'':44} {'min':>8} {'median':>8} {'max':>8}"


def timed(action: Callable[[], object]) -> float:
    """Return how long the action took, in seconds of wall clock."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def command(argv: Sequence[str], *, env: Mapping[str, str], cwd: Path) -> Callable[[], object]:
    """Return an action that runs a command to its end, its output thrown away; raises CalledProcessError."""

    def run() -> object:
        return subprocess.run(
            argv, env=env, cwd=cwd, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip

    return run


def side_by_side(actions: Mapping[str, Callable[[], object]], *, rounds: int) -> dict[str, Figure]:
    """Run every action once a round, in turn, so that what else the machine does hits all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(rounds):
        for name, action in actions.items():
            seconds[name].append(timed(action))
    return {name: Figure(name, tuple(values)) for name, values in seconds.items()}
