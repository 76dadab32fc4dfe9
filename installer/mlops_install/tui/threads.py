"""Threads that nobody waits for when the program is left: a hung Terraform or check must not keep a terminal."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Thread
from typing import Any, TypeVar

Result = TypeVar("Result")


class DaemonThreads(ThreadPoolExecutor):
    """An executor that gives each job a daemon thread of its own, and whose end waits for none.

    asyncio joins the threads of its usual executor when the loop is closed (Python 3.11 docs, asyncio.run).
    """

    def submit(self, fn: Callable[..., Result], /, *args: Any, **kwargs: Any) -> Future[Result]:
        """Start the job at once."""
        future: Future[Result] = Future()

        def work() -> None:
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # whoever awaits the future gets it
                future.set_exception(error)
            else:
                future.set_result(result)

        Thread(target=work, daemon=True, name="worker").start()
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Wait for nothing."""
