"""Deploy, switch, fail and undeploy on this machine's MLServer."""

import json
import os
import threading
from pathlib import Path

import mlflow
import numpy as np
import pandas as pd
import requests
from checks import check, refused, run
from mlflow.deployments import get_deploy_client
from mlflow.models import infer_signature
from registry import log

PIPE = str(Path("pipe").resolve())
MODELS = Path(os.environ["SELDON_MODELS_DIRECTORY"])
INPUT = pd.DataFrame({"a": [1.0, 2.0]})
SIGNATURE = infer_signature(INPUT, np.array([1.0]))
client = get_deploy_client("seldon")


class Constant(mlflow.pyfunc.PythonModel):
    """Returns its number, for each row."""

    def __init__(self, number):
        self.number = number

    def predict(self, context, model_input, params=None):
        """Return the number."""
        return np.full(len(model_input), self.number)


class NeedsPackage(mlflow.pyfunc.PythonModel):
    """Imports, when loaded, what isn't there."""

    def load_context(self, context):
        """Import it."""
        import no_such_package  # noqa: F401

    def predict(self, context, model_input, params=None):
        """Never come to this."""


class NeedsPackageLate(Constant):
    """Imports, when it predicts, what isn't there."""

    def predict(self, context, model_input, params=None):
        """Import it."""
        import another_missing.package  # noqa: F401


class TooLarge(NeedsPackage):
    """Finds no memory when loaded."""

    def load_context(self, context):
        """Ask for more than there is."""
        np.empty(2**55, "u1")


class FromFile(mlflow.pyfunc.PythonModel):
    """Reads its artifact anew at each prediction."""

    def predict(self, context, model_input, params=None):
        """Return what the file says."""
        # Often, so that requests of the version before are under way at a switch.
        (number,) = {Path(context.artifacts["number"]).read_text() for _ in range(300)}
        return np.full(len(model_input), float(number))


class Waits(Constant):
    """Waits, when loaded, for somebody to open its pipe; it uses no processor meanwhile."""

    def load_context(self, context):
        """Wait."""
        Path(PIPE).read_text()


class Exits(Constant):
    """Ends its process when it predicts."""

    def predict(self, context, model_input, params=None):
        """End it."""
        raise SystemExit(3)


class OwnModule(mlflow.pyfunc.PythonModel):
    """Takes its number from a module that comes with the model."""

    def predict(self, context, model_input, params=None):
        """Return the module's number."""
        import shipped_with_model

        return np.full(len(model_input), shipped_with_model.NUMBER)


def constant(name, number):
    return log(mlflow.pyfunc, Constant(number), name, signature=SIGNATURE)


def answer(name):
    found = client.predict(name, INPUT)
    return found["model_version"], found["predictions"].tolist()


@check
def a_version_is_created_switched_and_deleted():
    one, two = constant("life", 1.0), constant("life", 2.0)
    mlflow.MlflowClient().set_registered_model_alias("life", "champion", one)
    created = client.create_deployment("life", "models:/life@champion")
    assert (created["name"], created["flavor"], created["version"]) == ("life", "python_function", one)
    assert (created["alias"], created["uri"], created["status"]) == ("champion", f"models:/life/{one}", "ready")
    assert answer("life") == (one, [1.0, 1.0])
    mlflow.MlflowClient().set_registered_model_alias("life", "champion", two)
    assert client.update_deployment("life")["version"] == two
    assert answer("life") == (two, [2.0, 2.0])
    assert [folder.name for folder in (MODELS / "life").iterdir() if folder.is_dir()] == [two]
    assert client.update_deployment("life", f"models:/life/{one}")["version"] == one
    assert answer("life") == (one, [1.0, 1.0])
    assert client.get_deployment("life")["version"] == one
    assert {found["name"] for found in client.list_deployments()} == {"iris", "life"}
    client.delete_deployment("life")
    client.delete_deployment("life")
    refused(lambda: client.predict("life", INPUT), "No model is deployed as life")
    refused(lambda: client.get_deployment("life"), "No model is deployed as life")
    assert not (MODELS / "life").exists()


