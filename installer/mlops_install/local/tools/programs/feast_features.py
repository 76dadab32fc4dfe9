"""The sample feature repository: what drivers did today, pushed by clients and read online (Feast 0.67 API)."""

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

OBJECTS = [driver, driver_activity_source, driver_activity_push, driver_activity]
"""Everything there is to apply."""
