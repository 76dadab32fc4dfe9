"""Send values over the wire, through JSON as HTTP does, and say for each whether it is the same."""

import datetime
import decimal
import json

import numpy as np
import pandas as pd
import scipy.sparse
from mlflow_seldon import wire
from same import same

INFINITE = [1.1, np.nan, np.inf, -np.inf, -0.0, 5e-324, 1.7976931348623157e308]
NOW = datetime.datetime(2026, 1, 2, 3, 4, 5, 678901)
FRAME = pd.DataFrame({"a": [1, 2], "b": [0.5, np.nan], "c": ["x", "y"]})

VALUES = {
    "none": None,
    "scalars": [1, 1.5, True, "x", np.inf, np.nan, 2**70, b"ab", None],
    "an int": 3,
    "a float": 0.1,
    "infinity": float("inf"),
    "not a number": float("nan"),
    "a large int": 2**70,
    "a text": "ü\u2028\x00",
    "bytes": b"\x00\xff",
    "numpy scalars": [np.float32(0.1), np.int64(3), np.bool_(True), np.str_("q"), np.float64("nan")],
    "a numpy scalar": np.float32(0.1),
    "floats": np.array(INFINITE),
    "float32": np.array(INFINITE, "f4"),
    "float16": np.array([0.1, np.inf], "f2"),
    "big-endian": np.array([1.5], ">f8"),
    "uint64": np.array([2**64 - 1, 0], "u8"),
    "bools": np.array([[True, False]]),
    "a matrix": np.arange(6).reshape(2, 3),
    "a matrix by columns": np.asfortranarray(np.arange(12.0).reshape(3, 4)),
    "three dimensions": np.arange(24, dtype="i2").reshape(2, 3, 4),
    "an empty array": np.array([], float),
    "an empty matrix": np.zeros((0, 3)),
    "an array without dimension": np.array(3.5),
    "texts": np.array(["a", "bcd"]),
    "texts as objects": np.array(["a", "bcd"], object),
    "mixed objects": np.array(["a", None, 1.5, float("nan")], object),
    "times": np.array(["2020-01-01T01:02:03.123456789", "NaT"], "M8[ns]"),
    "durations": np.array([1, 2], "m8[s]"),
    "complex": np.array([1 + 2j]),
    "bytes in an array": np.array([b"x", b"yy"]),
    "ints": [1, 2],
    "floats in a list": [1.5, float("inf"), float("nan")],
    "list of texts": ["a", "b"],
    "an empty list": [],
    "an empty dictionary": {},
    "records": [{"a": 1, "b": [0.1, None]}, {"a": None, "b": []}],
    "a mixed list": [1, "a", None, 2.5],
    "a tuple": (1, 2),
    "nested lists": [[1, 2], [3]],
    "arrays in a list": [np.arange(2), np.arange(3.0)],
    "a dictionary": {"a": 1, "b": "c"},
    "a dictionary of arrays": {"a": np.arange(3), "b": np.array([0.5, np.nan, np.inf])},
    "keys that are no text": {1: 2, (1, "a"): 3},
    "a table in a dictionary": {"x": FRAME, "y": [FRAME["a"]]},
    "dates": [NOW, NOW.date(), NOW.time(), datetime.timedelta(1, 2, 3), decimal.Decimal("1.10")],
    "a time with a zone": pd.Timestamp("2026-01-02 03:04:05.123456789", tz="Europe/Berlin"),
    "not a time": pd.NaT,
    "a series": pd.Series(INFINITE),
    "a named series": pd.Series([1, 2], name="q", index=["a", "b"], dtype="int32"),
    "a series of texts": pd.Series(["a", None]),
    "a series of times": pd.Series(pd.date_range("2020", periods=3, tz="UTC")),
    "an index": pd.Index([1, 2], name="i"),
    "a table": FRAME,
    "a table of an array": pd.DataFrame(np.arange(12.0).reshape(4, 3)),
    "equal names": pd.DataFrame(np.arange(8.0).reshape(4, 2), columns=["a", "a"]),
    "small numbers": pd.DataFrame({"a": np.array([1], "i1"), "b": np.array([0.1], "f4")}),
    "extension types": pd.DataFrame(
        {
            "a": pd.Categorical(["x", "y", "x"], ordered=True),
            "b": pd.array([1, None, 3], dtype="Int64"),
            "c": pd.array(["a", None, "b"], dtype="string"),
            "d": pd.array([True, None, False], dtype="boolean"),
            "e": pd.array([0.1, None, 0.2], dtype="Float32"),
        }
    ),
    "an index of times": pd.DataFrame({"a": [1, 2]}, index=pd.date_range("2020", periods=2)),
    "several levels": pd.DataFrame({("a", "b"): [1], ("a", "c"): [2]}, index=pd.MultiIndex.from_tuples([(1, "x")])),
    "an empty table": pd.DataFrame(),
    "a table without rows": pd.DataFrame({"a": pd.Series([], dtype="int64"), "b": pd.Series([], dtype="object")}),
    "lists in a column": pd.DataFrame({"a": [[1, 2], [3, 4]]}),
    "names that are no text": pd.DataFrame({1: [1], "a": [2], None: [3]}),
    "dates in a column": pd.DataFrame({"d": [datetime.date(2020, 1, 1)]}),
    "a sparse matrix": scipy.sparse.csr_matrix(np.eye(3)),
    "a sparse array by columns": scipy.sparse.csc_array(np.eye(3, dtype="f4")),
}


def random_values(seed):
    """Return a table and an array of numbers whose every bit is random, as long as they are numbers."""
    dice = np.random.default_rng(seed)
    rows, columns = dice.integers(1, 9, 2)
    bits = dice.integers(0, 2**64, (rows, columns), dtype="u8").view("f8")
    return {f"random numbers {seed}": bits, f"a random table {seed}": pd.DataFrame(bits.view("i8"))}


def main():
    found = {}
    values = dict(VALUES)
    for seed in range(50):
        values |= random_values(seed)
    for name, value in values.items():
        try:
            encoded = wire.encode(value)
            same(value, wire.decode(*json.loads(json.dumps(encoded, allow_nan=False))))
            found[name] = ""
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    refused = object()
    try:
        wire.encode({"a": refused})
    except wire.CannotSend as error:
        found["a type without a form is named"] = "" if "builtins.object" in str(error) else str(error)
    print(json.dumps(found))


main()