@check
def the_record_says_where_a_model_comes_from():
    version = constant("recorded", 1.0)
    client.create_deployment("recorded", f"models:/recorded/{version}")
    record = json.loads((MODELS / "recorded" / "deployment.json").read_text())
    client.delete_deployment("recorded")
    assert set(record) == {"format", "name", "model", "version", "uri", "flavor", "created", "alias"}
    assert (record["format"], record["model"], record["version"], record["alias"]) == (1, "recorded", version, None)
    assert record["created"].endswith("+00:00")


@check
def the_same_version_may_be_deployed_again():
    version = constant("again", 1.0)
    client.create_deployment("again", f"models:/again/{version}")
    client.update_deployment("again", f"models:/again/{version}")
    assert answer("again") == (version, [1.0, 1.0])
    assert len([folder for folder in (MODELS / "again").iterdir() if folder.is_dir()]) == 1
    client.delete_deployment("again")


@check
def a_model_of_a_run_is_deployed():
    constant("of-run", 4.0)
    found = mlflow.MlflowClient().get_latest_versions("of-run")[0]
    created = client.create_deployment("of-run", f"runs:/{found.run_id}/model")
    assert created["uri"] == f"runs:/{found.run_id}/model"
    assert answer("of-run")[1] == [4.0, 4.0]
    client.delete_deployment("of-run")


@check
def a_switch_under_load_fails_and_mixes_nothing():
    versions = {}
    for number in (1.0, 2.0):
        file = Path(f"number-{number}")
        file.write_text(str(number))
        model = {"artifacts": {"number": str(file)}, "signature": SIGNATURE}
        versions[log(mlflow.pyfunc, FromFile(), "load", **model)] = number
    names = list(versions)
    client.create_deployment("load", f"models:/load/{names[0]}")
    stop, wrong, seen = threading.Event(), [], []

    def ask():
        mine = get_deploy_client("seldon")
        while not stop.is_set():
            try:
                found = mine.predict("load", INPUT)
                seen.append(found["model_version"])
                if found["predictions"].tolist() != [versions[found["model_version"]]] * 2:
                    wrong.append(found)
            except Exception as error:
                wrong.append(error)

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for name in (names[1], names[0], names[1]):
        client.update_deployment("load", f"models:/load/{name}")
        # Whoever asks from now on is answered by the new one.
        assert client.predict("load", INPUT)["model_version"] == name
    stop.set()
    for thread in threads:
        thread.join()
    client.delete_deployment("load")
    assert not wrong, f"{len(wrong)} of {len(seen)}: {wrong[0]}"
    assert set(seen) == set(names)


@check
def code_that_comes_with_a_model_is_its_own():
    versions = []
    for number in (1.0, 2.0):
        folder = Path(f"code-{number}")
        folder.mkdir()
        (folder / "shipped_with_model.py").write_text(f"NUMBER = {number}\n")
        module = str(folder / "shipped_with_model.py")
        versions.append(log(mlflow.pyfunc, OwnModule(), "code", signature=SIGNATURE, code_paths=[module]))
    client.create_deployment("code", f"models:/code/{versions[0]}")
    assert answer("code") == (versions[0], [1.0, 1.0])
    client.update_deployment("code", f"models:/code/{versions[1]}")
    assert answer("code") == (versions[1], [2.0, 2.0])
    # Another model, with a module of the same name.
    client.create_deployment("code-too", f"models:/code/{versions[0]}")
    for _ in range(2):
        assert answer("code") == (versions[1], [2.0, 2.0])
        assert answer("code-too") == (versions[0], [1.0, 1.0])
    client.delete_deployment("code-too")
    client.delete_deployment("code")


