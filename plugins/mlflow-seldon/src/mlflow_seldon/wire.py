"""Python values as tensors of the V2 inference protocol, and back, without loss.

Any client of the protocol sees ordinary tensors: a column of a table each, or an array. What they can't say (the type a
value had, an index, an infinite number, for which JSON has no word) stands beside them in one parameter, `KEY`; with it
`decode(encode(value))` is the value again: same types, same bits. No pickle: what arrives can't run code.

Protocol: https://github.com/kserve/open-inference-protocol, content types: MLServer 1.7.1, mlserver/codecs.
"""

from __future__ import annotations

import base64
import datetime
import decimal
import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np

KEY = "mlflow_seldon"
"""Name of the parameter that says what the tensors were."""

_DATATYPES = {
    "bool": "BOOL",
    "uint8": "UINT8",
    "uint16": "UINT16",
    "uint32": "UINT32",
    "uint64": "UINT64",
    "int8": "INT8",
    "int16": "INT16",
    "int32": "INT32",
    "int64": "INT64",
    "float16": "FP16",
    "float32": "FP32",
    "float64": "FP64",
}
_DTYPES = {datatype: dtype for dtype, datatype in _DATATYPES.items()}
_PLAIN = {float: "FP64", int: "INT64", bool: "BOOL", str: "BYTES"}
_BUILT = {"float": float, "int": int, "bool": bool, "str": str}


class CannotSend(TypeError):
    """A value of a type that can't be said in tensors; the message names it."""


class Encoded(NamedTuple):
    """Tensors and the parameters of a request or a reply."""

    tensors: list[dict[str, Any]]
    parameters: dict[str, Any]


class Tensors:
    """Tensors being written; a node of the description names them by their place."""

    def __init__(self, prefix: str) -> None:
        self.prefix = prefix
        self.written: list[dict[str, Any]] = []

    def add(self, name: str | None, shape: Sequence[int], datatype: str, data: list[Any], content_type: str) -> int:
        """Append one and return its place."""
        self.written.append(
            {
                "name": name if name is not None else f"{self.prefix}{len(self.written) + 1}",
                "shape": list(shape),
                "datatype": datatype,
                "data": data,
                "parameters": {"content_type": content_type},
            }
        )
        return len(self.written) - 1


def encode(value: Any, prefix: str = "output-") -> Encoded:
    """Return tensors that stand for the value; raises CannotSend for a type without a form."""
    tensors = Tensors(prefix)
    node = node_of(value, tensors, None)
    return Encoded(tensors.written, {"content_type": _content_type(node, tensors.written), KEY: node})


def decode(tensors: Sequence[Mapping[str, Any]], parameters: Mapping[str, Any] | None) -> Any:
    """Return the value the tensors stand for; without a description of ours an array, or a dictionary of arrays."""
    node = (parameters or {}).get(KEY)
    if node is not None:
        return value_of(node, tensors)
    arrays = {tensor["name"]: plain_array(tensor) for tensor in tensors}
    return next(iter(arrays.values())) if len(arrays) == 1 else arrays


def node_of(value: Any, tensors: Tensors, name: str | None) -> dict[str, Any]:
    """Describe a value, appending the tensors it needs."""
    if value is None:
        return {"k": "none"}
    if type(value) in _PLAIN and (type(value) is not int or _fits(value)):
        place = tensors.add(name, [1], _PLAIN[type(value)], [_finite(value)], _codec(type(value)))
        return {"k": "scalar", "t": type(value).__name__, "i": place, **_infinite(np.asarray([value]))}
    if isinstance(value, np.ndarray):
        return array_node(value, tensors, name)
    if isinstance(value, np.generic):
        return {"k": "item", "v": array_node(np.asarray(value), tensors, name)}
    if type(value) in (list, tuple):
        return _sequence_node(value, tensors, name)
    if type(value) is dict:
        return _dict_node(value, tensors, name)
    module = type(value).__module__.partition(".")[0]
    if module in ("pandas", "scipy"):
        from mlflow_seldon import wire_tables

        found = wire_tables.node_of(value, tensors, name)
        if found is not None:
            return found
    return inline(value)


def value_of(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    """Return the value that a node describes."""
    kind = node["k"]
    if kind in _READERS:
        return _READERS[kind](node, tensors)
    from mlflow_seldon import wire_tables

    return wire_tables.value_of(node, tensors)


def inline(value: Any) -> dict[str, Any]:
    """Describe a small value in the description itself, without a tensor; raises CannotSend."""
    if value is None:
        return {"k": "none"}
    if type(value) in (bool, int, str):
        return {
            "k": "v",
            "v": value if type(value) is not int or _fits(value) else str(value),
            "t": type(value).__name__,
        }
    if type(value) is float:
        return {"k": "v", "v": repr(value), "t": "float"}
    if isinstance(value, np.generic) and value.dtype.kind in "biufcmMUS":
        return {"k": "raw0", "dtype": value.dtype.str, "v": _base64(np.asarray(value).tobytes())}
    if isinstance(value, bytes):
        return {"k": "bytes", "v": _base64(value)}
    if isinstance(value, tuple):
        return {"k": "seq", "t": "tuple", "v": [inline(item) for item in value]}
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta | decimal.Decimal):
        return _time_node(value)
    raise CannotSend(f"a value of the type {type(value).__module__}.{type(value).__qualname__} can't be sent")


