"""The table's rows for Terraform itself and its backends.

The texts are those of Terraform 1.11 and 1.15 (internal/command, internal/terraform, internal/backend); OpenTofu has
kept them.
"""

from __future__ import annotations

from mlops_install.diagnosis.rules import AGAIN, Rule, Source, rule

ANY = (Source.TERRAFORM, Source.RELEASE)

TERRAFORM_RULES: tuple[Rule, ...] = (
    rule(
        # The backend `http` puts itself into what Terraform then says of the holder (backend/remote-state/http).
        r"^(?:Error message: )?HTTP remote state already locked:\s+ID=(?P<id>\S*)",
        Source.TERRAFORM,
        "Terraform's state is locked by another Terraform (lock {id})",
        "Wait for the other Terraform to end. If it is gone for certain, {unlock} takes its lock away, " + AGAIN + ".",
    ),
    rule(
        # command/clistate.
        r"^Error acquiring the state lock$(?s:.*?)^ *ID: +(?P<id>\S+)$(?s:.*?)^ *Who: +(?P<who>\S+)$",
        Source.TERRAFORM,
        "Terraform's state is locked by {who} (lock {id})",
        "Wait for the other Terraform to end. If it is gone for certain, {unlock} takes its lock away, " + AGAIN + ".",
    ),
    rule(
        # backend/local; the second one is our own runner's.
        r"\A(?:Saved plan is stale|The plan is stale)$",
        Source.TERRAFORM,
        "the state or a secret changed since the plan was made",
        "Make a new plan with {replan} and look at what differs.",
    ),
    rule(
        # ENOSPC and EDQUOT as Go says them.
        r": (?:no space left on device|disk quota exceeded)\b",
        ANY,
        "the disk is full",
        "Free some space ({doctor} says how much is needed), " + AGAIN + ".",
    ),
    rule(
        # command/init and providercache.
        r"\AFailed to (?:query available provider packages|install provider)$",
        Source.TERRAFORM,
        "Terraform could not get one of its providers",
        "Check the network, or put the provider where `terraform init` looks for it, " + AGAIN + ".",
    ),
    rule(
        # terraform/context and backend/local, after one and after two interrupts.
        r"\A(?:execution halted|operation canceled)$",
        ANY,
        "the run was interrupted",
        "Nothing is lost: {again} carries on from here.",
    ),
    rule(
        # hashicorp/helm 3.1.2, after a failed upgrade, when the values are again those that went well before.
        r"^When applying changes to \S*helm_release\.\S+, provider .* produced an unexpected new value: \.metadata\.",
        ANY,
        "the release is as it was asked for, but Terraform's Helm provider lost count over its failure before",
        "Nothing is lost: run {again} once more.",
    ),
)
