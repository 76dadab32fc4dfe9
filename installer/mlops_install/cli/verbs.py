"""The verbs by name, and those that have verbs of their own."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import typer
from typer.core import TyperCommand

from mlops_install.cli import (
    apply,
    destroy,
    doctor,
    flight,
    inspect,
    models,
    plan,
    preset_edit,
    presets,
    quick,
    schema,
    secret,
    secret_rotate,
    services,
    terraform,
    undo,
    unlock,
    verify,
    wizard,
)

VERBS: Mapping[str, Callable[..., int]] = {
    "quick": quick.quick,
    "wizard": wizard.wizard,
    "reconfigure": wizard.reconfigure,
    "plan": plan.plan,
    "apply": apply.apply,
    "destroy": destroy.destroy,
    "status": inspect.status,
    "verify": verify.verify,
    "models": models.models,
    "outputs": inspect.outputs,
    "start": services.start,
    "stop": services.stop,
    "attach": flight.attach,
    "cancel": flight.cancel,
    "runs": inspect.runs,
    "last-error": flight.last_error,
    "undo": undo.undo,
    "unlock": unlock.unlock,
    "presets": presets.presets,
    "schema": schema.schema,
    "terraform": terraform.terraform,
    "doctor": doctor.doctor,
}

PARSERS: Mapping[str, type[TyperCommand]] = {"terraform": terraform.TerraformCommand}
"""The verbs that aren't read as the others are."""

presets.preset_app.command("save")(preset_edit.save)
presets.preset_app.command("diff")(preset_edit.diff)
secret.secret_app.command("rotate")(secret_rotate.rotate)
GROUPS: Mapping[str, typer.Typer] = {"preset": presets.preset_app, "secret": secret.secret_app}
