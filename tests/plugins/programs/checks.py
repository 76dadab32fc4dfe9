"""A list of checks: each runs, and what it raised is told by its name."""

import json
import sys

from mlflow.exceptions import MlflowException

CHECKS = {}
ONLY = sys.argv[1:]


def check(function):
    """Register a check under its name in words."""
    CHECKS[function.__name__.replace("_", " ")] = function
    return function


def refused(call, *words):
    """Ask that a call raises MlflowException, and that its message has all of the words; return the message."""
    said = None
    try:
        call()
    except MlflowException as error:
        said = str(error)
    assert said is not None, "it was not refused"
    missing = [word for word in words if word not in said]
    assert not missing, f"{missing} not in: {said}"
    return said


def run():
    """Run all checks and print what became of each."""
    found = {}
    for name, function in CHECKS.items():
        if ONLY and name not in ONLY:
            continue
        try:
            function()
            found[name] = ""
        except Exception as error:
            found[name] = f"{type(error).__name__}: {error}"
    print(json.dumps(found))
