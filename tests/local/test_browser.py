"""What a new user does: log in, find the example open, run all its cells, and see a model answer."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
from tests.local.browser import chromium, wait_until
from tests.local.conftest import Laptop

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

SCREENS = os.environ.get("MLOPS_TEST_SCREENS", "")
"""A folder that gets the pictures of the README; they are not kept otherwise."""
USER = "newcomer"
PROMPTS = "[...document.querySelectorAll('.jp-CodeCell .jp-InputArea-prompt')].map(it => it.innerText.trim())"
ERRORS = "[...document.querySelectorAll('[data-mime-type=\"application/vnd.jupyter.error\"]')].map(it => it.innerText)"

ACCEPT = "document.querySelector('.jp-Dialog .jp-mod-accept')?.click()"
"""On a busy machine JupyterLab asks for the kernel once more while it is still connecting to it."""
ANSWER = """(() => {
    const found = [...document.querySelectorAll('.jp-OutputArea-output')].find(it => it.innerText.startsWith('array('));
    // Cells out of sight are not in the page: go up, from the last one, until it is.
    if (found) found.scrollIntoView({block: 'center'});
    else document.querySelector('.jp-WindowedPanel-outer').scrollBy(0, -300);
    return found?.innerText;
})()"""


def picture(window: WebDriver, tmp_path: Path, name: str) -> None:
    window.save_screenshot(str(Path(SCREENS or tmp_path) / f"{name}.png"))


def log_in(window: WebDriver, laptop: Laptop) -> None:
    from selenium.webdriver.common.by import By

    window.get(f"http://127.0.0.1:{laptop.ports['jupyterhub_port']}")
    wait_until(window, "document.querySelector('#username_input')", what="the login form")
    window.find_element(By.ID, "username_input").send_keys(USER)
    window.find_element(By.ID, "password_input").send_keys(laptop.secrets()["jupyterhub_shared_password"])
    window.find_element(By.ID, "login_submit").click()


def choose(window: WebDriver, menu: str, entry: str) -> None:
    """Open a menu of JupyterLab and choose an entry, as with the mouse."""
    from selenium.webdriver.common.action_chains import ActionChains
    from selenium.webdriver.common.by import By

    for kind, text in (("lm-MenuBar-itemLabel", menu), ("lm-Menu-itemLabel", entry)):
        path = f"//div[contains(@class, '{kind}') and normalize-space()='{text}']"
        wait_until(window, f"document.evaluate(`{path}`, document).iterateNext()", what=f"the entry {text}")
        ActionChains(window).move_to_element(window.find_element(By.XPATH, path)).click().perform()


def test_a_newcomer_runs_the_example_and_sees_a_model_answer(laptop: Laptop, tmp_path: Path) -> None:
    with chromium(tmp_path / "profile") as window:
        log_in(window, laptop)
        wait_until(window, f"{PROMPTS}.length > 5", what="the example's notebook")
        assert window.current_url.endswith("/examples/loop/loop.ipynb")
        wait_until(window, "document.body.innerText.includes('(ipykernel) | Idle')", what="an idle kernel")
        choose(window, "Run", "Run All Cells")
        # JupyterLab shows the prompts of the cells in sight alone: it goes along to the last one.
        done = f"{ACCEPT}, {ERRORS}.length || /^\\[\\d+\\]:$/.test({PROMPTS}.at(-1))"
        wait_until(window, done, what="the end of the last cell")
        assert window.execute_script(f"return {ERRORS}") == []
        answer = wait_until(window, ANSWER, what="the model's answer")
        assert "array([0, 2, 1, 0, 1])" in answer
        picture(window, tmp_path, "hub")
        window.get(run_page(laptop))
        wait_until(window, "document.body.innerText.includes('accuracy')", what="the run's metric")
        picture(window, tmp_path, "mlflow")


def run_page(laptop: Laptop) -> str:
    """Return the address of MLflow's page of the run that the notebook made, as MLflow's API knows it."""
    api = f"http://127.0.0.1:{laptop.ports['mlflow_port']}"
    with httpx.Client(base_url=api, trust_env=False, timeout=60) as client:
        found = client.get("/api/2.0/mlflow/experiments/get-by-name", params={"experiment_name": "wine"}).json()
        experiment = found["experiment"]["experiment_id"]
        wanted = {"experiment_ids": [experiment], "filter": "attributes.run_name = 'notebook'", "max_results": 1}
        [run] = client.post("/api/2.0/mlflow/runs/search", json=wanted).json()["runs"]
    return f"{api}/#/experiments/{experiment}/runs/{run['info']['run_id']}"
