"""Where everything of one deployment lies."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from mlops_install.words import commands


@dataclass(frozen=True, slots=True)
class RunFolder:
    """`runs/NNNN`: one plan and its apply."""

    path: Path

    @property
    def id(self) -> str:
        """Four digits, rising from 0001."""
        return self.path.name

    @property
    def record(self) -> Path:
        return self.path / "run.json"

    @property
    def plan(self) -> Path:
        return self.path / "plan"

    @property
    def tfvars(self) -> Path:
        return self.path / "terraform.tfvars.json"

    @property
    def events(self) -> Path:
        """Terraform's own `-json` lines, one plan or apply after the other."""
        return self.path / "events.jsonl"

    @property
    def live(self) -> Path:
        """What the target says meanwhile, one event object a line."""
        return self.path / "live.jsonl"

    @property
    def stderr(self) -> Path:
        return self.path / "stderr.log"

    @property
    def answers(self) -> Path:
        return self.path / "answers.yaml"

    @property
    def result(self) -> Path:
        return self.path / "result.json"


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment's folder and the places in it; nothing here touches the disk."""

    folder: Path
    elsewhere: bool = field(default=False, compare=False)
    """Whether it isn't found by its name: commands about it need `--dir` (`deployment.store` knows)."""

    @property
    def name(self) -> str:
        return self.folder.name

    def command(self, verb: str, *words: str) -> str:
        """Return the command line of a verb about this deployment, as it must be typed; `words` follow the verb."""
        return commands.about(self.name, self.folder if self.elsewhere else None, verb, *words)

    def sibling(self, folder: Path) -> Deployment:
        """Return the deployment of another folder: beside this one it is found by its name where this one is."""
        return Deployment(folder, elsewhere=self.elsewhere or folder.parent != self.folder.parent)

    @property
    def answers(self) -> Path:
        return self.folder / "answers.yaml"

    @property
    def secrets(self) -> Path:
        return self.folder / "secrets.tfvars.json"

    @property
    def tfvars(self) -> Path:
        return self.folder / "terraform.tfvars.json"

    @property
    def marker(self) -> Path:
        return self.folder / ".mlops-install.json"

    @property
    def lock(self) -> Path:
        """Flocked by the runner for its life."""
        return self.folder / ".mlops-install.lock"

    @property
    def draft(self) -> Path:
        return self.folder / "draft"

    @property
    def draft_answers(self) -> Path:
        return self.draft / "answers.yaml"

    @property
    def draft_secrets(self) -> Path:
        """The candidate secrets of a plan that is not approved yet; complete, same format as `secrets`."""
        return self.draft / "secrets.tfvars.json"

    @property
    def runs(self) -> Path:
        return self.folder / "runs"

    @property
    def services(self) -> Path:
        return self.folder / "services"

    @property
    def binaries(self) -> Path:
        """`bin/`: the shim `service` that Terraform calls on the local target."""
        return self.folder / "bin"

    @property
    def state(self) -> Path:
        return self.folder / "terraform.tfstate"

    def run(self, run_id: str) -> RunFolder:
        return RunFolder(self.runs / run_id)
