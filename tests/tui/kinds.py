"""A made-up target whose parameters are of every kind, for the forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from textual.pilot import Pilot

from mlops_install.catalogue.load import load_catalogue
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.prepared import Prepared
from mlops_install.deployment.runs.history import create_run
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.tui.app import WizardApp
from mlops_install.tui.screens.parameters import RulesChecked
from tests import machine
from tests.plain_target import register
from tests.tui.conftest import Wizard, settled

VARIABLES = """
variable "install_tool" {
  type    = bool
  default = true
}
variable "install_other" {
  type    = bool
  default = false
}
variable "labels" {
  type        = map(string)
  default     = {}
  description = "Labels of everything."
}
"""
TOOL = """
variable "tool_text" {
  type        = string
  description = "What it is called."
}
variable "tool_count" {
  type     = number
  default  = 2
  nullable = false
  validation {
    condition     = var.tool_count >= 1
    error_message = "At least one is needed."
  }
}
variable "tool_limit" {
  type    = number
  default = null
}
variable "tool_mode" {
  type     = string
  default  = "fast"
  nullable = false
  validation {
    condition     = contains(["fast", "safe"], var.tool_mode)
    error_message = "The mode is fast or safe."
  }
}
variable "tool_deep" {
  type     = bool
  default  = false
  nullable = false
}
variable "tool_depth" {
  type     = number
  default  = 3
  nullable = false
  validation {
    condition     = !var.tool_deep || var.tool_depth > var.tool_count
    error_message = "The depth is more than the count."
  }
}
variable "tool_names" {
  type     = list(string)
  default  = ["a", "b"]
  nullable = false
}
variable "tool_profiles" {
  type = list(object({
    display_name = string
    description  = optional(string)
    default      = optional(bool, false)
    override     = object({ image = string })
  }))
  default = []
}
variable "tool_folder" {
  type    = string
  default = ""
}
variable "tool_extra" {
  type    = any
  default = {}
}
variable "tool_data" {
  type    = string
  default = "disk"
}
variable "tool_token" {
  type      = string
  default   = null
  sensitive = true
  ephemeral = true
}
variable "tool_key" {
  type      = string
  default   = null
  sensitive = true
  ephemeral = true
}
"""
OTHER = """
variable "other_port" {
  type    = number
  default = 9000
}
"""
OVERLAY = """
format: 1
modules:
  tool: {title: Tool, summary: Does things., version: "1.0"}
  other: {title: Other, summary: Does more., version: "1.0"}
sections:
  - {id: main, title: Main}
  - {id: keys, title: Keys}
parameters:
  tool_text: {label: Title, section: main, order: 1}
  tool_count: {label: Count, section: main, order: 2}
  tool_limit: {label: Limit, section: main, order: 3}
  tool_mode: {label: Mode, section: main, order: 4}
  tool_deep: {label: Deep, section: main, order: 5}
  tool_depth: {label: Depth, section: main, order: 6, ask_when: {tool_deep: true}}
  tool_names: {label: Names, section: main, order: 7}
  tool_profiles: {label: Profiles, section: main, order: 8}
  tool_folder: {label: Folder, section: main, order: 9, widget: path}
  tool_extra: {label: Extra, section: main, order: 10}
  tool_data: {label: Data, section: main, order: 11, immutable: true}
  tool_token: {label: Token, section: keys, order: 1, required_when: {install_tool: true}, generate: hex32}
  tool_key: {label: Key, section: keys, order: 2, required_when: {install_tool: true}, advanced: true}
  other_port: {label: Port}
  labels: {label: Labels}
"""


class KindsContext(Context):
    """A context whose only target is the made-up one."""

    @property
    def terraform_root(self) -> Path:
        """The folder of the made-up stack."""
        return self.environment.home / "terraform"


def kinds_context(context: Context) -> KindsContext:
    """Write the made-up stack into the test's home and return a context that knows it as `kinds`."""
    register("kinds")
    made = KindsContext(context.environment)
    stack = made.terraform_root / "stacks" / "kinds"
    stack.mkdir(parents=True)
    files = {
        "variables.tf": VARIABLES,
        "tool_variables.tf": TOOL,
        "other_variables.tf": OTHER,
        "wizard.yaml": OVERLAY,
    }
    for name, text in files.items():
        (stack / name).write_text(text, encoding="utf-8")
    home = context.environment.cache_home
    made._catalogues["kinds"] = load_catalogue("kinds", cache_home=home, terraform_root=made.terraform_root)
    return made


def approve(interview: Interview) -> Deployment:
    """Leave the deployment as plan and approval would."""
    return leave_approved(interview.prepared())


def leave_approved(prepared: Prepared) -> Deployment:
    """Leave what was prepared as plan, approval and a good apply would."""
    deployment = machine.leave_approved(prepared)
    create_run(deployment, kind="apply", state="done", binary=("terraform",), binary_version="1.11.4")
    return deployment


async def rules_checked(app: WizardApp, pilot: Pilot[Any], wizard: Wizard) -> None:
    """Wait until Terraform was asked about the answers as they are now."""
    for _ in range(200):
        answers = [message for message in wizard.of(RulesChecked) if isinstance(message, RulesChecked)]
        if any(message.edits == app.guide.edits for message in answers):
            break
        await settled(app, pilot)
    await settled(app, pilot)
