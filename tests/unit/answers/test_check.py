from __future__ import annotations

from dataclasses import replace

import pytest

from mlops_install.answers.check import asked, complete, find_problems, missing, pulled_in
from mlops_install.answers.merge import apply_overrides, merge
from mlops_install.answers.model import Answers, Backend
from mlops_install.catalogue.model import Catalogue, Value
from mlops_install.errors import UsageError

HUB = Answers("a", "sample", ("hub",), {"store_path": "/d"})


def test_complete_adds_defaults_of_all_modules_needed_modules_and_secrets(catalogue: Catalogue) -> None:
    full = complete(HUB, catalogue)
    assert full.modules == ("hub", "store")
    assert list(full.parameters) == sorted(full.parameters)
    assert full.parameters == {p.name: p.default for p in catalogue.settings()} | {"store_path": "/d"}
    assert full.secrets == {"hub_token": "generated", "hub_password": "generated"}
    assert complete(full, catalogue) == full


def test_complete_keeps_references_and_drops_those_of_modules_not_chosen(catalogue: Catalogue) -> None:
    given = replace(HUB, secrets={"hub_token": "env:T", "oauth_client_secret": "file:x"})
    assert complete(given, catalogue).secrets["hub_token"] == "env:T"
    assert complete(given, catalogue).secrets["oauth_client_secret"] == "file:x"
    assert complete(replace(given, modules=("store",)), catalogue).secrets == {}


def test_what_is_pulled_in_says_by_whom_and_why(catalogue: Catalogue) -> None:
    assert pulled_in(HUB, catalogue) == [("store", "hub", "It keeps the users.")]
    assert pulled_in(complete(HUB, catalogue), catalogue) == []


@pytest.mark.parametrize(
    ("parameters", "secrets", "known", "expected"),
    [
        ({"store_path": "/d"}, {}, (), set()),
        ({}, {}, (), {"store_path"}),
        ({"store_path": ""}, {}, (), {"store_path"}),
        ({"store_path": "/d", "oauth_enable": True}, {}, (), {"oauth_client_id", "oauth_client_secret"}),
        (
            {"store_path": "/d", "oauth_enable": True, "oauth_client_id": "i"},
            {"oauth_client_secret": "env:S"},
            (),
            set(),
        ),
        (
            {"store_path": "/d", "oauth_enable": True, "oauth_client_id": "i"},
            {"oauth_client_secret": "typed"},
            (),
            {"oauth_client_secret"},
        ),
        ({"store_path": "/d"}, {"hub_token": "typed"}, (), {"hub_token"}),
        ({"store_path": "/d"}, {"hub_token": "typed"}, ("hub_token",), set()),
    ],
)
def test_missing_is_what_chosen_modules_require(
    catalogue: Catalogue,
    parameters: dict[str, Value],
    secrets: dict[str, str],
    known: tuple[str, ...],
    expected: set[str],
) -> None:
    given = complete(Answers("a", "sample", ("hub",), parameters, secrets), catalogue)
    assert {parameter.name for parameter in missing(given, catalogue, secrets=known)} == expected
    assert missing(replace(given, modules=()), catalogue, secrets=()) == []


def test_asked_follows_modules_and_conditions(catalogue: Catalogue) -> None:
    shown = {parameter.name for parameter in asked(HUB, catalogue)}
    assert {"hub_port", "hub_password", "labels"} <= shown
    assert not shown & {"oauth_client_id", "store_mode", "hub_secrets_revision"}
    shown = {parameter.name for parameter in asked(replace(HUB, parameters={"oauth_enable": True}), catalogue)}
    assert "oauth_client_id" in shown
    assert "hub_password" not in shown


def test_problems_carry_their_source(catalogue: Catalogue) -> None:
    (problem,) = find_problems(replace(HUB, parameters={"hub_port": 80}), catalogue, source="f")
    assert str(problem) == "f: hub_port: A port lies between 1024 and 65535."


def test_later_answers_win_over_earlier_ones() -> None:
    base = Answers("a", "sample", ("hub",), {"x": 1, "y": 1}, {"s": "generated"}, Backend("s3", {"bucket": "b"}))
    over = Answers("", "", (), {"y": 2}, {"t": "env:T"})
    assert merge(base, over) == Answers(
        "a", "sample", ("hub",), {"x": 1, "y": 2}, {"s": "generated", "t": "env:T"}, base.backend
    )
    assert merge(base, replace(over, modules=("store",), name="b")).modules == ("store",)


def test_overrides_are_typed_and_close_over_needed_modules(catalogue: Catalogue) -> None:
    changed = apply_overrides(
        replace(HUB, modules=("store_cache",)),
        catalogue,
        sets=["hub_port=9000", 'labels={"a": "b=c"}', "store_path=a=b", "hub_token=env:T"],
        modules=["hub"],
        without=["store_cache"],
    )
    assert changed.modules == ("hub", "store")
    assert changed.parameters == {"store_path": "a=b", "hub_port": 9000, "labels": {"a": "b=c"}}
    assert changed.secrets == {"hub_token": "env:T"}


def test_wrong_overrides_are_reported_together_and_never_repeat_a_value(catalogue: Catalogue) -> None:
    with pytest.raises(UsageError) as caught:
        apply_overrides(
            HUB,
            catalogue,
            sets=[
                "hub_port=x",
                "hub_prt=1",
                "hub_token=CANARY",
                "CANARY",
                "install_hub=true",
                "hub_port=80",
                "store_mode=CANARY",
            ],
            modules=["hb"],
            without=["store", "nothing"],
        )
    found = [(problem.subject, f"{problem.message} {problem.hint}") for problem in caught.value.problems]
    assert [subject for subject, _ in found] == [
        "--module", "--without", "--without", "hub_port", "hub_prt", "hub_token", "--set number 4",
        "install_hub", "hub_port", "store_mode",
    ]  # fmt: skip
    texts = "\n".join(text for _, text in found)
    for part in (
        "mean hub?",
        "hub needs it",
        "must be a number",
        "mean hub_port?",
        "hub_token=env:NAME",
        "key=value",
        "--module",
    ):
        assert part in texts
    assert "CANARY" not in f"{texts} {caught.value}"


@pytest.mark.parametrize(("port", "asked_for"), [(8000, False), (9000, True)])
def test_a_condition_may_hold_for_any_value_but_one(catalogue: Catalogue, port: int, asked_for: bool) -> None:
    other = replace(catalogue.parameters["oauth_client_id"], ask_when=({"hub_port": {"not": 8000}},))
    catalogue = replace(catalogue, parameters={**catalogue.parameters, other.name: other})
    answers = Answers(name="a", target="sample", modules=("hub", "store"), parameters={"hub_port": port})
    assert (other in asked(answers, catalogue)) is asked_for
