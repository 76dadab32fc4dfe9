"""A machine of its own for each test, and a way to drive the wizard on it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from textual.message import Message
from textual.pilot import Pilot

from mlops_install.catalogue.load import load_catalogue
from mlops_install.catalogue.model import Catalogue
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.tui.app import WizardApp
from mlops_install.tui.steps import Step
from tests.local.conftest import free_ports
from tests.machine import environment_in

if TYPE_CHECKING:
    from tests.tui.kinds import KindsContext

Scene = Callable[[WizardApp, Pilot[int]], Awaitable[None]]


@pytest.fixture(scope="session")
def catalogues(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Catalogue]:
    return {"local": load_catalogue("local", cache_home=tmp_path_factory.mktemp("cache"))}


@pytest.fixture
def context(tmp_path: Path, catalogues: dict[str, Catalogue]) -> Context:
    return Context(environment_in(tmp_path), _catalogues=dict(catalogues))


@pytest.fixture
def lite(context: Context) -> Interview:
    """The smallest preset, as it stands."""
    return Interview.from_preset(context, "laptop-lite")


@pytest.fixture
def on_free_ports(lite: Interview) -> Interview:
    """The smallest preset, to be planned: on ports that nobody has."""
    jupyterhub = ("jupyterhub_port", "jupyterhub_hub_port", "jupyterhub_proxy_api_port")
    names = (*jupyterhub, "mlflow_port", "dask_scheduler_port", "dask_dashboard_port")
    for name, port in zip(names, free_ports(len(names)), strict=True):
        lite.set_value(name, port)
    return lite


@pytest.fixture
def kinds(context: Context) -> KindsContext:
    """The made-up target whose parameters are of every kind."""
    from tests.tui.kinds import kinds_context

    return kinds_context(context)


class Wizard:
    """Runs one scene with the wizard; every message that it posts is kept."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.messages: list[Message] = []

    def run(
        self,
        scene: Scene,
        interview: Interview | None = None,
        *,
        start_at: Step | None = None,
        size: tuple[int, int] = (80, 24),
        **options: Any,
    ) -> WizardApp:
        """Start the wizard at a step, play the scene, and return the ended app."""
        app = WizardApp(self.context, interview, start_at=start_at, **options)

        async def play() -> None:
            async with app.run_test(size=size, message_hook=self._heard) as pilot:
                await pilot.pause()
                await scene(app, pilot)

        asyncio.run(play())
        return app

    def _heard(self, message: Message) -> None:
        """Keep a message once: the hook is called again for every widget that it bubbles through."""
        if not any(message is kept for kept in self.messages[-50:]):
            self.messages.append(message)

    def of(self, kind: type[Message]) -> list[Message]:
        """Return the messages of a type, in the order they were posted."""
        return [message for message in self.messages if isinstance(message, kind)]


@pytest.fixture
def wizard(context: Context) -> Wizard:
    return Wizard(context)


async def settled(app: WizardApp, pilot: Pilot[int]) -> None:
    """Wait until no worker is left and what they said was taken in."""
    for _ in range(3):
        # What a worker says may start another one, and a screen starts its first ones after it was drawn.
        await pilot.pause()
        await app.workers.wait_for_complete()
    await pilot.pause()
