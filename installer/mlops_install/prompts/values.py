"""One value as questions: a line where a line says it, else its items and keys one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from mlops_install.catalogue.model import TypeSpec, Value
from mlops_install.catalogue.types import parse_text
from mlops_install.prompts import lines
from mlops_install.prompts.lines import GoBack
from mlops_install.prompts.session import say
from mlops_install.prompts.texts import empty, is_plain_list, read
from mlops_install.words.wording import shown

Keep = Callable[[Value], None]
"""Takes a value's new state after each change, so that nothing typed is lost."""

_NOTHING = object()
"""Stands for Enter alone."""
_ONE_BY_ONE = object()
_ANY = TypeSpec("any")
_COMMANDS = "Type a number to change it, add, remove NUMBER{move}, json to type all of it, or Enter when it is right."


@dataclass(frozen=True, slots=True)
class Field:
    """What one value is and how it is called."""

    label: str
    spec: TypeSpec
    nullable: bool = False
    default: Value = None
    explanation: str = ""
    must: bool = False
    """Whether Enter alone is refused."""


def ask_value(field: Field, value: Value, keep: Keep) -> None:
    """Ask for a value; `keep` gets each change, and nothing when it stays as it is."""
    kind = field.spec.kind
    if kind == "object" and field.spec.attributes:
        _edit_object(field, value if isinstance(value, dict) else {}, keep)
    elif kind in ("map", "object"):
        _edit_map(field, value if isinstance(value, dict) else {}, keep)
    elif kind == "list" and not is_plain_list(field.spec):
        _edit_list(field, value if isinstance(value, list) else [], keep)
    else:
        _ask_line(field, value, keep)


def _ask_line(field: Field, value: Value, keep: Keep) -> None:
    listed = is_plain_list(field.spec)
    hint = {"bool": ", yes or no", "any": ", JSON", "list": ", with commas between or * for one by one"}
    message = f"{field.label}{hint.get(field.spec.kind, '')} [{shown(value)}]:"

    def take(line: str) -> Value:
        if not line:
            if field.must:
                raise ValueError("a value is needed here; > leaves it open for the review list")
            return _NOTHING
        if line == lines.EMPTY:
            return empty(field.spec, nullable=field.nullable, default=field.default)
        return _ONE_BY_ONE if listed and line == lines.PIECES else read(field.spec, line)

    taken = lines.ask(message, take, explanation=field.explanation)
    if taken is _ONE_BY_ONE:
        _edit_list(field, value if isinstance(value, list) else [], keep)
    elif taken is not _NOTHING:
        keep(taken)


def _edit_list(field: Field, value: list[Value], keep: Keep) -> None:
    """Add, change, remove and move items until Enter alone."""
    items = list(value)
    while True:
        _list_parts(field, "item", [_line_of(item) for item in items])
        word, numbers = _ask_command(field, len(items), movable=True)
        if word == "":
            return
        if word in ("add", "change"):
            _unless_back(partial(_edit_item, field, items, numbers[0] - 1 if numbers else len(items), keep))
        elif word == "json":
            _unless_back(partial(_retype_list, field, items, keep))
        else:
            item = items.pop(numbers[0] - 1)
            if word == "move":
                items.insert(numbers[1] - 1, item)
            keep(list(items))


def _edit_item(field: Field, items: list[Value], index: int, keep: Keep) -> None:
    def kept(item: Value) -> None:
        items[index : index + 1] = [item]
        keep(list(items))

    new = index == len(items)
    ask_value(Field(f"Item {index + 1}", field.spec.element or _ANY, must=new), None if new else items[index], kept)


def _retype_list(field: Field, items: list[Value], keep: Keep) -> None:
    items[:] = _json(field, items)
    keep(list(items))


def _edit_map(field: Field, value: Mapping[str, Value], keep: Keep) -> None:
    """Add, change and remove entries until Enter alone."""
    entries = dict(value)
    while True:
        keys = list(entries)
        _list_parts(field, "entry", [f"{shown(key)}: {shown(entries[key])}" for key in keys])
        word, numbers = _ask_command(field, len(keys), movable=False)
        if word == "":
            return
        if word == "remove":
            del entries[keys[numbers[0] - 1]]
            keep(dict(entries))
        elif word == "json":
            _unless_back(partial(_retype_map, field, entries, keep))
        else:
            _unless_back(partial(_edit_entry, field, entries, keys[numbers[0] - 1] if numbers else None, keep))


def _edit_entry(field: Field, entries: dict[str, Value], key: str | None, keep: Keep) -> None:
    name = _new_key(entries) if key is None else key

    def kept(item: Value) -> None:
        entries[name] = item
        keep(dict(entries))

    ask_value(Field(f"Value of {shown(name)}", field.spec.element or _ANY, must=key is None), entries.get(name), kept)


