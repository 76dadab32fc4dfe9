"""The sample feature repository, pushed by clients and read online (Feast 0.67 API).

What drivers did today is what `verify` pushes and reads; the measures of wines are what the example in
`examples/loop/` trains with.
"""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from feast import Entity, FeatureView, Field, FileSource, PushSource, ValueType
from feast.types import Float64, Int64

SAMPLES = Path(__file__).resolve().parent.parent / "data" / "driver_activity.parquet"
"""What was pushed `to: offline`; written with one row before the first apply."""

driver = Entity(name="driver", join_keys=["driver_id"], value_type=ValueType.INT64)

driver_activity_source = FileSource(
    name="driver_activity_source",
    path=str(SAMPLES),
    timestamp_field="event_timestamp",
    created_timestamp_column="created",
)

driver_activity_push = PushSource(name="driver_activity_push", batch_source=driver_activity_source)

driver_activity = FeatureView(
    name="driver_activity",
    entities=[driver],
    # Zero: a value never grows too old to be served.
    ttl=timedelta(0),
    schema=[
        Field(name="driver_id", dtype=Int64),
        Field(name="trips_today", dtype=Int64),
        Field(name="rating", dtype=Float64),
    ],
    online=True,
    source=driver_activity_push,
)

WINES = SAMPLES.with_name("wine_measures.parquet")
"""The same for the measures of wines."""
MEASURES = (
    *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids"),
    *("nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280_od315", "proline"),
)
"""The columns of scikit-learn's wine data set, as Feast takes names."""

wine = Entity(name="wine", join_keys=["wine_id"], value_type=ValueType.INT64)

wine_measures_source = FileSource(
    name="wine_measures_source",
    path=str(WINES),
    timestamp_field="event_timestamp",
    created_timestamp_column="created",
)

wine_measures_push = PushSource(name="wine_measures_push", batch_source=wine_measures_source)

wine_measures = FeatureView(
    name="wine_measures",
    entities=[wine],
    ttl=timedelta(0),
    schema=[Field(name="wine_id", dtype=Int64), *(Field(name=name, dtype=Float64) for name in MEASURES)],
    online=True,
    source=wine_measures_push,
)

OBJECTS = [
    *(driver, driver_activity_source, driver_activity_push, driver_activity),
    *(wine, wine_measures_source, wine_measures_push, wine_measures),
]
"""Everything there is to apply."""
