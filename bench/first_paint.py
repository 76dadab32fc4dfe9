"""How soon the wizard is painted, beside an empty Textual app started the same way: `python -m bench.first_paint`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.program import Program

from bench.measure import HEAD, Figure
from bench.screen import Screen

ROUNDS = 15
EMPTY = """\
from textual.app import App
from textual.widgets import Static


class Empty(App):
    def compose(self):
        yield Static("painted")


Empty().run()
"""


def main() -> int:
    """Print the figures."""
    root = Path(tempfile.mkdtemp(prefix="mlops-bench-"))
    program = Program(root)
    (root / "home").mkdir()
    script = root / "empty.py"
    script.write_text(EMPTY)
    installed = str(Path(sys.executable).parent / "mlops-install")
    kinds = {
        "an empty Textual app": ([sys.executable, str(script)], "painted"),
        "mlops-install (start)": ([installed], "What do you want to do?"),
        "mlops-install wizard laptop-lite": ([installed, "wizard", "laptop-lite"], "What is the deployment called?"),
    }
    seconds: dict[str, list[float]] = {name: [] for name in kinds}
    for _ in range(ROUNDS + 1):
        for name, (argv, text) in kinds.items():
            with Screen(argv, env=program.environment, cwd=root, size=(80, 24)) as screen:
                seconds[name].append(screen.wait_for(text))
    sys.stdout.write(HEAD + "\n")
    # The first round fills the caches: the catalogue's, and the interpreter's compiled files.
    figures = [Figure(name, tuple(values[1:])) for name, values in seconds.items()]
    for figure in figures:
        sys.stdout.write(figure.line(figures[0]) + "\n")
    shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
