"""Whether two values are the same: type, type of the numbers, every bit."""

import numpy as np
import pandas as pd
import scipy.sparse


def same(one, other, way=""):
    """Raise AssertionError with the way to the first difference."""
    assert type(one) is type(other), f"{way}: {type(one)} became {type(other)}"
    if isinstance(one, pd.DataFrame):
        pd.testing.assert_frame_equal(one, other, check_exact=True, check_freq=True)
    elif isinstance(one, pd.Series):
        pd.testing.assert_series_equal(one, other, check_exact=True)
    elif isinstance(one, pd.Index):
        pd.testing.assert_index_equal(one, other, exact=True)
    elif isinstance(one, np.ndarray):
        assert (one.dtype, one.shape) == (other.dtype, other.shape), f"{way}: {one.dtype} {one.shape} {other.dtype}"
        assert one.flags.f_contiguous == other.flags.f_contiguous, f"{way}: another order in memory"
        _same_numbers(one, other, way)
    elif scipy.sparse.issparse(one):
        for part in ("data", "indices", "indptr"):
            same(getattr(one, part), getattr(other, part), f"{way}.{part}")
        assert one.shape == other.shape, way
    elif isinstance(one, dict):
        assert list(one) == list(other), way
        for key in one:
            same(one[key], other[key], f"{way}[{key!r}]")
    elif isinstance(one, list | tuple):
        assert len(one) == len(other), way
        for place, (left, right) in enumerate(zip(one, other, strict=True)):
            same(left, right, f"{way}[{place}]")
    elif one is not pd.NaT:
        assert one == other or (one != one and other != other), f"{way}: {one!r} became {other!r}"


def _same_numbers(one, other, way):
    if one.dtype == object:
        same(one.ravel().tolist(), other.ravel().tolist(), way)
    elif one.dtype.kind == "f":
        np.testing.assert_array_equal(one, other)
        there = ~np.isnan(one)
        assert (np.signbit(one)[there] == np.signbit(other)[there]).all(), f"{way}: a sign changed"
    else:
        assert one.tobytes() == other.tobytes(), way