def array_node(array: np.ndarray[Any, Any], tensors: Tensors, name: str | None) -> dict[str, Any]:
    """Describe an array. Its memory order is kept: it decides in which order sums are made, and so their last bit."""
    array = np.asarray(array)
    order = "F" if array.ndim > 1 and array.flags.f_contiguous and not array.flags.c_contiguous else "C"
    node = {"k": "array", "dtype": array.dtype.str, "shape": list(array.shape), "order": order}
    flat = array.ravel()
    datatype = _DATATYPES.get(array.dtype.newbyteorder("=").name)
    if datatype is not None:
        data = [None if item != item else item for item in flat.tolist()] if array.dtype.kind == "f" else flat.tolist()
        infinite = _infinite(flat)
        for place, _ in infinite.get("inf", ()):
            data[place] = None
        return {**node, **infinite, "i": tensors.add(name, array.shape, datatype, data, "np")}
    if array.dtype.kind == "O":
        return {**node, "k": "objects", "v": _sequence_node(flat.tolist(), tensors, name)}
    if array.dtype.kind == "U":
        return {**node, "i": tensors.add(name, array.shape, "BYTES", flat.tolist(), "str")}
    if array.dtype.kind == "M":
        text = np.datetime_as_string(flat).tolist()
        return {**node, "i": tensors.add(name, array.shape, "BYTES", text, "str")}
    if array.dtype.kind in "mcSf":
        return {**node, "k": "raw", "i": tensors.add(name, [1], "BYTES", [_base64(flat.tobytes())], "base64")}
    raise CannotSend(f"an array of the type {array.dtype} can't be sent")


def plain_array(tensor: Mapping[str, Any]) -> np.ndarray[Any, Any]:
    """Return a tensor's numbers as an array of its type; text becomes an array of objects."""
    dtype = _DTYPES.get(tensor["datatype"], "object")
    data = tensor["data"]
    if dtype.startswith("float"):
        data = [np.nan if item is None else item for item in data] if _flat(data) else data
    return np.array(data, dtype=dtype).reshape(tensor["shape"])


def _flat(data: Sequence[Any]) -> bool:
    return not (data and isinstance(data[0], list))


def _sequence_node(items: Sequence[Any], tensors: Tensors, name: str | None) -> dict[str, Any]:
    """Describe a list or tuple: one tensor where all items are of one plain type, JSON where it can say them."""
    outer = type(items).__name__
    kinds = {type(item) for item in items}
    if len(kinds) == 1 and (kind := next(iter(kinds))) in _PLAIN and (kind is not int or all(map(_fits, items))):
        data = [_finite(item) for item in items] if kind is float else list(items)
        place = tensors.add(name, [len(items)], _PLAIN[kind], data, _codec(kind))
        extra = _infinite(np.asarray(items)) if kind is float else {}
        return {"k": "plain", "o": outer, "t": kind.__name__, "i": place, **extra}
    if items and all(map(_is_json, items)):
        texts = [json.dumps(item) for item in items]
        return {"k": "json", "o": outer, "i": tensors.add(name, [len(items)], "BYTES", texts, "pd_json")}
    return {"k": "seq", "t": outer, "v": [_part(item, tensors) for item in items]}


def _dict_node(value: Mapping[Any, Any], tensors: Tensors, name: str | None) -> dict[str, Any]:
    if value and _is_json(value):
        return {"k": "json", "o": "dict", "i": tensors.add(name, [1], "BYTES", [json.dumps(value)], "pd_json")}
    names = [inline(key) for key in value]
    return {"k": "dict", "n": names, "v": [_part(item, tensors, str(key)) for key, item in value.items()]}


def _part(item: Any, tensors: Tensors, name: str | None = None) -> dict[str, Any]:
    """Describe a value inside another: small ones in place."""
    small = item is None or type(item) in (bool, int, float, str, bytes) or isinstance(item, np.generic)
    return inline(item) if small else node_of(item, tensors, name)


def _is_json(value: Any) -> bool:
    """Return whether JSON says the value exactly (a float is written with all its digits)."""
    kind = type(value)
    if kind is float:
        return bool(np.isfinite(value))
    if kind is list:
        return all(map(_is_json, value))
    if kind is dict:
        return all(type(key) is str and _is_json(item) for key, item in value.items())
    return value is None or kind in (bool, int, str)


