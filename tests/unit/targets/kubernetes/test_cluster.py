"""How the cluster of the answers is named, and what is offered of one that can't be asked."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from mlops_install.answers.model import Answers
from mlops_install.deployment.layout import Deployment
from mlops_install.errors import PreflightError, UsageError
from mlops_install.setup.choices import choices, offered
from mlops_install.setup.interview import Interview
from mlops_install.setup.prepare import Request, prepare
from mlops_install.targets.context import Context
from mlops_install.targets.kubernetes.cluster import connect, name_cluster, pin_cluster, refuse_other_cluster
from mlops_install.targets.registry import target

ANSWERS = Answers("t", "kubernetes", ("mlflow",))


def write(path: Path, *names: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    document = {
        "contexts": [{"name": name, "context": {"cluster": "c"}} for name in names],
        "clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}],
    }
    path.write_text(yaml.safe_dump(document), encoding="utf-8")
    return path


def with_variables(context: Context, **variables: str) -> Context:
    return replace(context, environment=replace(context.environment, variables=variables))


def test_the_only_context_of_the_home_is_named_without_its_file(context: Context) -> None:
    write(context.environment.home / ".kube" / "config", "one")
    assert name_cluster(context, ANSWERS).parameters == {"kube_context": "one"}


def test_of_several_contexts_none_is_filled_in(context: Context) -> None:
    write(context.environment.home / ".kube" / "config", "one", "two")
    assert name_cluster(context, ANSWERS).parameters == {}
    assert choices(context, ANSWERS, "kube_contexts") == ("one", "two")


def test_the_file_of_the_variable_is_written_into_the_answers(context: Context) -> None:
    file = write(context.environment.working_directory / "elsewhere", "one")
    found = name_cluster(with_variables(context, KUBECONFIG=str(file)), ANSWERS).parameters
    assert found == {"kube_context": "one", "kubeconfig": str(file)}


def test_of_several_files_those_are_named_that_lead_to_the_cluster(context: Context) -> None:
    here = context.environment.working_directory
    split = {"a": {"contexts": [{"name": "one", "context": {"cluster": "c"}}]}, "b": {"contexts": []}}
    split["c"] = {"clusters": [{"name": "c", "cluster": {"server": "http://127.0.0.1:1"}}]}
    for name, document in split.items():
        (here / name).write_text(yaml.safe_dump(document), encoding="utf-8")
    context = with_variables(context, KUBECONFIG=f"a::b:{here}/c:gone:a")
    named = name_cluster(context, ANSWERS)
    assert named.parameters == {"kube_context": "one", "kubeconfig": f"{here}/a:{here}/c"}
    # The answers alone lead there again, without the variable.
    alone = connect(with_variables(context), named).access
    assert (alone.server, alone) == ("http://127.0.0.1:1", connect(context, ANSWERS).access)


def test_flags_win_over_answers(context: Context) -> None:
    write(context.environment.working_directory / "a", "one", "two")
    given = replace(ANSWERS, parameters={"kube_context": "one", "kubeconfig": "/gone"})
    flags = replace(context, kubeconfig="a", kube_context="two")
    file = str(context.environment.working_directory / "a")
    assert name_cluster(flags, given).parameters == {"kube_context": "two", "kubeconfig": file}
    assert Interview(flags, Deployment(context.environment.data_home / "t"), given).given.parameters == {
        "kube_context": "two",
        "kubeconfig": file,
    }


def test_flags_are_refused_where_there_is_no_cluster(context: Context) -> None:
    with pytest.raises(UsageError, match="are for clusters"):
        prepare(replace(context, kube_context="one"), Request(preset="laptop"))


def test_a_cluster_that_cannot_be_asked_offers_nothing_and_has_no_measure(context: Context) -> None:
    catalogue = context.catalogue("kubernetes")
    nowhere = Deployment(context.environment.data_home / "t")
    for kind in ("kube_contexts", "storage_classes", "ingress_classes", "gateways"):
        assert choices(context, ANSWERS, kind) == ()
    write(context.environment.home / ".kube" / "config", "one")
    assert choices(context, ANSWERS, "storage_classes") == ()
    assert target(ANSWERS.target).questions.capacity(context, ANSWERS, catalogue, nowhere).available is None
    parameters = [catalogue.parameters["kube_context"], catalogue.parameters["storage_class"]]
    assert [parameter.choices for parameter in offered(context, ANSWERS, parameters)] == [("one",), ()]


def test_a_plan_for_a_cluster_that_does_not_answer_is_refused(context: Context) -> None:
    write(context.environment.home / ".kube" / "config", "one")
    with pytest.raises(PreflightError, match="can't be reached"):
        pin_cluster(context, Deployment(context.environment.data_home / "t"), ANSWERS)


def test_a_deployment_with_nothing_approved_may_go_to_another_cluster(context: Context) -> None:
    refuse_other_cluster(Deployment(context.environment.data_home / "t"), "any", "one")
