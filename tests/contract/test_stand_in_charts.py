"""The cluster tests' stand-in charts hold values to what the real charts take."""

from __future__ import annotations

import json

import pytest
import yaml
from jsonschema import Draft7Validator
from tests.cluster.stand_in_charts import files_of, only_known_keys, pins, schema_of, upstream_of
from tests.contract.stack_values import shared_charts


def test_a_key_that_a_chart_does_not_have_is_refused_at_every_depth() -> None:
    validator = Draft7Validator(only_known_keys({"image": {"tag": "1"}, "env": {}, "replicas": 1}))
    assert validator.is_valid({"image": {"tag": "2"}, "env": {"ANY": "thing"}, "replicas": None})
    assert not validator.is_valid({"image": {"tags": "2"}})
    assert not validator.is_valid({"imgae": {}})


def test_each_has_the_real_ones_values_and_schema(tmp_path_factory: pytest.TempPathFactory) -> None:
    if shared_charts() is None:
        pytest.skip("The upstream charts' schemas, ../shared/charts, are not beside the project.")
    charts = pins(tmp_path_factory.mktemp("cache"))
    assert len(charts) == 10
    for chart in charts:
        files, upstream = dict(files_of(chart)), upstream_of(chart)
        assert upstream is not None
        schema = json.loads(files["values.schema.json"])
        assert schema == schema_of(chart.name, upstream)
        values = yaml.safe_load(files["values.yaml"])
        assert list(Draft7Validator(schema).iter_errors(values)) == [], chart.name
        if not (upstream / "values.schema.json").is_file():
            assert not Draft7Validator(schema).is_valid({**values, "no such key": 1}), chart.name
