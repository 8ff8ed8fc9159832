"""Commands that end by themselves, while their allocations or system calls fail: each ends with a
status and, where that is 1, with words."""
import http.client
import json
import signal
import subprocess
import time
import urllib.error
import urllib.request
from errno import EAGAIN, EINTR

from control import EVER, ERRORS
from scenarios import answers
from sweep import Tally, plans, words_for
from target import (HOST, TIMEOUT, EchoServer, Server, Violation, free_port, frame,
                    run_to_end)

STATUSES = (0, 1, 2, 3)


class Command:
    """`words` of what is run against an ordinary echo server, whose port is {port}."""

    def __init__(self, name, words, data=b"", expected=None, reports=False):
        """`reports`: what has failed stands in its output."""
        self.reports = reports
        self.name = name
        self.words = words
        self.data = data
        self.expected = expected


_TO_ECHO = ["{host}:{port}", "--framing", "digits:10", "--timeout", "300ms"]
# A shell, whose calls do not fail.
_CLIENT = ("LD_PRELOAD= exec bash -c 'exec 3<>/dev/tcp/{{host}}/{{port}} && "
           "printf 0000000005Hello >&3 && test $(head -c 15 <&3) = 0000000005Hello'")
_RECORDING = (b'framing digits:10\n< "0000000005Hello"\n> "0000000005Hello"\n@ 1ms\n'
              b'connection 2\n< "0000000002Hi"\n> "0000000002Hi"\n< eof\n')

COMMANDS = [
    Command("send", ["send", *_TO_ECHO, "Hello", "again"], expected=b"Hello\nagain\n"),
    Command("send, large", ["send", *_TO_ECHO, "-v", "--file", "-", "--output", "-"],
            data=b"s" * 300_000, expected=b"s" * 300_000),
    Command("send, framed", ["send", *_TO_ECHO, "--pipeline", "--framed", "netstring",
                             "--output-framing", "netstring"],
            data=b"5:Hello,5:again,", expected=b"5:Hello,5:again,"),
    Command("send, events", ["send", *_TO_ECHO, "--json", "-e", r"He\0"]),
    Command("receive", ["receive", "{host}:{port}", "--framing", "digits:10", "--for", "50ms"]),
    Command("receive, listening", ["receive", "{host}:0", "--framing", "digits:10", "--for", "20ms",
                                   "--listen", "--json"]),
    Command("connect", ["connect", *_TO_ECHO], data=b"Hello\nagain\n"),
    Command("trace", ["trace", "--framing", "digits:10", "--chunk", "7", "Hello", "again"]),
    Command("trace, page", ["trace", "--framing", "digits:10", "--html", "-", "Hello"]),
    Command("bench", ["bench", *_TO_ECHO, "--connections", "3", "--threads", "2", "--count", "30",
                      "--json", "-"]),
    Command("check", ["check", *_TO_ECHO, "--parallel", "2", "--only",
                      "pieces.whole,pieces.coalesced,length.plus,end.half-close"], reports=True),
    Command("check, files", ["check", *_TO_ECHO, "--only", "pieces.whole", "--report", "html",
                             "--output", "-", "--message", "Hello", "--pid", "1"], reports=True),
    Command("check, client", ["check", "--listen", "{host}:0", *_TO_ECHO[1:], "--only",
                              "reply.half-close,reply.missing", "--command", _CLIENT],
            reports=True),
    Command("replay", ["replay", "-", "{host}:{port}", "--timeout", "300ms"], data=_RECORDING,
            reports=True),
    Command("refused", ["serve", "{host}:{port}", "--framing", "digits:10"]),
]


def run_command(binary, control, command, port, plan, first):
    """Whether any call has failed."""
    call, error, times = plan
    control.fail(call, first, times, error)
    words = [word.format(host=HOST, port=port) for word in command.words]
    status, out, err = run_to_end(binary, control, words, command.data)
    failed = control.failed > 0
    control.stop()
    if status not in STATUSES:
        raise Violation(f"status {status}: {err[-200:]!r}")
    # Words are written, too.
    is_told = err.strip() or (command.reports and out.strip())
    if status != 0 and not is_told and call != "write":
        raise Violation(f"status {status} without a word")
    if status == 0 and command.expected is not None and out != command.expected:
        raise Violation(f"status 0 with {out[-100:]!r}")
    return failed


