"""What the screens share: the interview, the run, and how far each step is. Knows nothing of Textual."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Literal

from mlops_install.tui.steps import Status, Step

if TYPE_CHECKING:
    from mlops_install.catalogue.model import Value
    from mlops_install.deployment.layout import Deployment, RunFolder
    from mlops_install.errors import Problem
    from mlops_install.setup.interview import Interview
    from mlops_install.targets.context import Context
    from mlops_install.targets.records import CheckReport
    from mlops_install.tui.following import Follower
    from mlops_install.workflow.planned import Planned
    from mlops_install.workflow.run_ending import RunEnding


class Guide:
    """One guided setup under way."""

    refused = False
    """Whether there is no plan because planning was refused: coming back to Review tries again."""
    _in_the_way: tuple[tuple[Problem, Value], ...] = ()
    """What planning met on the target, each with the answer that it was about."""

    def __init__(self, context: Context, interview: Interview | None = None) -> None:
        """Begin with an interview, or without one: the start screen makes it."""
        self.context = context
        self.interview = interview
        self.attached: Deployment | None = None
        """The deployment whose run is followed without an interview."""
        self.run: RunFolder | None = None
        """The run that was planned, goes on, or ended."""
        self.applying = False
        """Whether the run was approved: it is shown by the Run step from then on."""
        self.applied = self.failed = False
        """Whether the run came to its good end, or ended short of it."""
        self.verified: list[CheckReport] = []
        """What real clients met so far."""
        self.verifying: Literal["never", "now", "ended"] = "never"
        """Whether the checks were begun with since the last apply."""
        self.wanted_parameter = ""
        """The parameter that the Parameters step is to show next; empty for none."""
        self.edits = 0
        """Counts the edits: a plan made before the last one doesn't fit any more."""
        self.planned: Planned | None = None
        """The plan that waits for approval."""
        self.approved: Planned | None = None
        """The plan that was approved last."""
        self.planned_edits = -1
        """`edits` when the plan of `run` was begun."""
        self.planning_edits = -1
        """`edits` that are being planned, or were last."""
        self.planning = Lock()
        """One plan is made at a time."""
        self.replaced_difference: tuple[str, ...] | None = None
        """What the plan has more or less than the approved one, which was stale; None when none was."""
        self.follower: Follower | None = None
        """Who follows the run, as long as nobody else does: it notices the end whatever step is shown."""
        self._replaced: RunFolder | None = None
        self._saving = Lock()
        """Drafts are saved by workers: one at a time, and leaving waits for the one that is under way."""
        self._problems: list[Problem] | None = None
        self._rule_problems: list[Problem] = []

    @property
    def deployment(self) -> Deployment | None:
        """The deployment that is set up or watched; None before one was chosen."""
        return self.interview.deployment if self.interview else self.attached

    @property
    def deployment_name(self) -> str:
        """The deployment's name; empty before one was chosen."""
        return self.deployment.name if self.deployment else ""

    def command(self, verb: str, *words: str) -> str:
        """Return the command line of a verb about the deployment that was chosen."""
        assert self.deployment is not None
        return self.deployment.command(verb, *words)

    def require(self) -> Interview:
        """Return the interview of a step that can't be reached without one."""
        assert self.interview is not None
        return self.interview

    def begin(self, interview: Interview) -> None:
        """Go on with another interview; what was planned for the former one is forgotten."""
        self.interview, self.attached = interview, None
        self.planned, self.planned_edits, self.planning_edits = None, -1, -1
        self.run, self.applying, self.applied, self.failed = None, False, False, False
        self.approved = None
        self.verified, self.verifying = [], "never"
        self._in_the_way = ()
        self.touch()

    def attach(self, deployment: Deployment, run: RunFolder) -> None:
        """Watch a run that goes on, without an interview."""
        self.interview, self.attached, self.run = None, deployment, run
        self.applying, self.applied, self.failed = True, False, False
        self.verified, self.verifying = [], "never"

    def plan_begun(self, run: RunFolder) -> None:
        """Note the run that is being planned: another plan of the same deployment ends it first."""
        self.run = run

    def take_plan(self, planned: Planned, edits: int) -> None:
        """Offer a plan for approval."""
        from mlops_install.workflow.planned import difference
        from mlops_install.workflow.planning import approved_changes

        self.planned, self.run, self.planned_edits = planned, planned.run, edits
        self.failed = False
        self.replaced_difference = (
            difference(approved_changes(self._replaced), planned.summary) if self._replaced else None
        )

    def approve(self, *, empty: bool) -> None:
        """Note that the plan is being applied; an empty one is applied by its approval."""
        self.applying, self.applied, self.failed = True, empty, False
        self.approved = self.planned
        self.planned, self._replaced, self.verified, self.verifying = None, None, [], "never"

    def note_ending(self, run: RunFolder, ending: RunEnding) -> bool:
        """Note how a run ended; returns whether that is news: not of another run, nor said a second time."""
        if run != self.run or not self.in_flight:
            return False
        if ending.stale:
            self.plan_is_stale()
        elif ending.ended_short or (ending.kind == "apply" and ending.state == "done"):
            self.applied, self.failed = not ending.ended_short, ending.ended_short
        else:
            # A plan, or a removal: nothing goes on any more, and there is nothing installed to show.
            self.applying = False
        self.planning_edits = -1
        return True

    def plan_is_stale(self) -> None:
        """Go back to before the approval: the state or a secret moved since, so the plan was not applied."""
        self._replaced = self.run
        self.plan_again()

    def plan_again(self) -> None:
        """Go back to before the approval, after a failure: the next plan says what is left to do."""
        self.applying, self.applied, self.failed = False, False, False
        self.planned, self.planned_edits, self.planning_edits = None, -1, -1

    def touch(self) -> None:
        """Note an edit: problems are looked for again, and an unapproved plan no longer fits."""
        self.edits += 1
        self._problems = None
        self._rule_problems = []
        if not (self.applying and not self.applied and not self.failed):
            self.applying = self.applied = self.failed = False

    def problems(self) -> list[Problem]:
        """Return everything that is wrong with the answers, and what stays as it was met on the target."""
        return [*self.own_problems(), *self.in_the_way()]

    def in_the_way(self) -> list[Problem]:
        """Return what planning met on the target; each goes with another answer, or once planning begins again."""
        if self.interview is None:
            return []
        value_of, asked = self.interview.value_of, self.interview.catalogue.parameters
        return [met for met, value in self._in_the_way if met.subject not in asked or value_of(met.subject) == value]

    def note_in_the_way(self, problems: list[Problem]) -> None:
        """Keep what planning met on the target; an empty list forgets what it met before."""
        interview = self.require()
        asked = interview.catalogue.parameters
        self._in_the_way = tuple((p, interview.value_of(p.subject) if p.subject in asked else None) for p in problems)

    def own_problems(self) -> list[Problem]:
        """Return what is wrong with the answers alone, looked up once an edit."""
        if self.interview is None:
            return []
        if self._problems is None:
            self._problems = self.interview.problems()
        said = {problem.subject for problem in self._problems}
        return [*self._problems, *(p for p in self._rule_problems if p.subject not in said)]

    def note_rule_problems(self, problems: list[Problem], *, edits: int) -> bool:
        """Keep what Terraform said of the answers of `edits`; returns False when they changed since."""
        if edits != self.edits:
            return False
        self._rule_problems = problems
        return True

    def save(self) -> None:
        """Keep the draft; raises OSError when the disk refuses."""
        from mlops_install.setup import drafts

        with self._saving:
            if self.interview is not None and not self.applied:
                drafts.save(self.interview)

    @property
    def in_flight(self) -> bool:
        """Whether a run that was approved hasn't ended yet."""
        return self.applying and not (self.applied or self.failed)

    @property
    def approved_stands(self) -> bool:
        """Whether the approved plan is being applied, or was and nothing was edited or planned since."""
        begun = self.in_flight or (self.applied and self.planned_edits == self.edits)
        return begun and self.approved is not None

    @property
    def plan_fits(self) -> bool:
        """Whether the planned run is of the answers as they are now."""
        return self.run is not None and self.planned_edits == self.edits

    def status(self, step: Step) -> Status:
        """Return how far a step is."""
        if step is Step.START:
            return "done" if self.deployment else "open"
        if step is Step.RUN:
            return "problem" if self.failed else "done" if self.applied else "open" if self.applying else "locked"
        if step is Step.DONE:
            failed = any(check.status == "failed" for check in self.verified)
            return "problem" if failed else "open" if self.applied else "locked"
        if self.interview is None:
            return "locked"
        if step is Step.TARGET:
            return "done"
        if step is Step.MODULES:
            return "done" if self.interview.modules else "problem"
        if step is Step.PARAMETERS:
            return "problem" if self.problems() else "done"
        return "done" if self.applying else "open"
