"""Apply the sample feature repository beside this file, then serve it; run by Feast's own Python with -O.

Usage: feast_server.py PORT DATA_FOLDER. `feast apply`, `feast materialize` and `feast serve` would import Feast once
each, and `feast serve` forks; this does the same in one process, with the API behind them (Feast 0.67.0).
"""

from __future__ import annotations

import gc
import hashlib
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI
    from feast import FeatureStore

REPOSITORY = Path(__file__).resolve().parent
REGISTRY_TTL = 30
"""Seconds after which a feature view applied by somebody else is served."""
SAMPLE_DRIVER = 1001


def fingerprint() -> str:
    """Return the SHA-256 (hexadecimal) of what an apply depends on: the repository and Feast's version."""
    from feast import __version__

    digest = hashlib.sha256(__version__.encode())
    for name in ("feature_store.yaml", "features.py"):
        digest.update((REPOSITORY / name).read_bytes())
    return digest.hexdigest()


def apply_samples(store: FeatureStore, data: Path) -> None:
    """Bring the registry up to the sample repository and serve one row of it; nothing when that was done before."""
    stamp, wanted = data / "applied", fingerprint()
    if (data / "registry.db").is_file() and stamp.is_file() and stamp.read_text() == wanted:
        return
    import features
    import pandas

    now = datetime.now(tz=UTC)
    columns = {"driver_id": [SAMPLE_DRIVER], "trips_today": [20], "rating": [4.5], "event_timestamp": [now]}
    row = pandas.DataFrame({**columns, "created": [now]})
    if not features.SAMPLES.is_file():
        row.to_parquet(features.SAMPLES)
    if not features.WINES.is_file():
        measures = {name: [0.0] for name in features.MEASURES}
        wines = {"wine_id": [-1], **measures, "event_timestamp": [now], "created": [now]}
        pandas.DataFrame(wines).to_parquet(features.WINES)
    store.apply(features.OBJECTS)
    store.write_to_online_store("driver_activity", row)
    stamp.write_text(wanted)


def application(store: FeatureStore) -> FastAPI:
    """Return Feast's application with one call more, GET `/ready`: a read through registry and online store."""
    from feast.feature_server import get_app

    app: FastAPI = get_app(store, REGISTRY_TTL)

    def ready() -> dict[str, str]:
        wanted = {"features": ["driver_activity:trips_today"], "entity_rows": [{"driver_id": SAMPLE_DRIVER}]}
        read = store.get_online_features(**wanted).to_dict()["trips_today"] != [None]
        return {"project": store.project, "online_store": "read" if read else "empty"}

    app.add_api_route("/ready", ready, methods=["GET"])
    return app


def main(port: int, data: Path) -> None:
    # What is imported stays: collecting while it is built only costs time.
    gc.disable()
    import uvicorn
    from feast import FeatureStore

    store = FeatureStore(repo_path=str(REPOSITORY))
    apply_samples(store, data)
    app = application(store)
    gc.freeze()
    gc.enable()
    # Else uvicorn ends by the signal itself, and Feast's folder of metrics stays in the temp folder.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(app, host="127.0.0.1", port=port, access_log=False)


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
