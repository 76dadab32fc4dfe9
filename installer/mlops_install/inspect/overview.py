"""What a guided setup can begin with: presets, drafts, deployments with their state, runs in flight."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count

from mlops_install.answers.document import read_answers
from mlops_install.answers.rules import closed
from mlops_install.catalogue.model import Footprint
from mlops_install.deployment.layout import Deployment, RunFolder
from mlops_install.deployment.marker import read_marker
from mlops_install.deployment.runs.history import in_flight, list_runs, read_record
from mlops_install.deployment.runs.record import RunRecord
from mlops_install.deployment.store import all_deployments
from mlops_install.errors import InstallerError
from mlops_install.inspect.inspection import presets
from mlops_install.setup import drafts
from mlops_install.setup.drafts import DraftSummary
from mlops_install.targets.context import Context
from mlops_install.targets.records import PresetSummary
from mlops_install.targets.registry import is_default, target_names


@dataclass(frozen=True, slots=True)
class DeploymentSummary:
    """A deployment as the start offers it."""

    deployment: Deployment
    target: str
    modules: tuple[str, ...]
    """The approved modules' titles; empty when nothing was approved yet."""
    last_run: str
    """State of the newest run (`done`, `failed`, …; `removed` of a removal that is done); empty when there is none."""
    running: RunFolder | None
    """The run in flight."""
    installed: bool
    """Whether answers were approved: it can be reconfigured."""
    problem: str
    """Why it can't be read; empty when it can."""


@dataclass(frozen=True, slots=True)
class PresetOffer:
    """A preset with what it takes."""

    preset: PresetSummary
    footprint: Footprint
    """The sum over its modules: cores, MiB of memory, MiB of disk."""


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything the start offers."""

    drafts: tuple[DraftSummary, ...]
    deployments: tuple[DeploymentSummary, ...]
    presets: tuple[PresetOffer, ...]
    targets: tuple[str, ...]


def targets(context: Context) -> tuple[str, ...]:
    """Return the targets there are, the embedded default first."""
    return target_names(context.terraform_root)


def overview(context: Context) -> Overview:
    """Look at the disk for everything a guided setup can begin with; the presets of the embedded default come first."""
    offers = [_offer(context, preset) for preset in presets(context)]
    return Overview(
        drafts=tuple(drafts.found(context)),
        deployments=tuple(_summary(context, deployment) for deployment in all_deployments(context.environment)),
        presets=tuple(sorted(offers, key=lambda offer: (not is_default(offer.preset.target), offer.preset.id))),
        targets=targets(context),
    )


def _offer(context: Context, preset: PresetSummary) -> PresetOffer:
    catalogue = context.catalogue(preset.target)
    taken = [catalogue.modules[module].footprint for module in closed(preset.modules, catalogue)]
    total = Footprint(sum(f.cpu for f in taken), sum(f.memory for f in taken), sum(f.disk for f in taken))
    return PresetOffer(preset, total)


def _summary(context: Context, deployment: Deployment) -> DeploymentSummary:
    target, problem = "", ""
    modules: tuple[str, ...] = ()
    try:
        target = read_marker(deployment).target
        catalogue = context.catalogue(target)
        if deployment.answers.is_file():
            approved = read_answers(deployment.answers, catalogue)
            modules = tuple(catalogue.modules[m].title for m in approved.modules if m in catalogue.modules)
    except InstallerError as error:
        problem = error.message
    runs = list_runs(deployment)
    return DeploymentSummary(
        deployment=deployment,
        target=target,
        modules=modules,
        last_run=_state(read_record(runs[-1])) if runs else "",
        running=in_flight(deployment),
        installed=deployment.answers.is_file() and not problem,
        problem=problem,
    )


def _state(record: RunRecord) -> str:
    return "removed" if (record.kind, record.state) == ("destroy", "done") else record.state


def free_name(found: Overview, wanted: str) -> str:
    """Return the name, or with a number behind it one that neither a deployment nor a draft has."""
    taken = {d.deployment.name for d in found.deployments} | {draft.name for draft in found.drafts}
    return next(name for number in count(1) if (name := wanted if number == 1 else f"{wanted}-{number}") not in taken)
