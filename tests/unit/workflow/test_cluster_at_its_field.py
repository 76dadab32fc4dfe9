"""A cluster that can't be asked names the field that leads to it, in a form's own words."""

from __future__ import annotations

import json

import pytest

from mlops_install.errors import PreflightError, Problem
from mlops_install.setup.interview import Interview
from mlops_install.targets.context import Context
from mlops_install.words.wording import at_a_form
from mlops_install.workflow.planned import make_plan


def refused(context: Context, name: str) -> Problem:
    interview = Interview.from_preset(context, "small-cluster")
    interview.set_value("kube_context", name)
    with pytest.raises(PreflightError) as caught:
        make_plan(context, interview.prepared(), begun=lambda _: None, told=lambda _: None)
    [problem] = caught.value.problems
    assert not interview.deployment.folder.exists()
    return problem


def test_without_a_kubeconfig_it_is_the_file(context: Context) -> None:
    problem = refused(context, "nowhere")
    assert problem.subject == "kubeconfig"
    assert "There is no kubeconfig" in problem.message
    assert at_a_form(problem.hint) == "Name one here."


def test_of_a_cluster_that_does_not_answer_it_is_the_context(context: Context) -> None:
    config = context.environment.home / ".kube" / "config"
    config.parent.mkdir(parents=True)
    config.write_text(
        json.dumps(
            {
                "clusters": [{"name": "gone", "cluster": {"server": "https://127.0.0.1:1"}}],
                "users": [{"name": "me", "user": {"token": "x"}}],
                "contexts": [{"name": "gone", "context": {"cluster": "gone", "user": "me"}}],
            }
        )
    )
    problem = refused(context, "gone")
    assert problem.subject == "kube_context"
    assert "can't be reached" in problem.message


@pytest.mark.parametrize(
    ("hint", "told"),
    [
        ("Choose another port: --set mlflow_port=5001", "Choose another port: 5001"),
        ("Name the right one with --context or --kubeconfig; another needs its own.", None),
        ("Use `--set storage_class=NAME`.", "Use `--set storage_class=NAME`."),
    ],
)
def test_options_are_put_into_the_words_of_a_form(hint: str, told: str | None) -> None:
    assert at_a_form(hint) == (told or "Name the right one here; another needs its own.")