def count_calls(binary, control, command, port, call):
    control.fail(call, 1 << 30, EVER, ERRORS[call][0])
    words = [word.format(host=HOST, port=port) for word in command.words]
    run_to_end(binary, control, words, command.data)
    return control.seen


def chosen(count, most):
    """Calls from the first to the last, at most so many."""
    step = max(1, -(-count // most))
    return range(1, count + 1, step)


def ending_plans(calls, quick):
    """Without what nothing but a time limit ends: to be told for ever to try again."""
    for call, error, times in plans(calls, quick):
        for_ever = times == EVER and (call.startswith("epoll_") or error in (EAGAIN, EINTR))
        if not for_ever:
            yield call, error, times


def sweep_command(binary, control, command, calls, most, quick):
    tally = Tally(command.name)
    with EchoServer(binary) as echo:
        for call in calls:
            count = count_calls(binary, control, command, echo.port, call)
            for plan in ending_plans([call], quick):
                for first in chosen(count, most):
                    tally.count(lambda: run_command(binary, control, command, echo.port, plan,
                                                    first), words_for(plan, first))
    return tally


def sweep_page(binary, control, calls, most, quick):
    tally = Tally("page")
    page = PageServer(binary, control)
    for plan in ending_plans(calls, quick):
        for first in range(1, most):
            if not tally.count(lambda: page.run(plan, first), words_for(plan, first)):
                break
    return tally


def sweep_start(binary, control, calls, most, quick):
    """A server whose calls fail from its start on: it serves, or it ends with 1 and words."""
    tally = Tally("start")
    server = Server(binary, control, ["--framing", "digits:10", "--threads", "2"],
                    answers(frame("next"), frame("next")))
    for call in calls:
        control.fail(call, 1 << 30, EVER, ERRORS[call][0])
        server.start()
        count = control.seen
        server.kill()
        for plan in plans([call], quick):
            for first in chosen(count, most):
                tally.count(lambda: start(server, plan, first), words_for(plan, first))
    return tally


def start(server, plan, first):
    call, error, times = plan
    server.control.fail(call, first, times, error)
    try:
        server.begin()
        until = time.monotonic() + TIMEOUT
        while not server.control.failed and server.child.poll() is None:
            if time.monotonic() > until:
                break
            time.sleep(0.001)
        try:
            server.child.wait(0.15)
        except subprocess.TimeoutExpired:
            pass
        server.control.stop()
        status = server.child.poll()
        if status is None:
            server.expect_served(TIMEOUT)
            server.stop()
        elif status != 1 or not server.last_words():
            raise Violation(f"status {status}: {server.last_words()}")
    finally:
        server.kill()


_FORM = {"framing": "digits:10", "service": "echo", "kind": "messages", "text": "Hello",
         "cut": "chunk", "at": "7"}


class PageServer:
    """`trace --serve`, whose answers may be missing."""

    def __init__(self, binary, control):
        self.binary = binary
        self.control = control

    def run(self, plan, first):
        call, error, times = plan
        self.control.stop()
        port = free_port()
        child = subprocess.Popen(
            [self.binary, "trace", "--framing", "digits:10", "--serve", str(port)],
            env=self.control.environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE)
        try:
            if not self._ask(port, 500):
                raise Violation("the page is not served")
            self.control.fail(call, first, times, error)
            self._ask(port, 1)
            failed = self.control.failed > 0
            self.control.stop()
            # One that is ending already must not be killed by the signal.
            if self._ask(port, 1):
                child.send_signal(signal.SIGTERM)
            _, err = child.communicate(timeout=TIMEOUT)
        except subprocess.TimeoutExpired:
            raise Violation("SIGTERM is not obeyed") from None
        finally:
            if child.poll() is None:
                child.kill()
                child.wait()
        if child.returncode not in (0, 1) or (child.returncode == 1 and not err.strip()):
            raise Violation(f"status {child.returncode}: {err[-200:]!r}")
        return failed

    def _ask(self, port, tries):
        """Whether the page is served. Its threads play a walk and talk to a server of its own."""
        for left in reversed(range(tries)):
            try:
                for path in ("/walk", "/send"):
                    asked = urllib.request.Request(
                        f"http://{HOST}:{port}{path}", json.dumps(_FORM).encode(),
                        {"Content-Type": "application/json"})
                    urllib.request.urlopen(asked, timeout=1).read()
                return True
            except urllib.error.HTTPError:
                continue
            except (OSError, http.client.HTTPException):
                time.sleep(0.01 if left else 0)
        return False
