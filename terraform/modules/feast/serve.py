"""Apply the sample features, then serve; run by Feast's own image as `python -c`, with the port as its argument.

`feast serve` starts with an empty registry and says it is healthy; this registers what `verify` pushes and reads, and
adds GET `/ready`, a read through registry and online store (Feast 0.66 API).
"""

from __future__ import annotations

import base64
import os
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pandas
import uvicorn
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, PushSource, ValueType
from feast.feature_server import get_app
from feast.types import Float64, Int64

REGISTRY_TTL = 10
"""Seconds after which a feature view applied by somebody else is served."""
SAMPLE_DRIVER = 1001


def sample_objects(samples: Path) -> list[object]:
    """Return what is to be applied; `samples` is the file of what was pushed `to: offline`."""
    driver = Entity(name="driver", join_keys=["driver_id"], value_type=ValueType.INT64)
    source = FileSource(
        name="driver_activity_source",
        path=str(samples),
        timestamp_field="event_timestamp",
        created_timestamp_column="created",
    )
    push = PushSource(name="driver_activity_push", batch_source=source)
    fields = {"driver_id": Int64, "trips_today": Int64, "rating": Float64}
    view = FeatureView(
        name="driver_activity",
        entities=[driver],
        # Zero: a value never grows too old to be served.
        ttl=timedelta(0),
        schema=[Field(name=name, dtype=dtype) for name, dtype in fields.items()],
        online=True,
        source=push,
    )
    return [driver, source, push, view]


def apply_samples(store: FeatureStore, samples: Path) -> None:
    """Bring the registry up to the sample features, and one row of them into the online store."""
    now = datetime.now(tz=UTC)
    columns = {"driver_id": [SAMPLE_DRIVER], "trips_today": [20], "rating": [4.5], "event_timestamp": [now]}
    row = pandas.DataFrame({**columns, "created": [now]})
    row.to_parquet(samples)
    store.apply(sample_objects(samples))
    store.write_to_online_store("driver_activity", row)


def main(port: int) -> None:
    folder = Path(tempfile.mkdtemp())
    # Feast itself puts the passwords in, from the environment, when it reads the file.
    settings = base64.b64decode(os.environ["FEATURE_STORE_YAML_BASE64"])
    (folder / "feature_store.yaml").write_bytes(settings)
    store = FeatureStore(repo_path=str(folder))
    apply_samples(store, folder / "driver_activity.parquet")
    app = get_app(store, REGISTRY_TTL)

    def ready() -> dict[str, str]:
        wanted = {"features": ["driver_activity:trips_today"], "entity_rows": [{"driver_id": SAMPLE_DRIVER}]}
        read = store.get_online_features(**wanted).to_dict()["trips_today"] != [None]
        return {"project": store.project, "online_store": "read" if read else "empty"}

    app.add_api_route("/ready", ready, methods=["GET"])
    # The pod's own interface: its Service comes from outside the pod.
    uvicorn.run(app, host="0.0.0.0", port=port, access_log=False)  # noqa: S104 - in a pod of its own


if __name__ == "__main__":
    main(int(sys.argv[1]))
