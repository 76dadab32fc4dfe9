"""Run a Prefect process worker; run by the team's Python, which its flow runs use too.

`prefect worker start --with-healthcheck` (prefect 3.8.8) answers "OK" from its first moment. Here the health reply
comes only after the server knows the work pool and this worker.
"""

from __future__ import annotations

import argparse
import gc
import sys
import threading


def main() -> None:
    parser = argparse.ArgumentParser(description="Run a Prefect process worker.")
    parser.add_argument("--pool", required=True)
    parser.add_argument("--name", required=True)
    arguments = parser.parse_args()
    # Collections while modules load find nothing to free and only cost time.
    gc.disable()
    import anyio
    from prefect.settings import get_current_settings
    from prefect.workers.process import ProcessWorker
    from prefect.workers.server import build_healthcheck_server

    gc.freeze()
    gc.enable()
    interval = get_current_settings().worker.query_seconds
    # Makes the pool, with the type `process`, where it is missing.
    worker = ProcessWorker(work_pool_name=arguments.pool, name=arguments.name, create_pool_if_not_found=True)
    # Built before the worker starts: uvicorn sets up logging here, and closing the handlers of a running worker blocks
    # it for 5 s.
    server = build_healthcheck_server(worker, interval)
    serving: list[threading.Thread] = []

    def report(message: str) -> None:
        # The worker's first message says that it started, after its first exchange with the server.
        if not serving:
            serving.append(threading.Thread(target=server.run, daemon=True))
            serving[0].start()
        sys.stdout.write(f"{message}\n")
        sys.stdout.flush()

    # No handler for SIGTERM: Prefect's own waits for a server that may be ending too, for minutes. The guard ends
    # the flow runs' processes, which report themselves as crashed.
    anyio.run(worker.start, False, False, report)


if __name__ == "__main__":
    main()
