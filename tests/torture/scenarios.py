"""What is played while calls fail. Every scenario has a server of its own, and its clients expect
to be served or cut off."""
import signal
import time

from target import ProxyServer, Server, frame, receive

DIGITS = ["--framing", "digits:10"]
ECHO = [*DIGITS, "--service", "echo"]
QUIET = [*ECHO, "--quiet"]


class Scenario:
    """`play(peers, server)` returns when nothing more is expected. `ask(sock)` is whether a client
    is served. `anew`: the server ends in it."""

    def __init__(self, name, options, play, ask=None, console=None, anew=False, kind=Server):
        self.name = name
        self.options = options
        self.play = play
        self.ask = ask or answers(frame("next"), frame("next"))
        self.console = console
        self.anew = anew
        self.kind = kind


def answers(request, reply):
    def ask(connect):
        with connect() as sock:
            sock.sendall(request)
            return receive(sock, len(reply)) == reply
    return ask


def passes_on(connect):
    """A member of the room gets what another one sends, once it has joined."""
    with connect() as one, connect() as other:
        other.settimeout(0.01)
        for _ in range(50):
            one.sendall(frame("next"))
            try:
                return receive(other, 14) == frame("next")
            except TimeoutError:
                continue
    return False


def split_frame(peers, _server):
    one = peers.connect()
    one.send_apart(b"00000", b"00005He")
    one.send(b"llo")
    one.expect(frame("Hello"))
    one.ask("x" * 100)


def stored(peers, _server):
    """New messages, one that is there already, and a large one."""
    one = peers.connect()
    number = time.monotonic_ns()
    one.send(b"".join(frame(f"{number + i}"[-5:] + "x" * 300) for i in range(4)) + frame("next"))
    one.expect(frame("stored") * 5)
    one.send(frame(f"{number + 5}"[-5:] + "y" * 50_000))
    one.expect(frame("stored"))


def wrong_frames(peers, _server):
    wrong = peers.connect()
    wrong.send(b"+000000005Hello")
    wrong.expect_end()
    cut = peers.connect()
    cut.send(b"0000000005He")
    cut.end()
    cut.expect_end()
    reset = peers.connect()
    reset.ask("Hello")
    reset.send(b"0000000005He")
    reset.reset()


def full_queue(peers, _server):
    one = peers.connect()
    text = "y" * 50_000
    for _ in range(100):
        one.send(frame(text))
    time.sleep(0.01)
    one.reset()
    two = peers.connect()
    two.send(frame("z" * 30_000) + frame("Hello"))
    two.expect(frame("z" * 30_000) + frame("Hello"))


def too_many(peers, _server):
    three = [peers.connect() for _ in range(3)]
    for one in three:
        one.ask("Hello")
    fourth = peers.connect()
    fourth.expect_end()


def deadlines(peers, _server):
    header = peers.connect()
    header.send(b"0000")
    body = peers.connect()
    body.send(b"0000000009Hel")
    idle = peers.connect()
    idle.ask("Hello")
    for one in (header, body, idle):
        one.expect_end()


def stuck_reader(peers, _server):
    """Bytes that it does not read are no proof that it is served: the queue is."""
    one = peers.connect()
    for _ in range(200):
        one.send(frame("w" * 60_000))
    time.sleep(0.35)
    two = peers.connect()
    two.ask("Hello")


def pieces(peers, _server):
    one = peers.connect()
    text = "p" * 50_000
    one.send_apart(frame(text)[:30_000], frame(text)[30_000:])
    one.expect(frame(text))
    one.ask("Hello")


def skipped(peers, _server):
    one = peers.connect()
    one.send_apart(b"05He", b"llo02Hi")
    one.expect(b"02Hi")


def relayed(peers, _server):
    """A peer may join late, as accepting may have paused."""
    one, other = peers.connect(), peers.connect()
    for _ in range(40):
        one.send(frame("Hello"))
        if other.receives(frame("Hello"), 0.05):
            break
    else:
        other.expect(frame("Hello"), or_end_of=one)
    other.send(frame("Hi"))
    one.expect(frame("Hi"), or_end_of=other)


def program(peers, _server):
    one = peers.connect()
    one.ask("Hello")
    one.ask("again")


def unfinished_program(peers, _server):
    one = peers.connect()
    one.send(frame("Hello"))
    time.sleep(0.003)
    one.reset()


def many_at_once(peers, _server):
    several = [peers.connect() for _ in range(8)]
    for one in several:
        one.send(frame("Hello") * 20)
    for one in several:
        one.expect(frame("Hello") * 20)


def drained(peers, server):
    several = [peers.connect() for _ in range(4)]
    for one in several[:2]:
        one.send(frame("Hello") * 50)
    several[2].send(b"00000")
    server.child.send_signal(signal.SIGTERM)
    several[0].send(frame("Hello"))
    for one in several[:2]:
        one.end()
        one.expect_end()


_DEADLINES = ["--header-deadline", "100ms", "--body-deadline", "100ms", "--idle-deadline", "100ms"]
_WRITE = ["--write-deadline", "200ms", "--max-queued", "4KiB"]
_SHORT = answers(b"02Hi", b"02Hi")

SERVED = [
    Scenario("split frame", QUIET, split_frame),
    Scenario("wrong frames", QUIET, wrong_frames),
    Scenario("full queue", [*QUIET, "--max-queued", "4KiB"], full_queue),
    Scenario("too many", [*QUIET, "--max-connections", "3"], too_many),
    Scenario("deadlines", [*QUIET, *_DEADLINES], deadlines),
    Scenario("stuck reader", [*QUIET, *_WRITE], stuck_reader),
    Scenario("pieces", [*QUIET, "--max-payload", "1KiB"], pieces),
    Scenario("skipped", ["--framing", "digits:2,max=4,oversize=skip", "--quiet"], skipped,
             ask=_SHORT),
    Scenario("relay", [*DIGITS, "--service", "relay", "--quiet"], relayed, ask=passes_on),
    Scenario("exec", [*DIGITS, "--service", "exec:cat", "--quiet"], program),
    Scenario("exec, reset", [*DIGITS, "--service", "exec:sleep 0.02", "--quiet"],
             unfinished_program, ask=answers(frame("next"), frame(""))),
    Scenario("pipe", [*DIGITS, "--service", "pipe:cat", "--quiet"], program),
    Scenario("store", [*DIGITS, "--service", "store:{folder}/store.db,ack=stored,id=5,keep=50",
                       "--quiet"],
             stored, ask=answers(frame("next"), frame("stored"))),
    Scenario("console", ECHO, wrong_frames, console="file"),
    Scenario("transcripts", [*QUIET, "-v"], wrong_frames),
    Scenario("walkthroughs", [*QUIET, "-vv"], split_frame),
    Scenario("threads", [*QUIET, "--threads", "3"], many_at_once),
    Scenario("proxy", DIGITS, split_frame, kind=ProxyServer),
    Scenario("proxy, wrong frames", DIGITS, wrong_frames, kind=ProxyServer),
    Scenario("drain", [*QUIET, "--drain", "300ms"], drained, anew=True),
]
