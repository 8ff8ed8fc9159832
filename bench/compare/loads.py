"""The loads, and what our server must reach of the floor under them."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Load:
    connections: int
    in_flight: int
    size: int  # of each message; the least, where `largest` is more
    goal: float | None = None            # ratio of framewire to the floor
    generator_goal: float | None = None  # ratio of `framewire bench` to the bare generator
    largest: int = 0                     # sizes are spread evenly up to this

    @property
    def name(self):
        return f"{self.connections}x{self.in_flight}x{self.sizes.replace(' ', '')}"

    @property
    def sizes(self):
        return f"{self.size}..{self.largest} B" if self.largest else size_text(self.size)

    @property
    def title(self):
        connections = "1 connection" if self.connections == 1 else f"{self.connections} connections"
        return f"{connections} x {self.in_flight} in flight x {self.sizes}"


def size_text(size):
    return f"{size} B" if size < 1024 else f"{size // 1024} KiB"


LOADS = (
    Load(50, 1, 64, goal=0.98, generator_goal=0.9),
    Load(1000, 1, 64, goal=1.0),
    Load(1, 1, 64),
    Load(50, 100, 64, goal=1.1, generator_goal=0.9),
    Load(50, 100, 16, goal=1.0, largest=112),
    Load(8, 8, 4 << 10, goal=0.98),
    Load(4, 16, 16 << 10, goal=0.95),
    Load(4, 4, 256 << 10),
)
