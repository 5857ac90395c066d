"""Breadth-first search over every world a life can reach, with the shortest trace to each."""

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from tests.states.steps import Life
from tests.states.world import Request, World

Edge = tuple[World, Request, World]


@dataclass
class Graph:
    """All worlds found and all steps between them."""

    life: Life
    reached_by: dict[World, tuple[World, Request] | None] = field(default_factory=dict)
    edges: list[Edge] = field(default_factory=list)

    def trace(self, world: World) -> str:
        """Return the shortest way to a world as text."""
        words: list[str] = []
        while (step := self.reached_by[world]) is not None:
            world, request = step
            words.append(spoken(request))
        return " > ".join(["register", *reversed(words)])

    def able_to_reach(self, goal: Iterable[World], using: Callable[[Request], bool]) -> set[World]:
        """Return the worlds from which one of these can be reached by such steps alone."""
        back: dict[World, list[World]] = {}
        for source, request, target in self.edges:
            if using(request):
                back.setdefault(target, []).append(source)
        good = set(goal)
        queue = deque(good)
        while queue:
            for source in back.get(queue.popleft(), ()):
                if source not in good:
                    good.add(source)
                    queue.append(source)
        return good


def growing(life: Life) -> Iterator[Graph]:
    """Search the world of a life one step deeper at a time."""
    start = life.cast.start()
    graph = Graph(life, {start: None})
    layer = [start]
    while layer:
        edges = [(world, *step) for world in layer for step in life.steps(world)]
        layer = []
        for world, request, after in edges:
            if after not in graph.reached_by:
                graph.reached_by[after] = (world, request)
                layer.append(after)
        graph.edges += edges
        yield graph


def explore(life: Life) -> Graph:
    """Search the whole world of a life."""
    *_, graph = growing(life)
    return graph


def spoken(request: Request) -> str:
    """Return a request as one word of a trace."""
    about = [*([f"#{request.focus}"] if request.focus >= 0 else []), *map(str, request.form)]
    return f"{request.move}({', '.join([request.actor, *about])})"
