"""Terraform's command lines, built by python-terraform 0.10.1 and by nothing else of it."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any, NoReturn

from python_terraform import IsFlagged, Terraform

LOCK_TIMEOUT = "30s"
"""How long Terraform waits for a state lock that another Terraform holds."""


class Commands(Terraform):  # type: ignore[misc]  # python-terraform has no types
    """Builds the argv of each verb; starts nothing.

    python-terraform's own verbs add flags that Terraform ≥ 1.11 refuses (`destroy -force`) and run what they build,
    so each verb is built anew from its `generate_cmd_string`.
    """

    def __init__(self, binary: Iterable[str]) -> None:
        # The parent's constructor reads the working folder's state.
        self.terraform_bin_path = ""
        self._prefix = tuple(binary)

    def __getattr__(self, item: str) -> NoReturn:
        # The parent makes a Terraform command of every misspelt name.
        raise AttributeError(item)

    def cmd(self, cmd: str, *args: str, **kwargs: Any) -> NoReturn:
        """Refuse to run anything: processes are `engine.process`'s."""
        raise NotImplementedError(f"{cmd} must be started by engine.process")

    def version(self) -> list[str]:
        """`version`, in words: it names Terraform or OpenTofu, which its JSON doesn't."""
        return self._argv("version")

    def init(self, *arguments: str) -> list[str]:
        """`init` with events (`-json` since Terraform 1.9); never `-upgrade`, which drifts versions."""
        return self._argv("init", *arguments, json=IsFlagged, input=False)

    def move_state(self) -> list[str]:
        """`init` that copies the state to the backend which the configuration names now; it has no events."""
        return self._argv("init", "-migrate-state", "-force-copy", input=False, no_color=IsFlagged)

    def plan(self, out: Path | str | None = None, *arguments: str, refresh: bool = True) -> list[str]:
        """`plan` with events; `out` is where the plan is saved, `arguments` follow the standard flags."""
        options: dict[str, Any] = {"json": IsFlagged, "input": False}
        if out is not None:
            options |= {"out": out, "lock_timeout": LOCK_TIMEOUT}
        if not refresh:
            options["refresh"] = False
        return self._argv("plan", *arguments, **options)

    def apply(self, plan: Path | str, *, parallelism: int) -> list[str]:
        """`apply` with events, of a saved plan and of nothing else."""
        options = {"json": IsFlagged, "input": False, "lock_timeout": LOCK_TIMEOUT, "parallelism": parallelism}
        return self._argv("apply", str(plan), **options)

    def show(self, plan: Path | str) -> list[str]:
        """`show -json` of a saved plan."""
        return self._argv("show", str(plan), json=IsFlagged)

    def output(self) -> list[str]:
        """`output -json`: one document with every output, sensitive ones in clear."""
        return self._argv("output", json=IsFlagged)

    def state_pull(self) -> list[str]:
        """`state pull`: the state's document, from wherever it is kept."""
        return self._argv("state", "pull")

    def try_lock(self) -> list[str]:
        """`untaint` of nothing: gets the state's lock at once or fails, and gives it back without a change."""
        options = {"allow_missing": IsFlagged, "lock_timeout": "0s", "no_color": IsFlagged}
        return self._argv("untaint", "terraform_data.none", **options)

    def destroy(self, *arguments: Any, **options: Any) -> NoReturn:
        """Refuse: destroying is a saved `plan -destroy`, applied."""
        raise NotImplementedError("destroy is `plan -destroy`, saved and applied")

    def _argv(self, verb: str, *arguments: str, **options: Any) -> list[str]:
        built: list[str] = self.generate_cmd_string(verb, *arguments, **options)
        return [*self._prefix, *built[1:]]
