"""Tables, series and sparse matrices as tensors, and back: the part of `wire` that needs pandas or scipy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from mlflow_seldon import wire
from mlflow_seldon.wire import CannotSend, Tensors

_SPARSE = ("csr", "csc")


def node_of(value: Any, tensors: Tensors, name: str | None) -> dict[str, Any] | None:
    """Describe a value of pandas or scipy; None for one that is neither a table nor a matrix."""
    if isinstance(value, pd.DataFrame):
        return _frame_node(value, tensors)
    if isinstance(value, pd.Series):
        values = _column_node(value, tensors, None if value.name is None else str(value.name))
        return {"k": "series", "n": wire.inline(value.name), "v": values, "x": _index_node(value.index, tensors)}
    if isinstance(value, pd.Index):
        return _index_node(value, tensors)
    if getattr(value, "format", None) in _SPARSE:
        return _sparse_node(value, tensors)
    return None


def value_of(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    """Return the table, series, column, index or matrix that a node describes."""
    return _READERS[node["k"]](node, tensors)


def timestamp_node(value: Any) -> dict[str, Any]:
    """Describe pandas' own timestamp; raises CannotSend for other subclasses of datetime."""
    if value is pd.NaT:
        return {"k": "nat"}
    if not isinstance(value, pd.Timestamp):
        raise CannotSend(f"a value of the type {type(value).__module__}.{type(value).__qualname__} can't be sent")
    zone = None if value.tz is None else str(value.tz)
    return {"k": "timestamp", "v": int(value.asm8.astype("int64")), "u": value.unit, "tz": zone}


def _frame_node(frame: pd.DataFrame, tensors: Tensors) -> dict[str, Any]:
    columns = [_column_node(frame.iloc[:, place], tensors, str(label)) for place, label in enumerate(frame.columns)]
    return {
        "k": "frame",
        "n": _labels_node(frame.columns),
        "c": columns,
        "x": _index_node(frame.index, tensors),
        "rows": _is_by_rows(frame),
    }


def _is_by_rows(frame: pd.DataFrame) -> bool:
    """Return whether the numbers lie row by row in memory (a table made of an array): it decides sums' last bit."""
    dtypes = set(frame.dtypes)
    if len(dtypes) != 1 or not isinstance(next(iter(dtypes)), np.dtype) or min(frame.shape) < 2:
        return False
    return bool(frame.to_numpy().flags.c_contiguous)


def _column_node(column: Any, tensors: Tensors, name: str | None) -> dict[str, Any]:
    """Describe the values of a series or an index; raises CannotSend for pandas' rarer types."""
    dtype = column.dtype
    if isinstance(dtype, np.dtype):
        return wire.array_node(column.to_numpy(), tensors, name)
    if isinstance(dtype, pd.CategoricalDtype):
        values = pd.Categorical(column)
        codes = wire.array_node(np.asarray(values.codes), tensors, name)
        return {"k": "category", "v": codes, "n": _labels_node(values.categories), "o": bool(dtype.ordered)}
    if isinstance(dtype, pd.DatetimeTZDtype):
        moments = pd.Series(column).dt.tz_convert("UTC").dt.tz_localize(None).to_numpy()
        return {"k": "zoned", "tz": str(dtype.tz), "v": wire.array_node(moments, tensors, name)}
    if isinstance(dtype, pd.StringDtype):
        texts = [None if missing else text for text, missing in zip(column, pd.isna(column), strict=True)]
        return {"k": "string", "s": dtype.storage, "v": wire.node_of(texts, tensors, name)}
    if hasattr(dtype, "numpy_dtype") and hasattr(column.array, "_mask"):
        missing = np.asarray(pd.isna(column))
        numbers = column.array.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0))
        mask = wire.array_node(missing, tensors, f"{name}.missing")
        return {"k": "masked", "d": str(dtype), "v": wire.array_node(numbers, tensors, name), "m": mask}
    raise CannotSend(f"a column of the type {dtype} can't be sent")


def _index_node(index: pd.Index, tensors: Tensors) -> dict[str, Any]:
    if isinstance(index, pd.RangeIndex):
        return {"k": "range", "v": [index.start, index.stop, index.step], "n": wire.inline(index.name)}
    if isinstance(index, pd.MultiIndex):
        levels = [_index_node(index.get_level_values(place), tensors) for place in range(index.nlevels)]
        return {"k": "multi", "v": levels, "n": [wire.inline(name) for name in index.names]}
    values = _column_node(index, tensors, f"{tensors.prefix}index")
    return {"k": "index", "v": values, "n": wire.inline(index.name), "f": getattr(index, "freqstr", None)}


