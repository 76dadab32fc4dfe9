"""run.json and result.json: the record of one run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from mlops_install.catalogue.model import Value

FORMAT = 1

Kind = Literal["apply", "destroy"]
State = Literal["planning", "planned", "applying", "done", "failed", "cancelled", "lost"]
Action = Literal["create", "update", "replace", "delete", "read", "no-op", "forget", "import"]


@dataclass(frozen=True, slots=True)
class ProcessMark:
    """A process that can be told from a later one with the same pid."""

    pid: int
    started: int
    """Clock ticks after boot: field 22 of /proc/PID/stat (proc(5))."""
    boot_id: str
    """/proc/sys/kernel/random/boot_id."""


@dataclass(frozen=True, slots=True)
class Change:
    """One resource of a plan that will change."""

    address: str
    """Terraform's address, for example `module.dask_service[0].terraform_data.service`."""
    module: str
    """The catalogue's module id (`dask`); empty when it belongs to none."""
    action: Action
    reason: str = ""
    """Terraform's reason in its own words (`replace_by_triggers`, …); empty when it gives none."""


@dataclass(frozen=True, slots=True)
class RunRecord:
    """run.json; written atomically by whoever moves the run on."""

    id: str
    kind: Kind
    state: State
    binary: tuple[str, ...]
    """How Terraform is started: argv prefix, one element for a real binary."""
    binary_version: str
    binary_family: str = ""
    """`terraform` or `tofu`; empty in the record of an earlier version."""
    secret_names: tuple[str, ...] = ()
    """The secrets the plan was made with, to be passed as TF_VAR_ again."""
    secrets_revisions: Mapping[str, int] = field(default_factory=dict)
    """By module; the plan is stale once the deployment's differ."""
    created: str = ""
    """UTC, ISO 8601 with seconds."""
    runner: ProcessMark | None = None
    terraform: ProcessMark | None = None
    cancel_requested: bool = False
    init_arguments: tuple[str, ...] = ()
    """What `terraform init` gets after its standard flags."""
    plan_arguments: tuple[str, ...] = ()
    """What `terraform plan` gets after its standard flags (`-destroy`, `-var-file=…`)."""
    parallelism: int = 10
    changes: tuple[Change, ...] = ()
    """Filled when planned; empty, and no output changed, means nothing to do."""
    outputs_changed: bool = False
    """Whether the plan changes an output of the stack: then it is to be applied even without `changes`."""
    state_serial: int | None = None
    """The serial of the state the plan was made from; None without a local state."""


@dataclass(frozen=True, slots=True)
class Result:
    """result.json: how the run ended."""

    exit_code: int
    """0 ok, 1 failed, 130 cancelled: `mlops_install.errors.ExitCode`."""
    state: State
    phase: Literal["init", "plan", "apply"]
    started: str
    finished: str
    seconds: float
    """From the apply's start to this record, or the plan's when no apply took place."""
    terraform_exit: int | None = None
    diagnostics: tuple[Mapping[str, Value], ...] = ()
    """Terraform's error diagnostics as they came, redacted."""
