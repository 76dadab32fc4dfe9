from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlops_install.answers.model import Answers
from mlops_install.answers.secrets import Resolved, generate, resolve
from mlops_install.catalogue.model import Catalogue, Generator

HUB = Answers("a", "sample", ("hub", "store"))
KINDS: Mapping[Generator, int] = {"hex32": 64, "password24": 24, "password40": 40}


@given(st.sampled_from(sorted(KINDS)))
def test_generated_secrets_are_letters_and_digits_and_never_the_same(kind: Generator) -> None:
    value = generate(kind)
    assert len(value) == KINDS[kind]
    assert value.isascii()
    assert value.isalnum()
    assert value != generate(kind)
    if kind == "hex32":
        assert set(value) <= set("0123456789abcdef")


def resolved(
    answers: Answers,
    catalogue: Catalogue,
    *,
    variables: Mapping[str, str] | None = None,
    base: Path | None = None,
    kept: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
) -> Resolved:
    return resolve(
        answers, catalogue, variables=variables or {}, base=base or Path("/none"), kept=kept or {}, typed=typed or {}
    )


def test_generated_values_are_made_once_and_kept(catalogue: Catalogue) -> None:
    first = resolved(HUB, catalogue)
    assert first.problems == []
    assert first.references == {"hub_token": "generated", "hub_password": "generated"}
    assert resolved(HUB, catalogue, kept=first.values) == first
    assert first.values["hub_token"] not in repr(first)


def test_references_are_read_each_time(catalogue: Catalogue, tmp_path: Path) -> None:
    answers = replace(HUB, secrets={"hub_token": "env:TOKEN", "hub_password": "file:~/password"})
    (tmp_path / "password").write_text("long enough\n")
    variables = {"TOKEN": "0" * 64, "HOME": str(tmp_path)}
    kept = {"hub_token": "1" * 64, "hub_password": "of yesterday"}
    found = resolved(answers, catalogue, variables=variables, kept=kept)
    assert found.problems == []
    assert found.values == {"hub_token": "0" * 64, "hub_password": "long enough"}
    assert found.references == answers.secrets


def test_typed_values_are_taken_then_kept(catalogue: Catalogue) -> None:
    first = resolved(HUB, catalogue, typed={"hub_password": "typed just now"})
    assert first.references["hub_password"] == "typed"
    again = resolved(replace(HUB, secrets=first.references), catalogue, kept=first.values)
    assert again.values == first.values
    lost = resolved(replace(HUB, secrets=first.references), catalogue)
    assert [problem.subject for problem in lost.problems] == ["hub_password"]


def test_secrets_not_needed_are_not_looked_for(catalogue: Catalogue) -> None:
    secrets = {"oauth_client_secret": "env:UNSET", "hub_password": "env:UNSET"}
    assert resolved(Answers("a", "sample", (), {}, secrets), catalogue).values == {}
    answers = Answers("a", "sample", ("hub",), {"oauth_enable": True}, {"hub_password": "env:UNSET"})
    assert [problem.subject for problem in resolved(answers, catalogue).problems] == ["oauth_client_secret"]


@pytest.mark.parametrize(
    ("reference", "variables", "part"),
    [
        ("env:UNSET", {}, "environment variable UNSET, which is not set"),
        ("env:EMPTY", {"EMPTY": ""}, "which is not set"),
        ("env:SHORT", {"SHORT": "CANARY"}, "at least 8 characters"),
        ("env:NUL", {"NUL": "CANARY\0CANARY"}, "null character"),
        ("file:none", {}, "can't be read"),
        ("file:folder", {}, "can't be read"),
        ("file:empty", {}, "is empty"),
        ("file:bytes", {}, "not a UTF-8 text"),
        ("file:large", {}, "too large"),
    ],
)
def test_a_secret_that_cannot_be_had_says_why_without_itself(
    catalogue: Catalogue, tmp_path: Path, reference: str, variables: dict[str, str], part: str
) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "bytes").write_bytes(b"CANARY\xff")
    (tmp_path / "large").write_bytes(b"CANARY" * 20000)
    answers = replace(HUB, secrets={"hub_password": reference})
    (problem,) = resolved(answers, catalogue, variables=variables, base=tmp_path).problems
    assert problem.subject == "hub_password"
    assert part in problem.message
    assert "CANARY" not in str(problem)
