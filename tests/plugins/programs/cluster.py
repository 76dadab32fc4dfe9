"""Deploy into a stand-in of a cluster: what is sent, what is waited for, and what is said of each way to fail."""

import copy
import json
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
from checks import check, refused, run
from mlflow.models import infer_signature
from mlflow_seldon import source, template
from mlflow_seldon.cluster import ClusterBackend
from mlflow_seldon.cluster_api import Api
from mlflow_seldon.server import Server
from mlflow_seldon.source import Source
from registry import log
from world import World

ONE = Source("Wine quality", "1", "models:/Wine quality/1", "champion")
TWO = Source("Wine quality", "2", "models:/Wine quality/2")
REAL_STORAGE = source.storage
Path("token").write_text("secret\n")


def backend(world):
    source.storage = lambda model: f"mlflow-artifacts:/7/models/m-{model.version}/artifacts"
    return ClusterBackend(Api(world.url, "seldon", Path("token"), False), Server(world.url), pause=world.step)


def served(world, version=ONE, name="wine"):
    """Have a version served in the world."""
    world.on_step = lambda w: w.rolled_out(name)
    backend(world).deploy(name, version, {}, replaces=name in world.objects.get("seldondeployments", {}))
    world.on_step, world.steps = None, 0


def failing(world, *words, config=None, version=ONE):
    """Ask that creating fails with the words, and leaves nothing."""
    refused(lambda: backend(world).deploy("wine", version, config or {}, replaces=False), "wine", *words)
    assert not world.all("seldondeployments")


def broken(world, status, *words, logs=""):
    """Ask that a pod in a state makes creating fail with the words."""
    world.logs["wine-1"] = logs
    world.on_step = lambda w: w.pod("wine", **copy.deepcopy(status))
    failing(world, *words)


def container(state, kind="containerStatuses", name="wine", **more):
    return {kind: [{"name": name, "image": "serving:1", "state": state, "restartCount": 0, **more}]}


@check
def a_version_is_created_from_the_template():
    world = World()
    world.on_step = lambda w: w.rolled_out("wine") if w.steps > 3 else None
    found = backend(world).deploy("wine", ONE, {}, replaces=False)
    assert (found["name"], found["version"], found["status"]) == ("wine", "1", "ready")
    (made,) = world.all("seldondeployments")
    assert "@" not in json.dumps(made), made
    annotations = made["metadata"]["annotations"]
    assert annotations["mlflow-seldon/uri"] == "s3://bucket/root/7/models/m-1/artifacts"
    assert annotations["mlflow-seldon/registered"] == "Wine quality"
    assert annotations["mlflow-seldon/alias"] == "champion"
    assert made["metadata"]["labels"]["mlflow-seldon/model"] == "Wine-quality"
    (listed,) = backend(world).deployments()
    assert (listed["model"], listed["uri"], listed["alias"]) == ("Wine quality", "models:/Wine quality/1", "champion")
    assert listed["status"] == "ready"


@check
def a_switch_waits_until_only_the_new_version_answers():
    world = World()
    served(world)
    looks = []

    def step(w):
        looks.append(w.answering["wine"])
        if w.steps == 5:
            w.rolled_out("wine")

    world.on_step = step
    backend(world).deploy("wine", TWO, {}, replaces=True)
    assert (looks[:5], world.answering["wine"]) == (["1"] * 5, "2")


@check
def a_deployment_is_deleted_and_gone():
    world = World()
    served(world)
    backend(world).delete("wine")
    backend(world).delete("wine")
    assert not world.all("seldondeployments")
    assert backend(world).get("wine") is None


@check
def no_room_is_said():
    world = World()
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes: memory"}
    from mlflow_seldon import cluster

    cluster._NO_ROOM = 0.0
    world.on_step = lambda w: w.pod("wine", phase="Pending", conditions=[condition])
    failing(world, "no node of the cluster has room", "0/1 nodes: memory", "seldon_model_memory")


