"""What the Kubernetes modules say of themselves, asked of a real Terraform without a provider or a cluster."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from mlops_install.answers.check import complete
from mlops_install.answers.model import Answers
from mlops_install.catalogue.load import load_catalogue
from mlops_install.deployment.root.tfvars import render_tfvars
from mlops_install.engine.binary import Binary
from mlops_install.engine.described import Chart, describe_modules
from mlops_install.paths import shipped_data


def test_charts_and_needs_follow_the_values_and_are_kept(any_terraform: Binary, tmp_path: Path) -> None:
    catalogue = load_catalogue("kubernetes", cache_home=tmp_path)
    small = complete(Answers("t", "kubernetes", ("valkey",), {"valkey_memory": "96Mi"}), catalogue)

    def ask(answers: Answers, binary: Binary = any_terraform) -> object:
        tfvars = render_tfvars(answers, catalogue, revisions={}, internal={})
        return describe_modules(
            binary,
            shipped_data("terraform"),
            "kubernetes",
            answers.modules,
            tfvars,
            variables=os.environ,
            cache=tmp_path / "kept",
        )

    found = ask(small)
    assert isinstance(found, dict)
    assert found["valkey"].charts == (Chart("valkey", "0.11.0"),)
    assert (found["valkey"].memory, found["valkey"].largest_memory) == (96, 96)
    # A second answer to the same question needs no Terraform.
    assert ask(small, replace(any_terraform, argv=("/nowhere",))) == found
    refused = replace(small, parameters={**small.parameters, "valkey_memory": "much"})
    assert ask(refused) is None
