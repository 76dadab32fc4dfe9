"""Run Dask workers under their nannies until a signal comes; run by the team's Python.

`dask worker` (distributed 2026.8.0) first takes leave of the scheduler when it is told to stop: 9 s and exit code 1
where the scheduler is stopped too. Here the workers just end; the scheduler notices the closed connections.
"""

from __future__ import annotations

import argparse
import asyncio
import signal

from distributed import Nanny


async def run(arguments: argparse.Namespace) -> None:
    stopped = asyncio.Event()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(signal_number, stopped.set)
    nannies = [
        Nanny(
            arguments.scheduler,
            nthreads=1,
            host="127.0.0.1",
            # The workers' dashboards don't follow `host`: without this they listen on every address.
            dashboard_address="127.0.0.1:0",
            memory_limit=arguments.memory,
            local_directory=arguments.directory,
        )
        for _ in range(arguments.workers)
    ]

    async def work() -> None:
        await asyncio.gather(*nannies)
        await asyncio.gather(*(nanny.finished() for nanny in nannies))

    working = asyncio.create_task(work())
    stopping = asyncio.create_task(stopped.wait())
    await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
    if not stopped.is_set():
        working.result()
        return
    working.cancel()
    await asyncio.gather(*(nanny.kill(timeout=2) for nanny in nannies), return_exceptions=True)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("scheduler")
    parser.add_argument("--workers", type=int, required=True)
    parser.add_argument("--memory", required=True)
    parser.add_argument("--directory", required=True)
    asyncio.run(run(parser.parse_args()))


if __name__ == "__main__":
    main()
