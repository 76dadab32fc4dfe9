"""A verb as the command line has it: its own parameters, and the flags that it shares with others."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from inspect import Parameter, Signature, signature
from typing import Any, Concatenate, ParamSpec

from mlops_install.cli import options
from mlops_install.cli.session import Session, open_session

P = ParamSpec("P")

_SHARED = signature(options.shared, eval_str=True).parameters


def verb(
    *flags: str, streams_events: bool = False
) -> Callable[[Callable[Concatenate[Session, P], int]], Callable[..., int]]:
    """Make a verb of a function whose first parameter is the session, opened from the flags before it is called.

    `flags` are names of `options.shared`'s parameters, besides those that every verb has; `streams_events` says that
    the verb's `-o json` is a run's NDJSON. Raises KeyError for a flag that isn't declared.
    """
    names = (*flags, *options.EVERYWHERE)

    def declare(function: Callable[Concatenate[Session, P], int]) -> Callable[..., int]:
        @wraps(function)
        def run(*arguments: Any, **given: Any) -> int:
            flags = {name: given.pop(name, _SHARED[name].default) for name in names}
            return function(open_session(streams_events=streams_events, **flags), *arguments, **given)

        own = list(signature(function, eval_str=True).parameters.values())[1:]
        return _with_parameters(run, own, names)

    return declare


def root(function: Callable[..., int]) -> Callable[..., int]:
    """Give the program itself, without a verb, the flags that every verb has; they arrive as `flags`, by name."""

    @wraps(function)
    def run(**given: Any) -> int:
        flags = {name: given.pop(name) for name in options.EVERYWHERE}
        return function(**given, flags=flags)

    own = [item for item in signature(function, eval_str=True).parameters.values() if item.name != "flags"]
    return _with_parameters(run, own, options.EVERYWHERE)


def _with_parameters(run: Callable[..., int], own: list[Parameter], names: tuple[str, ...]) -> Callable[..., int]:
    """Return the function with the signature that the parser reads."""
    shared = [_SHARED[name].replace(kind=Parameter.KEYWORD_ONLY) for name in names]
    run.__signature__ = Signature([*own, *shared])  # type: ignore[attr-defined]
    run.__annotations__ = {item.name: item.annotation for item in (*own, *shared)}
    return run
