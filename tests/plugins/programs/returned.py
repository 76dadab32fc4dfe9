"""Serve one class of one's own that returns what a parameter names, and compare with what it returns here."""

import json

import mlflow
import numpy as np
import pandas as pd
import scipy.sparse
from mlflow.deployments import get_deploy_client
from mlflow.models import infer_signature
from registry import log
from same import same

INPUT = pd.DataFrame({"a": [1.5, -0.0, 1e-300], "b": np.array([1, 2, 3], "int32"), "c": ["x", "y", "z"]})
KINDS = (
    *("array", "matrix", "float32", "ints", "bools", "texts", "objects", "times", "infinite", "empty"),
    *("list", "list-of-ints", "list-of-texts", "records", "nested", "mixed-list", "list-of-arrays"),
    *("series", "named-series", "series-of-texts", "frame", "typed-frame", "indexed-frame", "echo"),
    *("dict", "dict-of-arrays", "dict-of-lists", "dict-of-scalars", "scalar", "int", "text", "numpy-scalar", "none"),
    *("sparse", "tuple"),
)


class Returns(mlflow.pyfunc.PythonModel):
    """Returns a value of the kind that the parameter `kind` names."""

    def predict(self, context, model_input, params=None):
        """Return it."""
        a = model_input["a"].to_numpy()
        made = {
            "array": lambda: a / 3,
            "matrix": lambda: np.column_stack([a, a / 7]),
            "float32": lambda: (a / 3).astype("float32"),
            "ints": lambda: model_input["b"].to_numpy(),
            "bools": lambda: a > 1,
            "texts": lambda: np.array(["no", "maybe"]),
            "objects": lambda: model_input["c"].to_numpy(),
            "times": lambda: np.array(["2026-01-02T03:04:05.123456789"], "M8[ns]"),
            "infinite": lambda: np.array([np.inf, -np.inf, np.nan, -0.0]),
            "empty": lambda: np.array([]),
            "list": lambda: (a / 3).tolist(),
            "list-of-ints": lambda: [1, 2, 3],
            "list-of-texts": lambda: model_input["c"].tolist(),
            "records": lambda: [{"a": 0.1, "b": None, "c": ["x"]}, {}],
            "nested": lambda: [[0.1, 0.2], [0.3]],
            "mixed-list": lambda: [1, "a", None, 0.5],
            "list-of-arrays": lambda: [a, a[:1]],
            "series": lambda: model_input["a"] / 3,
            "named-series": lambda: pd.Series(a, name="mean", index=["p", "q", "r"]),
            "series-of-texts": lambda: model_input["c"],
            "frame": lambda: pd.DataFrame({"p": a / 3, "label": model_input["c"]}),
            "typed-frame": lambda: pd.DataFrame({"f": a.astype("f4"), "i": pd.array([1, None, 3], dtype="Int64")}),
            "indexed-frame": lambda: pd.DataFrame({"p": a}, index=pd.Index([7, 8, 9], name="id")),
            "echo": lambda: model_input,
            "dict": lambda: {"p": 0.1, "label": "x", "more": [1, 2]},
            "dict-of-arrays": lambda: {"p": a / 3, "label": np.array(["x", "y"])},
            "dict-of-lists": lambda: {"p": [0.1, 0.2], "label": ["x", "y"]},
            "dict-of-scalars": lambda: {"p": np.float32(0.1), "n": np.int64(3)},
            "scalar": lambda: 0.1,
            "int": lambda: 3,
            "text": lambda: "yes",
            "numpy-scalar": lambda: np.float64(0.1),
            "none": lambda: None,
            "sparse": lambda: scipy.sparse.csr_matrix(np.diag(a)),
            "tuple": lambda: (0.1, "x"),
        }
        return made[params["kind"]]()


def main():
    client, found = get_deploy_client("seldon"), {}
    signature = infer_signature(INPUT, np.array([0.1]), params={"kind": "array"})
    version = log(mlflow.pyfunc, Returns(), "returns", signature=signature)
    client.create_deployment("returns", f"models:/returns/{version}")
    model = mlflow.pyfunc.load_model(f"models:/returns/{version}")
    for kind in KINDS:
        try:
            here = model.predict(INPUT, {"kind": kind})
            reply = client.predict("returns", INPUT, params={"kind": kind})
            same(here, reply["predictions"])
            json.loads(reply.to_json())
            reply.get_predictions() if kind not in NO_TABLE else None
            found[kind] = ""
        except Exception as error:
            found[kind] = f"{type(error).__name__}: {error}"
    client.delete_deployment("returns")
    print(json.dumps(found))


NO_TABLE = ("none", "list-of-arrays", "nested", "dict", "sparse", "dict-of-arrays")
"""What pandas makes no table of, served or not."""
main()