def _retype_map(field: Field, entries: dict[str, Value], keep: Keep) -> None:
    typed = dict(_json(field, entries))
    entries.clear()
    entries.update(typed)
    keep(dict(entries))


def _new_key(entries: Mapping[str, Value]) -> str:
    def take(line: str) -> str:
        key = str(read(TypeSpec("string"), line))
        if not key or key in entries:
            raise ValueError("that key is there already" if key else "a key is needed here")
        return key

    return lines.ask("Key:", take)


def _edit_object(field: Field, value: Mapping[str, Value], keep: Keep) -> None:
    """Ask for an object's attributes, one after the other; it is kept as soon as it has all that it must have."""
    held = dict(value)
    names = list(field.spec.attributes)
    position = 0
    while position < len(names):
        try:
            _ask_attribute(field, names[position], held, keep)
        except GoBack:
            if position == 0:
                raise
            position -= 1
        else:
            position += 1
    _keep_object(field.spec, held, keep)


def _ask_attribute(field: Field, name: str, held: dict[str, Value], keep: Keep) -> None:
    optional = name in field.spec.optional

    def kept(item: Value) -> None:
        if item is None and optional:
            held.pop(name, None)
        else:
            held[name] = item
        _keep_object(field.spec, held, keep)

    inner = Field(
        f"{field.label}, {name.replace('_', ' ')}",
        field.spec.attributes[name],
        nullable=optional,
        must=not optional and name not in held,
        explanation="It may be left out: Enter keeps it so, - takes it away." if optional else "It must be given.",
    )
    ask_value(inner, held.get(name, field.spec.optional.get(name)), kept)


def _keep_object(spec: TypeSpec, held: Mapping[str, Value], keep: Keep) -> None:
    if all(name in held or name in spec.optional for name in spec.attributes):
        keep({name: held[name] for name in spec.attributes if name in held})


def _json(field: Field, value: Value) -> Value:
    kind: type = dict if field.spec.kind in ("map", "object") else list

    def take(line: str) -> Value:
        typed = parse_text(field.spec, line) if line else value
        if not isinstance(typed, kind):
            raise ValueError("must be a list" if kind is list else 'must be a map, such as {"key": "value"}')
        return typed

    say(f"Now: {json.dumps(value, ensure_ascii=False)}")
    taken: Value = lines.ask(f"{field.label} as JSON:", take)
    return taken.copy()


def _unless_back(edit: Callable[[], None]) -> None:
    """Edit a part; going back from it leads to the list of parts."""
    try:
        edit()
    except GoBack:
        say("Back to the list.")


def _list_parts(field: Field, noun: str, parts: list[str]) -> None:
    plural = "entries" if noun == "entry" else f"{noun}s"
    say(f"{field.label}: {len(parts) or 'no'} {noun if len(parts) == 1 else plural}.")
    for number, part in enumerate(parts, start=1):
        say(f"  {number}. {part}", hanging=5)


def _ask_command(field: Field, count: int, *, movable: bool) -> tuple[str, tuple[int, ...]]:
    move = ", move NUMBER NUMBER" if movable else ""
    return lines.ask(
        f"{field.label}, {'a number, remove NUMBER, ' if count else ''}add, json, or Enter when right:",
        lambda line: _command(line, count, movable=movable),
        explanation=" ".join(filter(None, (field.explanation, _COMMANDS.format(move=move)))),
    )


def _command(line: str, count: int, *, movable: bool) -> tuple[str, tuple[int, ...]]:
    """Return the word and numbers of a line in a list of `count` parts; raises ValueError for anything else."""
    if line in ("", "add", "json"):
        return line, ()
    word, *rest = ["change", line] if line.isdecimal() else line.split()
    numbers = tuple(int(text) for text in rest if text.isascii() and text.isdecimal())
    wanted = {"change": 1, "remove": 1, "move": 2 if movable else 0}.get(word)
    if not wanted or len(rest) != wanted or len(numbers) != wanted:
        some = "a number, remove NUMBER, " + ("move NUMBER NUMBER, " if movable else "")
        raise ValueError(f"type {some if count else ''}add, json or Enter")
    if not all(1 <= number <= count for number in numbers):
        raise ValueError(f"the numbers go from 1 to {count}" if count else "there is nothing here yet")
    return word, numbers


def _line_of(item: Value) -> str:
    """Return an item on one line: what it holds by name, so that it can be told from the others."""
    if isinstance(item, dict):
        return ", ".join(f"{key.replace('_', ' ')}: {shown(value)}" for key, value in item.items()) or "empty"
    return shown(item)