@check
def two_deployers_of_a_name_take_turns():
    versions = [constant("turns", float(number)) for number in range(4)]
    client.create_deployment("turns", f"models:/turns/{versions[0]}")
    wrong = []

    def update(version):
        try:
            get_deploy_client("seldon").update_deployment("turns", f"models:/turns/{version}")
        except Exception as error:
            wrong.append(error)

    threads = [threading.Thread(target=update, args=(version,)) for version in versions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong, wrong
    version, numbers = answer("turns")
    assert numbers == [float(versions.index(version))] * 2
    assert client.get_deployment("turns")["version"] == version
    client.delete_deployment("turns")


@check
def a_missing_package_is_named_and_the_version_before_serves_on():
    good = constant("package", 1.0)
    for model, package in ((NeedsPackage(), "no_such_package"), (NeedsPackageLate(3.0), "another_missing")):
        more = {"input_example": INPUT} if isinstance(model, Constant) else {}
        bad = log(mlflow.pyfunc, model, "package", signature=SIGNATURE, **more)
        refused(
            lambda bad=bad: client.create_deployment("package", f"models:/package/{bad}"),
            f"the package {package} is missing in the serving environment",
            f'singleuser_packages=["{package}"]',
        )
        assert not (MODELS / "package").exists()
        client.create_deployment("package", f"models:/package/{good}")
        refused(lambda bad=bad: client.update_deployment("package", f"models:/package/{bad}"), package)
        assert answer("package") == (good, [1.0, 1.0])
        assert client.get_deployment("package")["version"] == good
        assert [folder.name for folder in (MODELS / "package").iterdir() if folder.is_dir()] == [good]
        client.delete_deployment("package")


@check
def a_server_that_stands_still_is_given_up_and_the_late_version_does_not_come():
    good = constant("still", 1.0)
    client.create_deployment("still", f"models:/still/{good}")
    # Written after logging, which would load it. A pipe of a name that both processes know.
    bad = log(mlflow.pyfunc, Waits(2.0), "still", signature=SIGNATURE)
    os.mkfifo(PIPE)
    bad_uri = f"models:/still/{bad}"
    refused(lambda: client.update_deployment("still", bad_uri, config={"patience": "0.5"}), "nothing moved", "patience")
    assert answer("still") == (good, [1.0, 1.0])
    Path(PIPE).write_text("go on")  # the server reads it, loads the model, and finds it wanted no more
    assert client.update_deployment("still", f"models:/still/{good}")["version"] == good
    assert answer("still") == (good, [1.0, 1.0])
    client.delete_deployment("still")


@check
def too_little_memory_is_said():
    version = log(mlflow.pyfunc, TooLarge(), "large", signature=SIGNATURE)
    refused(lambda: client.create_deployment("large", f"models:/large/{version}"), "not enough memory", "undeploy")


@check
def a_model_without_a_signature_is_refused_unless_asked_for():
    version = log(mlflow.sklearn, __import__("sklearn.dummy").dummy.DummyRegressor().fit([[1]], [1]), "unsigned")
    refused(
        lambda: client.create_deployment("unsigned", f"models:/unsigned/{version}"), "no signature", "input_example"
    )
    client.create_deployment("unsigned", f"models:/unsigned/{version}", config={"signature": "optional"})
    assert client.predict("unsigned", np.ones((2, 1)))["predictions"].tolist() == [1.0, 1.0]
    client.delete_deployment("unsigned")


@check
def what_is_not_registered_is_refused_with_what_there_is():
    version = constant("registered", 1.0)
    mlflow.MlflowClient().set_registered_model_alias("registered", "champion", version)
    refused(lambda: client.create_deployment("x", "models:/nobody/1"), "no model nobody", "registered_model_name")
    refused(lambda: client.create_deployment("x", "models:/registered/99"), f"versions {version}", "@champion")
    refused(lambda: client.create_deployment("x", "models:/registered@challenger"), "@champion")
    refused(lambda: client.create_deployment("x", "/tmp/model"), "no model of the registry")
    refused(lambda: client.create_deployment("x", "runs:/nothing/model"), "can't be read")


@check
def names_options_and_flavors_are_checked():
    version = constant("checked", 1.0)
    for name in ("Upper", "with_line", "-a", "a-", "1a", "", "a" * 41, None, "a/b", ".."):
        refused(lambda name=name: client.create_deployment(name, f"models:/checked/{version}"))
    refused(lambda: client.create_deployment("a", f"models:/checked/{version}", flavor="onnx"), "onnx")
    refused(lambda: client.create_deployment("a", f"models:/checked/{version}", config={"x": 1}), "no option x")
    refused(lambda: client.create_deployment("a", f"models:/checked/{version}", endpoint="e"), "endpoint")
    refused(lambda: client.update_deployment("a", f"models:/checked/{version}"), "No model is deployed as a")
    client.create_deployment("a", f"models:/checked/{version}")
    refused(lambda: client.create_deployment("a", f"models:/checked/{version}"), "deployed already")
    client.delete_deployment("a")


@check
def the_sample_is_left_alone():
    version = constant("other", 1.0)
    for call in (
        lambda: client.delete_deployment("iris"),
        lambda: client.update_deployment("iris", f"models:/other/{version}"),
        lambda: client.create_deployment("iris", f"models:/other/{version}"),
    ):
        refused(call, "sample")


@check
def a_bad_input_is_refused_and_a_failing_model_explained():
    version = constant("input", 1.0)
    client.create_deployment("input", f"models:/input/{version}")
    refused(lambda: client.predict("input", pd.DataFrame({"b": [1.0]})), "refused the input", "missing inputs")
    refused(lambda: client.predict("input", object()), "can't be sent")
    client.delete_deployment("input")


@check
def a_model_that_exits_does_not_take_the_server_along():
    version = log(mlflow.pyfunc, Exits(1.0), "exits", signature=SIGNATURE)
    client.create_deployment("exits", f"models:/exits/{version}")
    refused(lambda: client.predict("exits", INPUT), "SystemExit")
    assert requests.get(f"{os.environ['SELDON_URL']}/v2/models/iris/ready", timeout=60).status_code == 200
    client.delete_deployment("exits")


@check
def other_clients_of_the_protocol_are_answered():
    url = f"{os.environ['SELDON_URL']}/v2/models/iris/infer"
    numbers = [5.1, 3.5, 1.4, 0.2, 6.7, 3.0, 5.2, 2.3]
    matrix = {"name": "input-0", "shape": [2, 4], "datatype": "FP64", "data": numbers}
    reply = requests.post(url, json={"inputs": [matrix]}, timeout=60).json()
    assert "outputs" in reply, reply
    assert reply["outputs"][0]["data"] == [0, 2], reply
    names = ("sepal length (cm)", "sepal width (cm)", "petal length (cm)", "petal width (cm)")
    columns = [
        {"name": name, "shape": [2], "datatype": "FP64", "data": numbers[place::4]} for place, name in enumerate(names)
    ]
    reply = requests.post(url, json={"inputs": columns, "parameters": {"content_type": "pd"}}, timeout=60).json()
    assert "outputs" in reply, reply
    assert (reply["outputs"][0]["data"], reply["model_version"]) == ([0, 2], "1"), reply


@check
def a_model_with_a_name_from_mlserver_inside_is_refused():
    Path("model-settings.json").write_text("{}")
    more = {"signature": SIGNATURE, "artifacts": {"settings": "model-settings.json"}}
    version = log(mlflow.pyfunc, Constant(1.0), "hidden", **more)
    refused(lambda: client.create_deployment("hidden", f"models:/hidden/{version}"), "further model")
    assert not (MODELS / "hidden").exists() or not any((MODELS / "hidden").iterdir())


@check
def where_nothing_is_set_deploying_is_switched_off():
    kept = {name: os.environ.pop(name) for name in ("SELDON_MODELS_DIRECTORY", "SELDON_URL")}
    refused(lambda: client.list_deployments(), "switched off", "seldon_deploy_from_notebooks")
    refused(lambda: client.predict("iris", INPUT), "SELDON_URL is not set")
    os.environ.update(kept)


@check
def a_server_that_is_down_is_said_so():
    version = constant("down", 1.0)
    kept = os.environ["SELDON_URL"]
    os.environ["SELDON_URL"] = "http://127.0.0.1:1"
    refused(
        lambda: client.create_deployment("down", f"models:/down/{version}"), "doesn't answer", "mlops-install start"
    )
    refused(lambda: client.predict("iris", INPUT), "doesn't answer")
    os.environ["SELDON_URL"] = kept
    assert not (MODELS / "down").exists()


run()
