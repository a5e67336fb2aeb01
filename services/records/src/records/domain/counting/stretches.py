"""Time cut into stretches in which nothing changes: the one pass over the rows that every count is read off."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from records.domain.counting.effect import Effect, Piece, pieces
from records.domain.counting.rows import Row
from records.domain.counting.span import Span
from records.domain.kind import Kind
from records.domain.month import Month


@dataclass(frozen=True, slots=True)
class Stretch:
    """Months in which the same rows hold; at least one does.

    `effects` is, by employer code, what the months come to there: the best of its rows. `best` is what they come to
    over all employers: paid before reserved before unpaid.
    """

    span: Span
    pieces: tuple[Piece, ...]
    effects: Mapping[str, Effect]
    best: Effect


def stretches_of(kind: Kind, rows: Iterable[Row], within: Span | None = None) -> list[Stretch]:
    """Return the stretches of all rows that can be counted, in order of time; of the months `within` only, if given."""
    cut = [piece for row in rows for piece in pieces(kind, row)]
    return list(_between_changes(cut if within is None else _clipped(cut, within)))


def _clipped(cut: Sequence[Piece], within: Span) -> list[Piece]:
    shared = ((piece, piece.span.within(within)) for piece in cut)
    return [Piece(span, piece.effect, piece.row) for piece, span in shared if span is not None]


def _between_changes(cut: Sequence[Piece]) -> Iterator[Stretch]:
    """Sweep over the months at which a piece begins or has ended."""
    begins: dict[int, list[Piece]] = {}
    for piece in cut:
        begins.setdefault(piece.span.first.number, []).append(piece)
    changes = sorted(begins.keys() | {piece.span.last.number + 1 for piece in cut})
    active: list[Piece] = []
    for month, following in pairwise(changes):
        active = [piece for piece in active if piece.span.last.number >= month] + begins.get(month, [])
        if active:
            yield _stretch(month, following - 1, active)


def _stretch(first: int, last: int, active: Sequence[Piece]) -> Stretch:
    if len(active) == 1:
        return _of_one(first, last, active[0])
    effects: dict[str, Effect] = {}
    for piece in active:
        employer = piece.row.employer_code
        effects[employer] = max(piece.effect, effects.get(employer, Effect.LEAVE))
    return Stretch(_span(first, last), tuple(active), effects, max(effects.values()))


def _of_one(first: int, last: int, piece: Piece) -> Stretch:
    """Return the months of one piece alone: for most people all stretches are of this kind, from end to end."""
    whole = piece.span.first.number == first and piece.span.last.number == last
    span = piece.span if whole else _span(first, last)
    return Stretch(span, (piece,), {piece.row.employer_code: piece.effect}, piece.effect)


def _span(first: int, last: int) -> Span:
    return Span(Month(first), Month(last))
