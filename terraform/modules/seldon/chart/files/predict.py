"""Wait until the sample model predicts what it should; Helm doesn't wait for what the operator makes of a model.

Usage: predict.py URL SECONDS.
"""

from __future__ import annotations

import json
import sys
import time
import urllib.request

SAMPLES = [5.1, 3.5, 1.4, 0.2, 6.7, 3.0, 5.2, 2.3]
"""A setosa and a virginica: centimetres of sepal and petal."""
CLASSES = [0, 2]


def predict(url: str) -> list[float]:
    tensor = {"name": "input-0", "shape": [2, 4], "datatype": "FP64", "data": SAMPLES}
    body = json.dumps({"inputs": [tensor]}).encode()
    address, headers = f"{url}/v2/models/iris/infer", {"Content-Type": "application/json"}
    request = urllib.request.Request(address, body, headers)  # noqa: S310 - the chart's own address
    with urllib.request.urlopen(request, timeout=10) as reply:  # noqa: S310 - the chart's own address
        return list(json.load(reply)["outputs"][0]["data"])


def main(url: str, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while True:
        try:
            found = predict(url)
        except OSError as error:
            if time.monotonic() > deadline:
                sys.exit(f"the model iris doesn't answer at {url}: {error}")
            sys.stderr.write(f"waiting for the model: {error}\n")
            time.sleep(1)
        else:
            sys.exit(0 if found == CLASSES else f"the model iris predicts {found} instead of {CLASSES}")


if __name__ == "__main__":
    main(sys.argv[1], float(sys.argv[2]))