@check
def a_cluster_that_adds_a_node_is_waited_for():
    world = World()
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/1 nodes"}
    event = {"metadata": {"name": "e"}, "reason": "TriggeredScaleUp", "involvedObject": {"name": "wine-1"}}
    world.put("events", event)

    def step(w):
        if w.steps < 20:
            w.pod("wine", phase="Pending", conditions=[condition])
        else:
            w.rolled_out("wine")

    world.on_step = step
    assert backend(world).deploy("wine", ONE, {}, replaces=False)["status"] == "ready"


@check
def a_missing_image_is_said():
    waiting = {"waiting": {"reason": "ImagePullBackOff", "message": "not found"}}
    broken(World(), container(waiting), "the image serving:1 can't be had", "serving_image")


@check
def out_of_memory_is_said():
    ended = {"terminated": {"reason": "OOMKilled", "exitCode": 137}}
    broken(World(), container(ended), "not enough memory", "seldon_model_memory_limit")


@check
def a_package_that_is_missing_is_taken_from_the_log():
    said = "The model wine can't be loaded: ModuleNotFoundError: No module named 'polars'"
    log = f"INFO\nmlserver.errors.MLServerError: {said}\nINFO bye"
    ended = {"terminated": {"reason": "Completed", "exitCode": 0}}
    broken(
        World(), container({"waiting": {"reason": "CrashLoopBackOff"}}, lastState=ended), "polars is missing", logs=log
    )


@check
def files_that_cannot_be_had_are_explained_by_the_init_container():
    said = "mlflow-seldon: there is nothing under s3://bucket/root/7 in the object store: was the version deleted?"
    ended = {"terminated": {"exitCode": 1, "message": said}}
    broken(World(), container(ended, "initContainerStatuses", "model-files"), "was the version deleted?")


@check
def an_init_container_that_is_done_is_no_failure():
    world = World()
    done = container({"terminated": {"exitCode": 0, "reason": "Completed"}}, "initContainerStatuses", "model-files")

    def step(w):
        w.pod("wine", **done)
        if w.steps > 5:
            w.rolled_out("wine")

    world.on_step = step
    assert backend(world).deploy("wine", ONE, {}, replaces=False)["status"] == "ready"


@check
def a_secret_that_is_missing_is_said():
    waiting = {"waiting": {"reason": "CreateContainerConfigError", "message": 'secret "s" not found'}}
    broken(World(), container(waiting), 'secret "s" not found')


@check
def a_quota_is_said():
    world = World()
    condition = {"type": "ReplicaFailure", "status": "True", "message": "exceeded quota: small"}
    world.on_step = lambda w: w.objects["deployments"]["wine"].update(status={"conditions": [condition]})
    failing(world, "makes no pod", "exceeded quota: small")


@check
def what_the_operator_refuses_is_said():
    world = World()
    status = {"state": "Failed", "description": "no graph"}
    world.on_step = lambda w: w.objects["seldondeployments"]["wine"].update(status=status)
    failing(world, "operator refuses it: no graph")


@check
def an_operator_that_does_nothing_is_said():
    world = World()
    world.operate = lambda deployment: None
    failing(world, "nothing moved for 0 seconds", "does it run?", config={"patience": "0"})


@check
def a_failed_switch_puts_back_what_served_before():
    world = World()
    served(world)
    before = copy.deepcopy(world.objects["seldondeployments"]["wine"])
    waiting = container({"waiting": {"reason": "ErrImagePull", "message": "gone"}})
    world.on_step = lambda w: w.pod("wine", **waiting)
    refused(lambda: backend(world).deploy("wine", TWO, {}, replaces=True), "can't be had")
    (now,) = world.all("seldondeployments")
    assert now["spec"] == before["spec"]
    assert now["metadata"]["annotations"] == before["metadata"]["annotations"]


@check
def a_pod_of_the_version_before_is_no_reason():
    world = World()
    served(world)
    world.pod("wine", **container({"waiting": {"reason": "ImagePullBackOff"}}))

    def step(w):
        if w.steps > 3:
            w.rolled_out("wine")

    world.on_step = step
    assert backend(world).deploy("wine", TWO, {}, replaces=True)["version"] == "2"


