from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_install.deployment.files import write_json
from mlops_install.deployment.layout import Deployment
from mlops_install.deployment.marker import Marker, read_marker, update_marker, write_marker
from mlops_install.errors import UsageError

_KNOWN = {"format", "target", "stamp", "version", "secrets_revisions", "binary"}


@given(
    marker=st.builds(
        Marker,
        target=st.text(),
        format=st.just(1),
        stamp=st.dictionaries(st.text(), st.text()),
        version=st.text(),
        secrets_revisions=st.dictionaries(st.text(), st.integers()),
        binary=st.none() | st.text(),
        extra=st.dictionaries(
            st.text().filter(lambda key: key not in _KNOWN), st.integers() | st.lists(st.text()) | st.none()
        ),
    )
)
def test_round_trip(marker: Marker) -> None:
    with tempfile.TemporaryDirectory() as folder:
        deployment = Deployment(Path(folder))
        write_marker(deployment, marker)
        assert read_marker(deployment) == marker


def test_an_unknown_key_survives_a_change(deployment: Deployment) -> None:
    write_json(deployment.marker, {"format": 1, "target": "kubernetes", "later": {"uid": "1"}})
    update_marker(deployment, binary="tofu")
    assert read_marker(deployment) == Marker("kubernetes", binary="tofu", extra={"later": {"uid": "1"}})


def test_another_format_is_refused(deployment: Deployment) -> None:
    write_json(deployment.marker, {"format": 2, "shape": "new"})
    with pytest.raises(UsageError, match="format 2; this version reads format 1"):
        read_marker(deployment)


def test_no_deployment(deployment: Deployment) -> None:
    with pytest.raises(UsageError, match="holds no deployment"):
        read_marker(deployment)
