"""How fast the program starts, beside an interpreter that does nothing: `python -m bench.startup`."""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from tests.program import Program

from bench.measure import HEAD, command, side_by_side

ROUNDS = 15


def main() -> int:
    """Print the figures."""
    root = Path(tempfile.mkdtemp(prefix="mlops-bench-"))
    program = Program(root)
    environment = program.environment
    (root / "home").mkdir()
    script = str(Path(sys.executable).parent / "mlops-install")
    cache = Path(environment["XDG_CACHE_HOME"])

    def cold() -> object:
        shutil.rmtree(cache, ignore_errors=True)
        return command([script, "schema"], env=environment, cwd=root)()

    figures = side_by_side(
        {
            "python -c pass": command([sys.executable, "-c", "pass"], env=environment, cwd=root),
            "mlops-install --version": command([script, "--version"], env=environment, cwd=root),
            "mlops-install --help": command([script, "--help"], env=environment, cwd=root),
            "mlops-install schema (cold)": cold,
            "mlops-install schema (cached)": command([script, "schema"], env=environment, cwd=root),
            "mlops-install presets": command([script, "presets"], env=environment, cwd=root),
        },
        rounds=ROUNDS,
    )
    sys.stdout.write(HEAD + "\n")
    base = figures["python -c pass"]
    for figure in figures.values():
        sys.stdout.write(figure.line(base) + "\n")
    shutil.rmtree(root, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
