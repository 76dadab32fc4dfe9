"""The two shipped locks agree with each other, but for what is named with its reason."""

from __future__ import annotations

from mlops_install.environment.lockfile import (
    ENVIRONMENT,
    LOCKS,
    SERVING,
    constraints,
    differing,
    read_lock,
    shipped,
)

CLIENTS = {
    "jupyterhub",
    "jupyterlab",
    "mlflow",
    "prefect",
    "prefect-dask",
    "dask",
    "distributed",
    "feast",
    "ipywidgets",
}
EXPECTED = {
    "numpy",
    "pandas",
    "pyarrow",
    "scipy",
    "scikit-learn",
    "skops",
    "matplotlib",
    "seaborn",
    "ipywidgets",
    "pip",
}
SERVED = {"mlserver", "mlserver-mlflow", "mlserver-sklearn", "mlserver-xgboost", "mlserver-lightgbm", "boto3"}


def versions(name: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for entry in shipped(name):
        found.setdefault(entry.name, set()).add(entry.version)
    return found


def test_what_people_expect_is_there() -> None:
    assert set(versions(ENVIRONMENT)) >= CLIENTS | EXPECTED
    assert set(versions(SERVING)) >= SERVED


def test_a_package_of_both_has_one_version_but_for_named_exceptions() -> None:
    team, serving = versions(ENVIRONMENT), versions(SERVING)
    shared = team.keys() & serving.keys()
    assert {name for name in shared if team[name] != serving[name]} == set(differing())
    assert all(reason for reason in differing().values())
    assert {"cloudpickle", "numpy", "pandas", "scikit-learn", "mlflow", "skops", "xgboost", "lightgbm"} <= shared


def test_every_entry_is_hashed_and_names_no_index() -> None:
    for name in (ENVIRONMENT, SERVING):
        assert all("--hash=sha256:" in entry.text for entry in shipped(name))
        assert "://" not in (LOCKS / name).read_text(encoding="utf-8")


def test_a_lock_is_read_entry_by_entry() -> None:
    text = (
        "# made by uv\n"
        "Ruamel_Yaml==0.18 ; python_version < '4' \\\n    --hash=sha256:ab \\\n    --hash=sha256:cd\n"
        "    # via something\n"
        "tool @ https://example.org/tool-1.0-py3-none-any.whl \\\n    --hash=sha256:ef\n"
    )
    first, second = read_lock(text)
    assert (first.name, first.version) == ("ruamel-yaml", "0.18")
    assert first.text.count("--hash=") == 2
    assert second.version == "https://example.org/tool-1.0-py3-none-any.whl"
    assert constraints([first]) == "Ruamel_Yaml==0.18 ; python_version < '4'\n"
    assert read_lock("\n".join(entry.text for entry in (first, second))) == [first, second]
