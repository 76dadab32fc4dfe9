"""Text that others wrote has one way to the terminal for each front end; a second one can't be added unseen."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[2] / "installer/mlops_install"
FRONT_ENDS = ("cli", "tui", "prompts", "console")
CONSOLE = PACKAGE / "console"


def calls(*rooms: str) -> Iterator[tuple[str, ast.Call]]:
    """Yield each call in these rooms, and where it stands."""
    for room in rooms:
        for path in sorted((PACKAGE / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call):
                    yield f"{path.relative_to(PACKAGE)}:{node.lineno}", node


def name(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def flag(call: ast.Call, keyword: str) -> object:
    """Return the constant that a call gives by keyword; None for none."""
    return next((getattr(it.value, "value", None) for it in call.keywords if it.arg == keyword), None)


@pytest.mark.parametrize("widget", ["Static", "Label"])
def test_no_text_of_a_widget_is_markup(widget: str) -> None:
    """Static and Label read markup unless they are told not to, in later updates as well."""
    assert [where for where, call in calls("tui") if name(call) == widget and flag(call, "markup") is not False] == []


def test_no_label_that_is_put_together_is_markup() -> None:
    """These have no such flag: what isn't written down here comes as Content or Text, which are no markup."""
    takes_markup = ("Button", "Option", "TabPane", "Checkbox", "RadioButton", "Collapsible")
    found = [
        where
        for where, call in calls("tui")
        if name(call) in takes_markup and call.args and isinstance(call.args[0], ast.JoinedStr | ast.BinOp)
    ]
    assert found == []


def test_nothing_asks_for_markup() -> None:
    assert [where for where, call in calls(*FRONT_ENDS) if name(call) == "from_markup"] == []
    assert [where for where, call in calls(*FRONT_ENDS) if flag(call, "markup") is True] == []


def test_every_app_and_every_console_is_a_clean_one() -> None:
    made = [where for where, call in calls(*FRONT_ENDS) if name(call) in ("Console", "App")]
    assert made == []
    bases = {
        f"{path.relative_to(PACKAGE)}: {ast.unparse(base)}"
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
        for base in node.bases
        if ast.unparse(base).partition("[")[0] in ("App", "Console")
    }
    assert bases == {"tui/clean.py: App[int]", "console/clean.py: Console"}


def test_streams_are_written_by_few_and_to_people_by_fewer() -> None:
    """All else is printed by the console: what is written past it must be JSON, our own words, or `visible`."""
    writers = {
        where.partition(":")[0]
        for where, call in calls(*FRONT_ENDS)
        if name(call) == "write"
        and not (isinstance(call.func, ast.Attribute) and ast.unparse(call.func.value) == "self")
    }
    assert writers == {
        "cli/guided.py",  # our own words
        "cli/main.py",  # help, the version, and usage errors, which are `visible`
        "cli/reporting.py",  # JSON
        "cli/schema.py",  # JSON
        "console/lines.py",  # `plain` lines
        "console/ndjson.py",  # JSON
        "console/output.py",  # JSON, and the console's own stream
        "prompts/lines.py",  # the questions' output, clean by `prompts.session.questions_on`
        "prompts/session.py",  # the same
    }
    printed = [
        where for where, call in calls(*FRONT_ENDS) if isinstance(call.func, ast.Name) and call.func.id == "print"
    ]
    assert printed == []
