"""A failed run's diagnostics, read with the table."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from mlops_install.catalogue.model import Value
from mlops_install.deployment.record import Result
from mlops_install.diagnosis.cluster_rules import CLUSTER_RULES
from mlops_install.diagnosis.records import Diagnosis
from mlops_install.diagnosis.rules import RULES, UNKNOWN, Rule
from mlops_install.engine.events import Event, module_of, variable_of

_LAST_LINES = 15
_WAITED = re.compile(r"context deadline exceeded|timed out waiting", re.IGNORECASE)
_NOISE = re.compile(r"^(Error running command .*?Output:\s*|exit status \d+\. Output:\s*)", re.DOTALL)


def diagnose(result: Result, *, deployment: str, live: Sequence[Event] = ()) -> list[Diagnosis]:
    """Return one diagnosis for each distinct error of the run, in the order Terraform gave them.

    `live` is what the cluster said meanwhile: where Terraform only waited too long, the last `pod`, `pod_log` and
    `event` lines of the same module say why.
    """
    found: list[Diagnosis] = []
    for diagnostic in result.diagnostics:
        if diagnostic.get("severity", "error") != "error":
            continue
        diagnosis = _diagnose_one(_with_evidence(diagnostic, live), deployment)
        if diagnosis not in found:
            found.append(diagnosis)
    return found


def _with_evidence(diagnostic: Mapping[str, Value], live: Sequence[Event]) -> Mapping[str, Value]:
    detail = str(diagnostic.get("detail") or "")
    module = module_of(str(diagnostic.get("address") or ""))
    if not module or not _WAITED.search(f"{diagnostic.get('summary')}\n{detail}"):
        return diagnostic
    said = [event.message for event in live if event.type in ("pod", "pod_log", "event") and event.module == module]
    return {**diagnostic, "detail": "\n".join([detail, *said[-_LAST_LINES:]]).strip()}


def _diagnose_one(diagnostic: Mapping[str, Value], deployment: str) -> Diagnosis:
    summary = str(diagnostic.get("summary") or "Terraform failed without a word")
    detail = str(diagnostic.get("detail") or "")
    variable = variable_of(diagnostic)
    rule, groups = _match(f"{summary}\n{detail}")
    words = {"summary": summary, "deployment": deployment, **groups}
    if variable:
        return Diagnosis(
            module="",
            cause=f"{variable}: {detail or summary}",
            action=f"Correct it with `--set {variable}=…`.",
            detail="",
            parameter=variable,
        )
    return Diagnosis(
        module=module_of(str(diagnostic.get("address") or "")),
        cause=rule.cause.format_map(words),
        action=rule.action.format_map(words),
        detail=_tail(detail),
        parameter=rule.parameter.format_map(words),
    )


def _match(text: str) -> tuple[Rule, dict[str, str]]:
    for rule in (*CLUSTER_RULES, *RULES):
        match = rule.pattern.search(text)
        if match:
            return rule, {name: value or "" for name, value in match.groupdict().items()}
    return UNKNOWN, {}


def _tail(detail: str) -> str:
    lines: Sequence[str] = [line.rstrip() for line in _NOISE.sub("", detail).splitlines() if line.strip()]
    return "\n".join(lines[-_LAST_LINES:])
