"""Makes up payloads and streams: good ones, spoiled ones, hostile ones, and all short ones."""
import itertools

import oracle

SIZES = (0, 1, 2, 3, 9, 10, 11, 99, 100, 127, 128, 251, 255, 256, 300)
TEXT = "Hello, wörld! € 😀\r\n0 1 2\0\x0b\x1c"


def payload(rng, tokens, frames):
    """Random bytes, text, or what looks like headers and frames."""
    size = rng.choice((rng.choice(SIZES), rng.randrange(8), rng.randrange(60)))
    kind = rng.randrange(4)
    if kind < 3 and hasattr(frames, "made_up"):
        return frames.made_up(rng)  # others are hardly ever values
    if kind == 0:
        return rng.randbytes(size)
    if kind == 1:
        return "".join(rng.choices(TEXT, k=size)).encode()
    if kind == 2:
        return b"".join(rng.choices(tokens, k=size))[:size]
    return rng.choice(tokens) + framed(frames, rng.randbytes(size % 7)) * (size % 3)


def framed(frames, data):
    """Nothing if it cannot be."""
    try:
        return frames.frame(data)
    except oracle.Refused:
        return b""


def good(rng, tokens, frames, vary):
    """Frames of which all but those over the bound can be received. `vary` changes in a frame what
    a receiver must not mind."""
    parts = []
    for _ in range(rng.randrange(1, 6)):
        one = frames.nth(len(parts))
        if frame := framed(one, payload(rng, tokens, one)):
            parts.append(vary(rng, one, frame))
    return parts


def spoiled(rng, tokens, frames, vary):
    parts = good(rng, tokens, frames, vary)
    if rng.randrange(4) == 0:
        rng.shuffle(parts)
        parts.insert(rng.randrange(len(parts) + 1), rng.choice(tokens))
    stream = b"".join(parts)
    for _ in range(rng.randrange(1, 4)):
        stream = spoil(rng, tokens, stream)
    return stream


def spoil(rng, tokens, stream):
    """Changed at one place; mostly near its beginning, where headers are."""
    at = rng.randrange(len(stream) + 1)
    if rng.randrange(2):
        at = min(at, rng.randrange(16))
    size = rng.choice((1, 1, 1, 2, 5))
    part, rest = stream[at:at + size], stream[at + size:]
    changed = rng.choice((
        bytes(byte ^ 1 << rng.randrange(8) for byte in part),
        rng.randbytes(len(part)),
        rng.choice(tokens),
        rng.choice(tokens) + part,
        part + part,
        b"",
    ))
    return stream[:at] + changed + (rest if rng.randrange(12) else b"")


def hostile(rng, tokens):
    size = rng.randrange(41)
    return b"".join(rng.choices(tokens, k=size))[:size]


def every(tokens, count_max):
    """Of up to so many tokens."""
    for count in range(count_max + 1):
        for parts in itertools.product(tokens, repeat=count):
            yield b"".join(parts)


def places(sample):
    """Each byte of the sample in turn is each of all bytes."""
    return (sample[:at] + bytes([value]) + sample[at + 1:]
            for at in range(len(sample)) for value in range(256))


def cuts(rng, size):
    """In one piece, and twice at random."""
    positions = (",".join(map(str, sorted(rng.choices(range(1, size), k=rng.randrange(1, 5)))))
                 for _ in range(2 if size > 1 else 0))
    return "/".join(("whole", *positions))
