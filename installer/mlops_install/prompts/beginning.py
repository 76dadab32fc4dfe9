"""What to begin with, in plain lines: the same list as on the start screen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from mlops_install.deployment.draft import Draft
from mlops_install.deployment.layout import Deployment
from mlops_install.inspect.overview import DeploymentSummary, Overview, free_name, overview
from mlops_install.prompts import lines
from mlops_install.targets.context import Context
from mlops_install.words.wording import count_told, state_told

Way = Literal["attach", "draft", "reconfigure", "preset", "new"]


@dataclass(frozen=True, slots=True)
class Beginning:
    """What was chosen to begin with."""

    way: Way
    name: str = ""
    """The preset's name, or the one of a new deployment."""
    deployment: Deployment | None = None
    """Of `attach` and `reconfigure`."""
    draft: Draft | None = None
    target: str = ""
    """Of `new`."""


def ask_beginning(context: Context) -> Beginning:
    """Ask what to begin with; raises CancelledError on ^C."""
    found = overview(context)
    ways = _ways(found)
    chosen = lines.ask_number(
        "What do you want to do?", [(str(place), text) for place, (text, _) in enumerate(ways)], default="0", ways=False
    )
    return ways[int(chosen)][1]


def _ways(found: Overview) -> list[tuple[str, Beginning]]:
    ways: list[tuple[str, Beginning]] = []
    for known in found.deployments:
        if known.running:
            ways.append((f"Watch the run of {known.deployment.name}", Beginning("attach", deployment=known.deployment)))
    ways += [
        (
            f"Go on with the draft of {draft.name}: {count_told(draft.modules, 'module')}",
            Beginning("draft", draft=draft.draft),
        )
        for draft in found.drafts
        if not draft.problem
    ]
    ways += [
        (
            f"Change {known.deployment.name}, which {_was(known)}: {state_told(known.modules, known.last_run)}",
            Beginning("reconfigure", deployment=known.deployment),
        )
        for known in found.deployments
        if known.installed
    ]
    ways += [
        (f"Install {offer.preset.id}: {offer.preset.title}", Beginning("preset", offer.preset.id))
        for offer in found.presets
    ]
    new = Beginning("new", free_name(found, "mlops"), target=found.targets[0])
    return [*ways, ("Choose every module yourself", new)]


def _was(known: DeploymentSummary) -> str:
    return "was installed" if known.last_run == "removed" else "is installed"
