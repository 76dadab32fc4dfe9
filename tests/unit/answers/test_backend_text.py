"""A backend as it is typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_install.answers.backend_text import backend_text, parse_backend
from mlops_install.answers.model import Backend

_KEYS = st.from_regex(r"[a-z][a-z0-9_]*", fullmatch=True)
_VALUES = st.recursive(
    st.text() | st.booleans() | st.integers() | st.none(),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(), inner, max_size=2),
)


@given(kind=_KEYS, config=st.dictionaries(_KEYS, _VALUES, max_size=4))
def test_what_is_written_is_read_back(kind: str, config: dict[str, object]) -> None:
    assert parse_backend(backend_text(Backend(kind, config))) == Backend(kind, config)


def test_a_line_as_people_type_it() -> None:
    line = "s3 bucket=states key='a b' use_lockfile=true"
    assert parse_backend(line) == Backend("s3", {"bucket": "states", "key": "a b", "use_lockfile": True})
    assert backend_text(Backend()) == "local"


@pytest.mark.parametrize(("line", "said"), [("", "must name"), ("s3 'x", "quotes"), ("s3 bucket", "KEY=VALUE")])
def test_what_is_no_backend(line: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        parse_backend(line)