def _labels_node(labels: pd.Index) -> dict[str, Any]:
    """Describe columns' names or categories in place: they are few, and no tensor of the model's."""
    if isinstance(labels, pd.RangeIndex):
        return _index_node(labels, Tensors(""))
    names = [wire.inline(name) for name in labels.names]
    if isinstance(labels, pd.MultiIndex):
        return {"k": "tuples", "v": [wire.inline(label) for label in labels], "n": names}
    if isinstance(labels.dtype, np.dtype):
        items = labels.to_numpy().tolist() if labels.dtype.kind in "biuf" else list(labels)
        return {"k": "labels", "v": [wire.inline(label) for label in items], "d": labels.dtype.name, "n": names[0]}
    return {"k": "labels", "v": [wire.inline(label) for label in labels], "d": str(labels.dtype), "n": names[0]}


def _sparse_node(matrix: Any, tensors: Tensors) -> dict[str, Any]:
    parts = [wire.array_node(getattr(matrix, part), tensors, part) for part in ("data", "indices", "indptr")]
    return {"k": "sparse", "t": type(matrix).__name__, "v": parts, "shape": [int(size) for size in matrix.shape]}


def _read_frame(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.DataFrame:
    columns = [wire.value_of(column, tensors) for column in node["c"]]
    index = wire.value_of(node["x"], tensors)
    if node["rows"]:
        frame = pd.DataFrame(np.ascontiguousarray(np.column_stack(columns)), index=index, copy=False)
    else:
        # pandas puts columns of one type that it is given at once into one block, as most ways to make a table do.
        frame = pd.DataFrame(dict(enumerate(columns)), index=index)
    frame.columns = wire.value_of(node["n"], tensors)
    return frame


def _read_series(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.Series:
    index = wire.value_of(node["x"], tensors)
    return pd.Series(wire.value_of(node["v"], tensors), index=index, name=wire.value_of(node["n"], tensors))


def _read_category(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.Categorical:
    categories = wire.value_of(node["n"], tensors)
    return pd.Categorical.from_codes(wire.value_of(node["v"], tensors), categories=categories, ordered=node["o"])


def _read_zoned(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    moments = pd.Series(wire.value_of(node["v"], tensors))
    return moments.dt.tz_localize("UTC").dt.tz_convert(node["tz"]).array


def _read_masked(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    kind = pd.api.types.pandas_dtype(node["d"]).construct_array_type()
    return kind(wire.value_of(node["v"], tensors), wire.value_of(node["m"], tensors))


def _read_index(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.Index:
    values = wire.value_of(node["v"], tensors)
    # Without the type pandas would guess one for objects.
    index = pd.Index(values, dtype=values.dtype, name=wire.value_of(node["n"], tensors))
    if node.get("f"):
        index = type(index)(index, freq=node["f"])
    return index


def _read_multi(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.MultiIndex:
    names = [wire.value_of(name, tensors) for name in node["n"]]
    return pd.MultiIndex.from_arrays([wire.value_of(level, tensors) for level in node["v"]], names=names)


def _read_tuples(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.MultiIndex:
    names = [wire.value_of(name, tensors) for name in node["n"]]
    return pd.MultiIndex.from_tuples([wire.value_of(label, tensors) for label in node["v"]], names=names)


def _read_labels(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.Index:
    labels = [wire.value_of(label, tensors) for label in node["v"]]
    return pd.Index(labels, dtype=node["d"], name=wire.value_of(node["n"], tensors))


def _read_sparse(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    import scipy.sparse

    parts = tuple(wire.value_of(part, tensors) for part in node["v"])
    if node["t"] not in {f"{kind}_{shape}" for kind in _SPARSE for shape in ("matrix", "array")}:
        raise ValueError(f"no kind of sparse matrix: {node['t']}")
    return getattr(scipy.sparse, node["t"])(parts, shape=tuple(node["shape"]))


def _read_timestamp(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> pd.Timestamp:
    moment = pd.Timestamp(np.datetime64(node["v"], node["u"]))
    return moment if node.get("tz") is None else moment.tz_localize("UTC").tz_convert(node["tz"])


_READERS: dict[str, Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], Any]] = {
    "frame": _read_frame,
    "series": _read_series,
    "category": _read_category,
    "zoned": _read_zoned,
    "string": lambda node, tensors: pd.array(wire.value_of(node["v"], tensors), dtype=pd.StringDtype(node["s"])),
    "masked": _read_masked,
    "range": lambda node, tensors: pd.RangeIndex(*node["v"], name=wire.value_of(node["n"], tensors)),
    "index": _read_index,
    "multi": _read_multi,
    "tuples": _read_tuples,
    "labels": _read_labels,
    "sparse": _read_sparse,
    "timestamp": _read_timestamp,
    "nat": lambda node, tensors: pd.NaT,
}