@check
def an_operator_whose_webhook_is_not_there_yet_is_waited_for():
    world = World()
    world.refusals = [(500, "Internal error: failed calling webhook: connection refused")] * 3
    world.on_step = lambda w: w.rolled_out("wine") if "wine" in w.objects.get("deployments", {}) else None
    assert backend(world).deploy("wine", ONE, {}, replaces=False)["status"] == "ready"


@check
def a_refusal_says_which_parameter_allows_it():
    world = World()
    world.refusals = [(403, "seldondeployments is forbidden")]
    refused(lambda: backend(world).deploy("wine", ONE, {}, replaces=False), "may not deploy", "seldon_deploy_from_note")


@check
def two_deployers_of_a_name_do_not_overwrite_each_other():
    world = World()
    served(world)
    mine = backend(world)
    wanted = mine._wanted

    def slow(name, model):
        found = wanted(name, model)
        world.put("seldondeployments", copy.deepcopy(world.objects["seldondeployments"]["wine"]))
        return found

    mine._wanted = slow
    refused(lambda: mine.deploy("wine", TWO, {}, replaces=True), "Somebody else")


@check
def what_is_there_already_or_is_not_ours_is_refused():
    world = World()
    served(world)
    refused(lambda: backend(world).deploy("wine", TWO, {}, replaces=False), "deployed already", "version 1")
    refused(lambda: backend(world).deploy("beer", TWO, {}, replaces=True), "No model is deployed as beer")
    world.put("seldondeployments", {"metadata": {"name": "own"}, "spec": {}})
    refused(lambda: backend(world).delete("own"), "not made by this plugin")
    assert backend(world).get("own") is None
    sample = copy.deepcopy(world.objects["seldondeployments"]["wine"])
    helms = {"mlflow-seldon/model": "sample", "app.kubernetes.io/managed-by": "Helm"}
    sample["metadata"].update(name="iris", labels=helms)
    del sample["metadata"]["annotations"]["mlflow-seldon/registered"]
    world.put("seldondeployments", sample)
    refused(lambda: backend(world).delete("iris"), "sample")
    assert {found["name"] for found in backend(world).deployments()} == {"iris", "wine"}


@check
def a_cluster_without_the_template_or_a_store_is_said():
    world = World()
    del world.objects["configmaps"]["seldon-serving"]
    refused(lambda: backend(world).deploy("wine", ONE, {}, replaces=False), "no ConfigMap seldon-serving")
    world = World()
    world.objects["configmaps"]["seldon-serving"]["data"]["artifacts.json"] = '{"root": ""}'
    refused(lambda: backend(world).deploy("wine", ONE, {}, replaces=False), "can't fetch them", "object store")


@check
def the_place_of_a_models_files_is_what_mlflow_says():
    table = pd.DataFrame({"a": [1.0]})
    from sklearn.dummy import DummyRegressor

    model = DummyRegressor().fit(table, [1.0])
    version = log(mlflow.sklearn, model, "stored", signature=infer_signature(table, np.array([1.0])))
    found = source.resolve(f"models:/stored/{version}")
    place = REAL_STORAGE(found)
    assert (Path(place.removeprefix("file://")) / "MLmodel").is_file(), place
    run_id = mlflow.MlflowClient().get_model_version("stored", version).run_id
    place = REAL_STORAGE(source.resolve(f"runs:/{run_id}/model"))
    assert (Path(place.removeprefix("file://")) / "MLmodel").is_file(), place


@check
def addresses_of_artifacts_become_addresses_in_the_store():
    for place, root, found in (
        ("mlflow-artifacts:/1/models/m/artifacts", "s3://b", "s3://b/1/models/m/artifacts"),
        ("mlflow-artifacts://mlflow:5000/1/m", "s3://b/p/", "s3://b/p/1/m"),
        ("s3://other/1/m/", "", "s3://other/1/m"),
    ):
        assert template.stored(place, root, ONE) == found
    refused(lambda: template.stored("file:///x", "s3://b", ONE), "file:///x")


@check
def labels_hold_any_registered_name():
    for name, found in (("Wine quality", "Wine-quality"), ("ü/ä", ""), ("a" * 80, "a" * 63), ("-x.", "x")):
        assert template.label(name) == found, (name, template.label(name))


run()
