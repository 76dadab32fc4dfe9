"""A failed run's diagnostics, read with the table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlops_install.catalogue.model import Value
from mlops_install.deployment.record import Kind, Result
from mlops_install.diagnosis.cluster_rules import CLUSTER_RULES
from mlops_install.diagnosis.evidence import Evidence, common_settings, evidence, held_namespaces
from mlops_install.diagnosis.log_rules import LOG_RULES
from mlops_install.diagnosis.records import Diagnosis
from mlops_install.diagnosis.rules import HELD_UP, RULES, UNKNOWN, Rule
from mlops_install.engine.events import Event, module_of, variable_of

_LAST_LINES = 15
_LONGEST = 400
"""Characters of a pod's words that are shown."""
_WAITED = re.compile(
    r"context deadline exceeded|timed out waiting|DeadlineExceeded|"
    r"BackoffLimitExceeded|hooks? failed|not ready",
    re.IGNORECASE,
)
"""Helm says no more than this, whatever held it up: its wait was over, or a Job of the chart's came to no good end."""
_STAYS = re.compile(r"while waiting for resource to be gone \(last state: 'Terminating'|^context deadline exceeded\s*$")
"""Of hashicorp/kubernetes 3.2, without the resource's address: only of namespaces is it waited for that they go."""
_STAYED = "A namespace stays"
_NOISE = re.compile(r"^(Error running command .*?Output:\s*|exit status \d+\. Output:\s*)", re.DOTALL)


def diagnose(
    result: Result, *, deployment: str, live: Sequence[Event] = (), kind: Kind = "apply", purge_data: bool = False
) -> list[Diagnosis]:
    """Return one diagnosis for each distinct error of the run, in the order Terraform gave them.

    `kind` and `purge_data` are the run's: a destroy goes on by a destroy, and no parameter is changed for it.

    `live` is what the cluster said meanwhile: where Terraform only waited too long, what the pods, Services and events
    of the same module said last tells why, and which parameter decides about it.
    """
    found: list[Diagnosis] = []
    removal = f"mlops-install destroy {deployment}{' --purge-data' if purge_data else ''}" if kind == "destroy" else ""
    for diagnostic in result.diagnostics:
        if diagnostic.get("severity", "error") != "error":
            continue
        diagnosis = _diagnose_one(diagnostic, deployment, live, removal)
        if diagnosis not in found:
            found.append(diagnosis)
    return found


def _diagnose_one(diagnostic: Mapping[str, Value], deployment: str, live: Sequence[Event], removal: str) -> Diagnosis:
    """Return what one diagnostic means; `removal` is the command that goes on with a destroy, empty in an apply."""
    summary = str(diagnostic.get("summary") or "Terraform failed without a word")
    detail = str(diagnostic.get("detail") or "")
    variable = variable_of(diagnostic)
    if variable:
        return Diagnosis(
            module="",
            cause=f"{variable}: {detail or summary}",
            action=f"Correct it with `--set {variable}=…`.",
            detail="",
            parameter=variable,
        )
    module = module_of(str(diagnostic.get("address") or ""))
    own = Evidence(f"{summary}\n{detail}", settings=common_settings(live, module))
    waited = bool(module and _WAITED.search(own.said))
    told = evidence(live, module) if waited else []
    if not diagnostic.get("address") and _STAYS.search(own.said):
        own = replace(own, said=f"{_STAYED}\n{own.said}")
        told = held_namespaces(live)
    rule, groups, why = _match([*told, own])
    parameter = _parameter(rule.setting.format_map(groups), why.settings)
    if not parameter and (module or "{module}" not in rule.parameter):
        parameter = rule.parameter.format_map({**groups, "module": module})
    words = {
        "summary": summary,
        "changed": _changed(why.settings),
        **_commands(deployment, parameter, removal),
        **groups,
    }
    action = HELD_UP if removal and "{change}" in rule.action else rule.action
    said = () if why is own else (why.said[:_LONGEST], *why.log)
    return Diagnosis(
        module=module,
        cause=rule.cause.format_map(words),
        action=action.format_map(words),
        detail=_tail("\n".join([detail, *said])),
        parameter="" if removal else parameter,
    )


def _commands(deployment: str, parameter: str, removal: str) -> dict[str, str]:
    """Return the commands that an action may name."""
    apply = f"mlops-install apply {deployment}"
    return {
        "deployment": deployment,
        "again": removal or apply,
        "replan": removal or f"mlops-install plan {deployment}",
        "change": apply + (f" --set {parameter}=…" if parameter else ""),
    }


def _match(told: Sequence[Evidence]) -> tuple[Rule, dict[str, str], Evidence]:
    """Return the first rule that fits any evidence, with its groups; the last evidence is Terraform's own words."""
    own = told[-1]
    for rule in LOG_RULES:
        for why in told:
            match = next(filter(None, map(rule.pattern.search, why.log)), None)
            if match:
                return rule, match.groupdict(), why
    for rule in (*CLUSTER_RULES, *RULES):
        for why in told if rule in CLUSTER_RULES else (own,):
            match = rule.pattern.search(why.said)
            if match:
                return rule, {name: value or "" for name, value in match.groupdict().items()}, why
    return UNKNOWN, {}, own


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
    lines: Sequence[str] = [line.rstrip() for line in _NOISE.sub("", detail).splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_LINES:])
