"""A failed run's diagnostics, read with the table."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mlops_install.catalogue.model import Value
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.runs.record import Kind, Result
from mlops_install.diagnosis.cluster_rules import CLUSTER_RULES
from mlops_install.diagnosis.evidence import Evidence, common_settings, evidence, held_namespaces
from mlops_install.diagnosis.log_rules import LOG_RULES
from mlops_install.diagnosis.records import Diagnosis
from mlops_install.diagnosis.rules import HELD_UP, UNKNOWN, Rule, Source
from mlops_install.diagnosis.said import NOISE, Said, said_in
from mlops_install.diagnosis.service_rules import SERVICE_RULES
from mlops_install.diagnosis.terraform_rules import TERRAFORM_RULES
from mlops_install.engine.events import LOCKED, Event, module_of, variable_of
from mlops_install.words import commands

TABLE: tuple[Rule, ...] = (*LOG_RULES, *TERRAFORM_RULES, *CLUSTER_RULES, *SERVICE_RULES)
"""Every row; where several fit, the first one is nearest to the cause."""
_LAST_LINES = 15
_LONGEST = 400
"""Characters of a pod's words that are shown."""
_WAITED = re.compile(
    r"context deadline exceeded|timed out waiting|DeadlineExceeded|"
    r"BackoffLimitExceeded|hooks? failed|not ready",
    re.IGNORECASE,
)
"""Helm says no more than this, whatever held it up: its wait was over, or a Job of the chart's came to no good end."""
_STAYS = re.compile(
    r"while waiting for resource to be gone \(last state: 'Terminating'|^context deadline exceeded$", re.MULTILINE
)
"""Of hashicorp/kubernetes 3.2, without the resource's address: only of namespaces is it waited for that they go."""
_LOG_PREFIX = re.compile(r"^\S+ said(?: before this run)?: ")
"""What stands before each line of a container's log (`targets/kubernetes/pods/watch.py`)."""
_ASKS = "it asks, or reads again where the secret comes from; `--from env:NAME` or `--from file:PATH` names another one"


@dataclass(frozen=True, slots=True)
class _Run:
    """What a run was, for the commands that go on with it."""

    deployment: Deployment
    removal: str
    """The command that goes on with a destroy; empty in an apply."""
    secrets: Collection[str]
    live: Sequence[Event]


def diagnose(
    result: Result,
    *,
    deployment: Deployment,
    live: Sequence[Event] = (),
    kind: Kind = "apply",
    purge_data: bool = False,
    secrets: Collection[str] = (),
) -> list[Diagnosis]:
    """Return one diagnosis for each distinct error of the run, in the order Terraform gave them.

    `kind` and `purge_data` are the run's: a destroy goes on by a destroy, and no parameter is changed for it. `secrets`
    are the names of the parameters whose value must not stand on a command line.

    `live` is what the cluster said meanwhile: where Terraform only waited too long, what the pods, Services and events
    of the same module said last tells why, and which parameter decides about it.
    """
    found: list[Diagnosis] = []
    removal = deployment.command("destroy", *(["--purge-data"] if purge_data else [])) if kind == "destroy" else ""
    run = _Run(deployment, removal, secrets, live)
    for diagnostic in result.diagnostics:
        if diagnostic.get("severity", "error") != "error":
            continue
        diagnosis = _diagnose_one(diagnostic, run)
        if diagnosis not in found:
            found.append(diagnosis)
    return found


def _diagnose_one(diagnostic: Mapping[str, Value], run: _Run) -> Diagnosis:
    """Return what one diagnostic means."""
    summary = str(diagnostic.get("summary") or "Terraform failed and gave no reason")
    detail = str(diagnostic.get("detail") or "")
    if variable := variable_of(diagnostic):
        return _of_variable(variable, detail or summary, run)
    if diagnostic.get("code") == LOCKED:
        return _of_lock(summary, detail, run)
    module = module_of(str(diagnostic.get("address") or ""))
    own = Evidence(f"{summary}\n{detail}", settings=common_settings(run.live, module))
    told = evidence(run.live, module) if module and _WAITED.search(own.said) else []
    own_words = said_in(diagnostic)
    if not diagnostic.get("address") and _STAYS.search(own.said):
        told = held_namespaces(run.live)
        own_words = [Said(Source.NAMESPACE, own.said)]
    rule, groups, why = _match(module, told, (own, own_words))
    parameter = _parameter(rule.setting.format_map(groups), why.settings)
    if not parameter and (module or "{module}" not in rule.parameter):
        parameter = rule.parameter.format_map({**groups, "module": module})
    words = {"summary": summary, "changed": _changed(why.settings), **_commands(run, rule, parameter, groups), **groups}
    action = HELD_UP if run.removal and "{change}" in rule.action else rule.action
    said = () if why is own else (why.said[:_LONGEST], *why.log)
    return Diagnosis(
        module=module,
        cause=rule.cause.format_map(words).removesuffix(": "),
        action=action.format_map(words),
        detail=_tail("\n".join([detail, *said])),
        parameter="" if run.removal else parameter,
    )


