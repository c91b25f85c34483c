"""Arc-eager parsing with non-monotonic moves (Nivre 2004; Honnibal and Johnson 2015): always the best move."""

from __future__ import annotations

from dataclasses import dataclass, field

from pipeline.parsing.network import Floats, Network

_SHIFT, _REDUCE, _LEFT, _RIGHT, _BREAK = "SDLRB"


@dataclass(slots=True)
class _State:
    """Stack and buffer, arcs so far; `turned` are words put back from the stack, which may not be shifted again."""

    size: int
    stack: list[int] = field(default_factory=list)
    back: list[int] = field(default_factory=list)
    ahead: int = 0
    heads: dict[int, int] = field(default_factory=dict)
    labels: dict[int, str] = field(default_factory=dict)
    left: dict[int, list[int]] = field(default_factory=dict)
    right: dict[int, list[int]] = field(default_factory=dict)
    turned: set[int] = field(default_factory=set)
    starts: set[int] = field(default_factory=set)

    def s(self, at: int) -> int:
        return self.stack[-1 - at] if at < len(self.stack) else -1

    def b(self, at: int) -> int:
        if at < len(self.back):
            return self.back[-1 - at]
        place = self.ahead + at - len(self.back)
        return place if place < self.size else -1

    @property
    def left_over(self) -> int:
        return self.size - self.ahead + len(self.back)

    def places(self) -> list[int]:
        """The eight words that describe the state."""
        b0, s0 = self.b(0), self.s(0)
        kids = [self.left.get(b0, []), self.left.get(s0, []), self.right.get(s0, [])]
        return [b0, self.b(1), s0, self.s(1), self.s(2), *(kid[-1] if kid else -1 for kid in kids)]

    def push(self) -> None:
        if self.back:
            self.stack.append(self.back.pop())
        else:
            self.stack.append(self.ahead)
            self.ahead += 1

    def arc(self, head: int, child: int, label: str) -> None:
        if child in self.heads:
            old = self.heads[child]
            (self.left if old > child else self.right)[old].remove(child)
        (self.left if head > child else self.right).setdefault(head, []).append(child)
        self.heads[child], self.labels[child] = head, label

    def allowed(self) -> dict[str, bool]:
        depth, left = len(self.stack), self.left_over
        b0, b1 = self.b(0), self.b(1)
        fresh = b0 in self.starts
        return {
            _SHIFT: not depth or (left >= 2 and not fresh and b0 not in self.turned),
            _REDUCE: bool(depth),
            _LEFT: bool(depth) and bool(left) and not fresh,
            _RIGHT: bool(depth) and bool(left) and not fresh,
            _BREAK: left >= 2 and b1 == b0 + 1 and b1 not in self.starts,
        }

    def make(self, move: str) -> None:
        kind, _, label = move.partition("-")
        if kind == _SHIFT:
            self.push()
        elif kind == _REDUCE:
            if self.s(0) in self.heads or len(self.stack) == 1:
                self.stack.pop()
            else:
                self.turned.add(self.s(0))
                self.back.append(self.stack.pop())
        elif kind == _LEFT:
            self.arc(self.b(0), self.s(0), label)
            self.turned.discard(self.b(0))
            self.stack.pop()
        elif kind == _RIGHT:
            self.arc(self.s(0), self.b(0), label)
            self.push()
        else:
            self.starts.add(self.b(1))


def arcs(network: Network, prepared: Floats, size: int) -> tuple[list[int], list[str]]:
    """The head of each word (itself: a root) and what it is to it (spaCy's English labels, from ClearNLP)."""
    state = _State(size)
    most = 6 * size + 20  # never reached: a guard against a loop
    while (state.stack or state.left_over) and most:
        most -= 1
        allowed = state.allowed()
        if not state.left_over:
            state.make("D")
            continue
        scores = network.scores(prepared, state.places())
        for at in scores.argsort(kind="stable")[::-1]:
            if allowed[network.moves[at][0]]:
                state.make(network.moves[at])
                break
        else:
            break
    heads = [state.heads.get(at, at) for at in range(size)]
    return heads, [state.labels.get(at, "ROOT") if heads[at] != at else "ROOT" for at in range(size)]
