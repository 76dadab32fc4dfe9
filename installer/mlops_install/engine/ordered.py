"""An immutable mapping that keeps its order and is cheap to change: ten thousand rows cost a change what ten do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

_CHUNK = 128
"""Items copied by one change, beside one reference per chunk."""

V = TypeVar("V")
_Chunk = tuple[tuple[str, V], ...]


class OrderedRows(Mapping[str, V]):
    """Values by name in the order the names were first given; `with_row` returns a changed copy.

    Copies share all chunks but one, and the places of the names. Another thread may read a copy while newer ones are
    made: places are only ever added, and each copy knows how many of them are its own.
    """

    __slots__ = ("_chunks", "_count", "_places")

    def __init__(self, items: Iterable[tuple[str, V]] = ()) -> None:
        rows = tuple(dict(items).items())
        self._places: dict[str, int] = {name: place for place, (name, _) in enumerate(rows)}
        self._chunks: tuple[_Chunk[V], ...] = tuple(rows[at : at + _CHUNK] for at in range(0, len(rows), _CHUNK))
        self._count = len(rows)

    def with_row(self, name: str, value: V) -> OrderedRows[V]:
        """Return a copy with one value set; a new name comes last."""
        copy: OrderedRows[V] = OrderedRows.__new__(OrderedRows)
        place = self._place(name)
        if place is not None:
            copy._places, copy._count = self._places, self._count
            at, within = divmod(place, _CHUNK)
            chunk = self._chunks[at]
            changed = (*chunk[:within], (name, value), *chunk[within + 1 :])
            copy._chunks = (*self._chunks[:at], changed, *self._chunks[at + 1 :])
            return copy
        # Somebody else went on from this copy with another name: the places part ways here.
        shared = len(self._places) == self._count
        copy._places = self._places if shared else {known: at for at, known in enumerate(self)}
        copy._places[name] = self._count
        copy._count = self._count + 1
        full = not self._chunks or len(self._chunks[-1]) == _CHUNK
        last: _Chunk[V] = () if full else self._chunks[-1]
        copy._chunks = (*(self._chunks if full else self._chunks[:-1]), (*last, (name, value)))
        return copy

    def __getitem__(self, name: str) -> V:
        place = self._place(name)
        if place is None:
            raise KeyError(name)
        return self._chunks[place // _CHUNK][place % _CHUNK][1]

    def __iter__(self) -> Iterator[str]:
        return (name for chunk in self._chunks for name, _ in chunk)

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"OrderedRows({dict(self)!r})"

    def _place(self, name: str) -> int | None:
        place = self._places.get(name)
        return place if place is not None and place < self._count else None