def _of_variable(variable: str, why: str, run: _Run) -> Diagnosis:
    value = "env:NAME" if variable in run.secrets else "…"
    again = run.deployment.command("apply", "--set", f"{variable}={value}")
    more = " (or `file:PATH`)" if variable in run.secrets else ""
    return Diagnosis("", f"{variable}: {why}", f"Correct it with `{again}`{more}.", "", variable)


def _of_lock(summary: str, hint: str, run: _Run) -> Diagnosis:
    """Return that another process holds the deployment; its hint can't know how the deployment was named."""
    if ": run " in summary:
        attach, cancel = run.deployment.command("attach"), run.deployment.command("cancel")
        hint = f"Follow that run with `{attach}`, or end it with `{cancel}`."
    return Diagnosis("", summary.rstrip("."), hint, "")


def _commands(run: _Run, rule: Rule, parameter: str, groups: Mapping[str, str]) -> dict[str, str]:
    """Return the commands that an action may name, in backticks."""
    deployment = run.deployment
    other = deployment.sibling(Path(groups["folder"])) if "folder" in groups else deployment
    named = {
        "again": run.removal or deployment.command("apply"),
        "replan": run.removal or deployment.command("plan"),
        "change": deployment.command("apply", *(["--set", f"{parameter}=…"] if parameter else [])),
        "mirror": deployment.command("apply", "--set", "image_registry=…"),
        "context_again": f"{run.removal or deployment.command('apply')} --context NAME",
        "unlock": deployment.command("unlock"),
        "doctor": commands.command("doctor"),
        "reconfigure": deployment.command("reconfigure"),
        "stop": other.command("stop"),
    }
    words = {name: f"`{line}`" for name, line in named.items()}
    if parameter and (rule.secret or parameter in run.secrets):
        words["change"] = f"`{deployment.command('secret', 'rotate', parameter)}` ({_ASKS})"
    return words


_Found = tuple[Rule, dict[str, str], Evidence]


def _match(module: str, told: Sequence[Evidence], own: tuple[Evidence, Sequence[Said]]) -> _Found:
    """Return the first row that fits any text, with its groups, and the evidence that the text is from.

    `own` is the diagnostic itself, with what it says by who said it; of equal rows, `told` comes before it.
    """
    texts = [*_texts(told), *((text, own[0]) for text in own[1])]
    for rule in TABLE:
        if rule.modules and module not in rule.modules:
            continue
        for text, why in texts:
            match = rule.pattern.search(text.text) if text.source in rule.sources else None
            if match:
                return rule, match.groupdict(default=""), why
    return UNKNOWN, {}, own[0]


def _texts(told: Sequence[Evidence]) -> Iterator[tuple[Said, Evidence]]:
    for why in told:
        yield Said(why.source, why.said), why
        for line in why.log:
            yield Said(Source.CONTAINER, _LOG_PREFIX.sub("", line)), why


def _parameter(setting: str, settings: Mapping[str, Value]) -> str:
    """Return the parameter that decides about something; a limit that is none of its own is the memory asked for."""
    if setting == "changed":
        changed = settings.get("changed")
        return str(changed[0]) if isinstance(changed, list) and len(changed) == 1 else ""
    found = settings.get(setting) or (settings.get("memory") if setting == "limit" else "")
    return str(found or "")


def _changed(settings: Mapping[str, Value]) -> str:
    changed = settings.get("changed")
    return f"Changed since it last went well: {', '.join(map(str, changed))}. " if changed else ""


def _tail(detail: str) -> str:
    lines: Sequence[str] = [line.rstrip() for line in NOISE.sub("", detail).splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_LINES:])
