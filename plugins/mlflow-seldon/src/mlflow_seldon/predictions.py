"""What `predict` returns."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from mlflow.deployments import PredictionsResponse


class Predictions(PredictionsResponse):  # type: ignore[misc]  # MLflow's classes carry no types here
    """`["predictions"]` is what the model returned, of the same type; `["model_version"]` which version did.

    MLflow's methods on it work for every type: `get_predictions()` and `get_predictions("ndarray")`, `to_json()`.
    """

    def get_predictions(self, predictions_format: str = "dataframe", dtype: Any = None) -> Any:
        """Return the predictions as a table or an array; raises MlflowException for another format."""
        import pandas as pd

        predictions = self["predictions"]
        if predictions_format == "dataframe" and isinstance(predictions, pd.DataFrame):
            return predictions
        if predictions_format == "dataframe" and _is_scalar(predictions):
            return pd.DataFrame(data=[predictions])
        return super().get_predictions(predictions_format, dtype)

    def to_json(self, path: str | None = None) -> str | None:
        """Return JSON, tables as a list of records as MLflow's own server does, or write it to a file."""
        from mlflow.utils.proto_json_utils import NumpyEncoder, _get_jsonable_obj

        found = self["predictions"]
        found = found.toarray() if hasattr(found, "toarray") else found
        plain = {**self, "predictions": _get_jsonable_obj(found, pandas_orient="records")}
        text = json.dumps(plain, cls=NumpyEncoder)
        if path is None:
            return text
        Path(path).write_text(text, encoding="utf-8")
        return None


def _is_scalar(value: Any) -> bool:
    import numpy as np

    return bool(np.isscalar(value))
