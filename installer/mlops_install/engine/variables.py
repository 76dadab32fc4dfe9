"""Ask Terraform itself whether values fit: a root of the stack's variable files alone."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.deployment.files import write_json
from mlops_install.engine.argv import Commands
from mlops_install.engine.binary import Binary
from mlops_install.engine.events import Event, parse_line, variable_of
from mlops_install.engine.process import capture
from mlops_install.errors import InstallerError, Problem
from mlops_install.words.commands import command
from mlops_install.words.foreign import ForeignText

_BLOCK: Final = re.compile(r'^variable\s+"([^"]+)"', re.MULTILINE)
_RULE: Final = re.compile(r"\s*This was checked by the validation rule at .*", re.DOTALL)
_GIVEN: Final = re.compile(r"^(?:Unsuitable value for|The given value is not suitable for) .*?: (?=[a-z])", re.DOTALL)


def variable_problems(
    binary: Binary,
    *,
    folder_of_tf: Path,
    tfvars: Mapping[str, Value],
    secrets: Mapping[str, str],
    variables: Mapping[str, str],
    catalogue: Catalogue,
) -> list[Problem]:
    """Return what the stack's own `validation` rules and types refuse, each by its parameter's name.

    Values that failed are put back to their defaults and the rest asked again, until nothing new appears: a rule that
    needs a wrong value is only checked then. Raises InstallerError when Terraform fails at something else.
    """
    redact = ForeignText(secrets.values())
    values, hidden = dict(tfvars), dict(secrets)
    found: dict[str, list[Problem]] = {}
    with tempfile.TemporaryDirectory(prefix="mlops-install-") as name:
        folder = Path(name)
        declared = _copy_declarations(folder_of_tf, folder)
        # Each round but the last takes one name out at least.
        for _ in range(len(declared) + 1):
            known = {key: value for key, value in values.items() if key in declared}
            fresh, others = _ask(binary, folder, known, hidden, variables, redact)
            if others and not fresh and not found:
                raise InstallerError(
                    f"Terraform can't check the answers: {others}", hint=f"`{command('doctor')}` checks Terraform."
                )
            fresh = {key: texts for key, texts in fresh.items() if key not in found}
            if not fresh:
                break
            for key, texts in fresh.items():
                found[key] = [Problem(subject=key, message=text) for text in texts]
                _set_back(key, values, hidden)
    order = {key: position for position, key in enumerate(catalogue.parameters)}
    names = sorted(found, key=lambda key: (order.get(key, len(order)), key))
    return [problem for key in names for problem in found[key]]


def _copy_declarations(source: Path, folder: Path) -> set[str]:
    """Copy the files that declare variables; return the variables' names."""
    declared: set[str] = set()
    for path in sorted(source.glob("*.tf")):
        text = path.read_text(encoding="utf-8")
        if names := _BLOCK.findall(text):
            (folder / path.name).write_text(text, encoding="utf-8")
            declared.update(names)
    return declared


def _set_back(name: str, values: dict[str, Value], secrets: dict[str, str]) -> None:
    """Take the value out, so that the default holds; give one to a variable that had none and needs one."""
    if name in values or name in secrets:
        values.pop(name, None)
        secrets.pop(name, None)
    else:
        values[name] = None


def _ask(
    binary: Binary,
    folder: Path,
    values: Mapping[str, Value],
    secrets: Mapping[str, str],
    variables: Mapping[str, str],
    redact: ForeignText,
) -> tuple[dict[str, list[str]], str]:
    """Return one round's messages by variable, and what else Terraform says when it fails."""
    write_json(folder / "terraform.tfvars.json", dict(values))
    argv = Commands(()).plan(refresh=False)
    done = capture(binary, folder, argv, variables=variables, secrets=secrets)
    found: dict[str, list[str]] = {}
    others: list[str] = []
    for event in _errors(done.stdout):
        diagnostic = event.data["diagnostic"]
        name = variable_of(diagnostic)
        message = redact(_message(diagnostic))
        # A rule that can't even be computed is the stack's fault unless a value made it so.
        given = name in values or name in secrets
        if not name or not (given or "variable" in str(diagnostic.get("summary"))):
            others.append(message)
        elif message not in found.setdefault(name, []):
            found[name].append(message)
    said = redact(done.stderr).strip()[-400:] or f"exit {done.exit_code}"
    return found, (" ".join(others) or said) if done.exit_code != 0 else ""


def _errors(text: str) -> Iterator[Event]:
    for line in text.splitlines():
        event = parse_line(line, seq=0)
        diagnostic = event.data.get("diagnostic")
        if event.type == "diagnostic" and isinstance(diagnostic, dict) and diagnostic.get("severity") == "error":
            yield event


def _message(diagnostic: Mapping[str, Value]) -> str:
    """Return the rule's own message: without where it stands, and without the way the value came."""
    detail = " ".join(_RULE.sub("", str(diagnostic.get("detail") or "")).split())
    reason = _GIVEN.sub("", detail)
    if reason != detail:
        return reason[0].upper() + reason[1:]
    return detail or str(diagnostic.get("summary") or "Terraform refuses the value.")
