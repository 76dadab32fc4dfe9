"""Take the README's pictures from the running program: `make screens`.

It installs the preset `laptop` in a temporary folder, on the default ports, and removes it again.
"""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from textual.pilot import Pilot

from mlops_install.paths import Environment
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.tui.app import WizardApp
from mlops_install.tui.steps import Step

SIZE = (110, 32)
FOLDER = Path(__file__).parent / "screens"
SHARE = 0.5
"""How far the run is when its picture is taken: whole modules of all."""


def main() -> int:
    """Take them all."""
    root = Path(tempfile.mkdtemp(prefix="mlops-"))
    context = Context(_environment(root))
    app = WizardApp(context, Interview.from_preset(context, "laptop"), start_at=Step.MODULES)

    async def play() -> None:
        async with app.run_test(size=SIZE) as pilot:
            await _show(app, pilot)

    try:
        asyncio.run(play())
    finally:
        folder = app.guide.require().deployment.folder
        destroy = [sys.executable, "-m", "mlops_install", "destroy", "--dir", str(folder), "--yes", "--purge-data"]
        subprocess.run([*destroy, "--non-interactive"], check=True)
    return 0


def _environment(root: Path) -> Environment:
    return Environment(
        variables={**os.environ, "HOME": str(root)},
        working_directory=root,
        home=root,
        data_home=root / "data",
        state_home=root / "state",
        cache_home=Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"),
        python=Path(sys.executable),
        uid=1000,
    )


async def _show(app: WizardApp, pilot: Pilot[int]) -> None:
    await _settle(app, pilot)
    _take(app, "modules")
    app.show_parameter("jupyterhub_port")
    await _settle(app, pilot)
    _take(app, "parameters")
    app.go_to(Step.REVIEW)
    await _settle(app, pilot)
    _take(app, "review")
    await pilot.press("f3")
    await pilot.pause()
    await pilot.press("enter")
    while app.screen.query("#run-head") == []:
        await pilot.pause(0.1)
    from mlops_install.tui.widgets.run_head import RunHead

    head = app.screen.query_one(RunHead)
    while head.picture is None or not _far(head.picture.rows):
        await pilot.pause(0.1)
    await pilot.pause(0.5)
    _take(app, "run")
    while getattr(app.screen, "STEP", None) is not Step.DONE or app.guide.verifying != "ended":
        await pilot.pause(0.5)
    await pilot.pause()
    app.clear_notifications()
    await pilot.pause(0.5)
    _take(app, "done")


def _far(rows: tuple[object, ...]) -> bool:
    ready = sum(getattr(row, "status", "") == "done" for row in rows)
    return bool(rows) and ready >= len(rows) * SHARE


async def _settle(app: WizardApp, pilot: Pilot[int]) -> None:
    for _ in range(3):
        await pilot.pause()
        await app.workers.wait_for_complete()
    await pilot.pause()


def _take(app: WizardApp, name: str) -> None:
    FOLDER.mkdir(exist_ok=True)
    picture = app.export_screenshot(title="mlops-install", simplify=True)
    (FOLDER / f"{name}.svg").write_text(picture + "\n")
    sys.stderr.write(f"{name}\n")


if __name__ == "__main__":
    sys.exit(main())