def _time_node(value: Any) -> dict[str, Any]:
    if isinstance(value, datetime.timedelta):
        return {"k": "time", "t": "timedelta", "v": [value.days, value.seconds, value.microseconds]}
    if type(value) in (datetime.datetime, datetime.date, datetime.time):
        return {"k": "time", "t": type(value).__name__, "v": value.isoformat()}
    if isinstance(value, decimal.Decimal):
        return {"k": "time", "t": "Decimal", "v": str(value)}
    from mlflow_seldon import wire_tables

    return wire_tables.timestamp_node(value)


def _read_scalar(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    return _BUILT[node["t"]](_restored(tensors[node["i"]]["data"], node)[0])


def _read_plain(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    kind = _BUILT[node["t"]]
    return _outer(node["o"], [kind(item) for item in _restored(tensors[node["i"]]["data"], node)])


def _read_json(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    items = [json.loads(text) for text in tensors[node["i"]]["data"]]
    return items[0] if node["o"] == "dict" else _outer(node["o"], items)


def _read_array(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    data = _restored(tensors[node["i"]]["data"], node)
    return np.array(data, dtype=node["dtype"]).reshape(node["shape"]).copy(order=node["order"])


def _read_objects(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    items = value_of(node["v"], tensors)
    array = np.empty(len(items), dtype=object)
    for place, item in enumerate(items):  # an assignment of the whole would make lists of equal length an array
        array[place] = item
    return array.reshape(node["shape"]).copy(order=node["order"])


def _read_raw(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    data = base64.b64decode(tensors[node["i"]]["data"][0])
    return np.frombuffer(data, dtype=node["dtype"]).reshape(node["shape"]).copy(order=node["order"])


def _read_value(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    return _BUILT[node["t"]](node["v"])


def _read_time(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    if node["t"] == "timedelta":
        return datetime.timedelta(*node["v"])
    if node["t"] == "Decimal":
        return decimal.Decimal(node["v"])
    return getattr(datetime, node["t"]).fromisoformat(node["v"])


def _read_dict(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> Any:
    keys = [value_of(key, tensors) for key in node["n"]]
    return dict(zip(keys, (value_of(item, tensors) for item in node["v"]), strict=True))


_READERS: dict[str, Callable[[Mapping[str, Any], Sequence[Mapping[str, Any]]], Any]] = {
    "none": lambda node, tensors: None,
    "v": _read_value,
    "scalar": _read_scalar,
    "plain": _read_plain,
    "json": _read_json,
    "array": _read_array,
    "objects": _read_objects,
    "raw": _read_raw,
    "raw0": lambda node, tensors: np.frombuffer(base64.b64decode(node["v"]), dtype=node["dtype"])[0],
    "item": lambda node, tensors: value_of(node["v"], tensors)[()],
    "bytes": lambda node, tensors: base64.b64decode(node["v"]),
    "time": _read_time,
    "seq": lambda node, tensors: _outer(node["t"], [value_of(item, tensors) for item in node["v"]]),
    "dict": _read_dict,
}


def _outer(kind: str, items: list[Any]) -> Any:
    return tuple(items) if kind == "tuple" else items


def _restored(data: Sequence[Any], node: Mapping[str, Any]) -> list[Any]:
    """Return a tensor's data with not-a-number for null and the infinite numbers in their places."""
    missing = np.nan if "inf" in node else None
    restored = [missing if item is None else item for item in data] if missing is not None else list(data)
    for place, sign in node.get("inf", ()):
        restored[place] = sign * np.inf
    return restored


def _infinite(values: np.ndarray[Any, Any]) -> dict[str, Any]:
    """Return, for floats, the places of infinite numbers and their signs: JSON has no word for them."""
    if values.dtype.kind != "f":
        return {}
    places = np.flatnonzero(np.isinf(values))
    return {"inf": [[int(place), 1 if values[place] > 0 else -1] for place in places]}


def _finite(value: Any) -> Any:
    return None if type(value) is float and not np.isfinite(value) else value


def _fits(value: int) -> bool:
    return -(2**63) <= value < 2**63


def _base64(data: bytes) -> str:
    return base64.b64encode(data).decode("ascii")


def _codec(kind: type) -> str:
    return "str" if kind is str else "np"


def _content_type(node: Mapping[str, Any], tensors: Sequence[Mapping[str, Any]]) -> str:
    """Return the content type by which MLServer's own codecs would read the whole."""
    if node["k"] == "frame":
        return "pd"
    if node["k"] == "dict":
        return "dict"
    return str(tensors[0]["parameters"]["content_type"]) if len(tensors) == 1 else "np"
