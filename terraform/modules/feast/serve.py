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
from typing import Any

import pandas
import uvicorn
from feast import Entity, FeatureStore, FeatureView, Field, FileSource, PushSource, ValueType
from feast.feature_server import get_app
from feast.types import Float64, Int64

REGISTRY_TTL = 10
"""Seconds after which a feature view applied by somebody else is served."""
SAMPLE_DRIVER = 1001


MEASURES = (
    *("alcohol", "malic_acid", "ash", "alcalinity_of_ash", "magnesium", "total_phenols", "flavanoids"),
    *("nonflavanoid_phenols", "proanthocyanins", "color_intensity", "hue", "od280_od315", "proline"),
)
"""What the example in examples/loop/ trains with: the columns of scikit-learn's wine data set, as Feast takes names."""


def sample_view(name: str, entity: str, schema: dict[str, Any], samples: Path) -> list[object]:
    """Return what one feature view takes; `samples` is the file of what was pushed `to: offline`."""
    key = Entity(name=entity, join_keys=[f"{entity}_id"], value_type=ValueType.INT64)
    source = FileSource(
        name=f"{name}_source",
        path=str(samples),
        timestamp_field="event_timestamp",
        created_timestamp_column="created",
    )
    push = PushSource(name=f"{name}_push", batch_source=source)
    view = FeatureView(
        name=name,
        entities=[key],
        # Zero: a value never grows too old to be served.
        ttl=timedelta(0),
        schema=[Field(name=field, dtype=dtype) for field, dtype in ({f"{entity}_id": Int64} | schema).items()],
        online=True,
        source=push,
    )
    return [key, source, push, view]


def apply_samples(store: FeatureStore, folder: Path) -> None:
    """Bring the registry up to the sample features, and a row of the first view into the online store."""
    now = datetime.now(tz=UTC)
    times = {"event_timestamp": [now], "created": [now]}
    driver = pandas.DataFrame({"driver_id": [SAMPLE_DRIVER], "trips_today": [20], "rating": [4.5], **times})
    wine = pandas.DataFrame({"wine_id": [-1], **{name: [0.0] for name in MEASURES}, **times})
    drivers, wines = folder / "driver_activity.parquet", folder / "wine_measures.parquet"
    driver.to_parquet(drivers)
    wine.to_parquet(wines)
    activity = sample_view("driver_activity", "driver", {"trips_today": Int64, "rating": Float64}, drivers)
    store.apply([*activity, *sample_view("wine_measures", "wine", dict.fromkeys(MEASURES, Float64), wines)])
    store.write_to_online_store("driver_activity", driver)


def main(port: int) -> None:
    folder = Path(tempfile.mkdtemp())
    # Feast itself puts the passwords in, from the environment, when it reads the file.
    settings = base64.b64decode(os.environ["FEATURE_STORE_YAML_BASE64"])
    (folder / "feature_store.yaml").write_bytes(settings)
    store = FeatureStore(repo_path=str(folder))
    apply_samples(store, folder)
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
