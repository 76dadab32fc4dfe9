"""What a model predicts over HTTP is what it predicts here, to the last bit and of the same type: a real MLServer."""

from __future__ import annotations

import ast
from collections.abc import Callable

import pytest
from tests.plugins.conftest import PROGRAMS

Matrix = Callable[[str], dict[str, str]]
MODELS = ("linear", "logistic", "forest", "boosting", "xgboost-classes", "xgboost-numbers", "lightgbm", "own-class")
INPUTS = ("table", "mixed-table", "array", "float32-array")


def kinds() -> list[str]:
    """Return the kinds of values that the program's model returns, as it lists them."""
    tree = ast.parse((PROGRAMS / "returned.py").read_text())
    (found,) = (
        node.value for node in tree.body if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "KINDS"
    )
    return [str(node.value) for node in ast.walk(found) if isinstance(node, ast.Constant)]


@pytest.mark.parametrize("inputs", INPUTS)
@pytest.mark.parametrize("model", MODELS)
def test_models_of_each_library_predict_the_same_when_served(matrix: Matrix, model: str, inputs: str) -> None:
    assert matrix("flavors.py")[f"{model}-{inputs}"] == ""


@pytest.mark.parametrize("kind", kinds())
def test_whatever_a_class_returns_arrives(matrix: Matrix, kind: str) -> None:
    assert matrix("returned.py")[kind] == ""
