"""Values go over the wire and come back the same, whatever MLflow lets a model take or return."""

from __future__ import annotations

from tests.plugins.conftest import Site


def test_every_value_comes_back_the_same(site: Site) -> None:
    found = site.run("wire_cases.py")
    assert len(found) > 150
    assert {name: words for name, words in found.items() if words} == {}
