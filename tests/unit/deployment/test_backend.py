from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from mlops_install.answers.model import Answers, Backend
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, write_marker
from mlops_install.deployment.root.backend import (
    backend_document,
    moved_state,
    note_backend,
    noted_backend,
    refuse_moved_state,
    state_secret,
)
from mlops_install.errors import UsageError

CLUSTER = Answers(
    "team",
    "kubernetes",
    parameters={"kubeconfig": "", "kube_context": "lab"},
    backend=Backend("kubernetes", {"namespace": "states"}),
)
S3 = replace(CLUSTER, backend=Backend("s3", {"bucket": "states", "key": "team"}))


def rendered(answers: Answers) -> object:
    document = backend_document(answers)
    assert document is not None
    return json.loads(document)["terraform"]["backend"]


def test_the_clusters_backend_goes_to_the_deployments_own_context() -> None:
    way = {"config_path": "~/.kube/config", "config_context": "lab"}
    assert rendered(CLUSTER) == {"kubernetes": {"secret_suffix": "team", "namespace": "states", **way}}
    assert state_secret(CLUSTER) == ("tfstate-default-team", "states")


def test_several_files_are_given_as_several() -> None:
    several = replace(CLUSTER, parameters={"kubeconfig": "/a:/b", "kube_context": "lab"})
    way = {"config_paths": ["/a", "/b"], "config_context": "lab"}
    assert rendered(several) == {"kubernetes": {"secret_suffix": "team", "namespace": "states", **way}}


def test_a_way_that_is_given_is_left_alone() -> None:
    given = replace(CLUSTER, backend=Backend("kubernetes", {"config_path": "/admin", "secret_suffix": "x"}))
    assert rendered(given) == {"kubernetes": {"config_path": "/admin", "secret_suffix": "x"}}


def test_a_suffix_that_terraform_refuses_is_not_made() -> None:
    assert state_secret(replace(CLUSTER, name="team-2"))[0] == "tfstate-default-team-2-state"


def test_any_other_backend_is_as_it_was_answered() -> None:
    assert rendered(S3) == {"s3": {"bucket": "states", "key": "team"}}
    assert backend_document(replace(S3, backend=Backend())) is None


def test_another_place_is_refused_once_something_is_approved(tmp_path: Path) -> None:
    deployment = Deployment(tmp_path)
    write_marker(deployment, Marker("kubernetes"))
    note_backend(deployment, CLUSTER.backend)
    refuse_moved_state(deployment, S3)
    deployment.answers.write_text("")
    assert noted_backend(deployment) == CLUSTER.backend
    assert moved_state(deployment, replace(CLUSTER, parameters={"kube_context": "renamed"})) is None
    with pytest.raises(UsageError, match="in the Secret tfstate-default-team in namespace states of the cluster, and"):
        refuse_moved_state(deployment, S3)
    other = replace(S3, backend=Backend("s3", {"bucket": "others", "key": "team"}))
    note_backend(deployment, S3.backend)
    assert moved_state(deployment, other) == ("backend s3", "backend s3, set otherwise")
