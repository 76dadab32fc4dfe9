"""Push a fresh value to Feast's online store (0.67.0) and read it back."""

from __future__ import annotations

import datetime
import random
from collections.abc import Mapping
from typing import Any

from mlops_install.checks.steps import CheckError, Steps, address, main

OWN, UNKNOWN = -1, -2
"""Driver ids: the check's own, and one that nobody pushes."""
FEATURES = ["driver_activity:trips_today", "driver_activity:rating"]


def check(payload: Mapping[str, Any], steps: Steps) -> None:
    """Push to `driver_activity_push` under an id of the check's own, read it, then overwrite it with nulls."""
    with steps.step("connect") as note:
        note.detail = url = address(payload, "feast", "FEAST_SERVER_URL").rstrip("/")
        import httpx

        client = httpx.Client(base_url=url, timeout=60, trust_env=False)
        client.get("/health").raise_for_status()
    trips, rating = random.randint(1, 1_000_000), round(random.random() * 5, 3)  # noqa: S311 - sample values
    try:
        with steps.step("push a fresh value") as note:
            _push(client, trips, rating)
            note.detail = f"trips_today {trips}"
        with steps.step("read it online") as note:
            rows = _read(client)
            if rows[OWN] != [trips, rating]:
                raise CheckError(f"pushed {[trips, rating]}, read {rows[OWN]}")
            note.detail = f"driver {OWN}: {rows[OWN]}"
        with steps.step("an unknown driver has none") as note:
            if rows[UNKNOWN] != [None, None]:
                raise CheckError(f"driver {UNKNOWN} has {rows[UNKNOWN]}")
            note.detail = "null"
    finally:
        with steps.step("clean up") as note:
            # Feast's API deletes no online row, and skips a push of nothing but nulls (0.67).
            _push(client, 0, 0.0)
            note.detail = f"driver {OWN} has zeros: Feast's API deletes no online row"


def _push(client: Any, trips: int, rating: float) -> None:
    now = datetime.datetime.now(datetime.UTC).isoformat()
    row = {"driver_id": OWN, "trips_today": trips, "rating": rating, "event_timestamp": now, "created": now}
    columns = {name: [value] for name, value in row.items()}
    body = {"push_source_name": "driver_activity_push", "df": columns, "to": "online"}
    _ok(client.post("/push", json=body))


def _read(client: Any) -> dict[int, list[Any]]:
    """Return driver id → feature values."""
    ids = [OWN, UNKNOWN]
    reply = _ok(client.post("/get-online-features", json={"features": FEATURES, "entities": {"driver_id": ids}})).json()
    names, columns = reply["metadata"]["feature_names"], reply["results"]
    order = [names.index(feature.partition(":")[2]) for feature in FEATURES]
    return {driver: [columns[index]["values"][row] for index in order] for row, driver in enumerate(ids)}


def _ok(response: Any) -> Any:
    if response.status_code != 200:
        raise CheckError(f"{response.request.url.path} answered {response.status_code}: {response.text[:200]}")
    return response


if __name__ == "__main__":
    main(check)
