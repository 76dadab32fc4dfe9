"""A real browser, Debian's Chromium without a window, as a person would use it."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

PATIENCE = 900
"""Seconds until a page must show what it is waited for; a busy machine is slow, and nothing else ends a wait."""


@contextlib.contextmanager
def chromium(profile: Path, *, width: int = 1400, height: int = 1000) -> Iterator[WebDriver]:
    """Start Chromium with a profile of its own and end it; skips the test, with the reason, where there is none."""
    browser, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not browser or not driver:
        pytest.skip("there is no Chromium with its driver (on Debian: apt-get install chromium chromium-driver)")
    from selenium import webdriver
    from selenium.webdriver.chrome.options import Options
    from selenium.webdriver.chrome.service import Service

    options = Options()
    options.binary_location = browser
    for argument in (
        "--headless=new",
        f"--window-size={width},{height}",
        f"--user-data-dir={profile}",
        "--disable-gpu",
        "--hide-scrollbars",
        "--no-first-run",
        # /dev/shm is small in containers.
        "--disable-dev-shm-usage",
        *(["--no-sandbox"] if os.geteuid() == 0 else []),
    ):
        options.add_argument(argument)
    # Loopback alone, and no proxy that the surroundings name.
    options.add_argument("--no-proxy-server")
    window = webdriver.Chrome(options=options, service=Service(driver))
    window.set_script_timeout(60)
    try:
        yield window
    finally:
        window.quit()


def wait_until(window: WebDriver, script: str, *, what: str) -> Any:
    """Return what the script returns as soon as that is true; fails with what was waited for and the page's text."""
    from selenium.common.exceptions import JavascriptException, TimeoutException
    from selenium.webdriver.support.wait import WebDriverWait

    found: Callable[[WebDriver], Any] = lambda it: it.execute_script(f"return {script}")  # noqa: E731
    try:
        return WebDriverWait(window, PATIENCE, 0.5, ignored_exceptions=[JavascriptException]).until(found)
    except TimeoutException:
        text = window.execute_script("return document.body.innerText")
        raise AssertionError(f"{what} did not come; the page {window.current_url} says: {text[:2000]}") from None
