"""`connect` as a conversation: what is typed goes out on Enter, what comes is shown when it comes,
above the line that is being typed, which stays. In a real terminal, and from a pipe.
"""
import json
import os
import re
import socket
import stat
import unittest
from pathlib import Path

from command_line import BINARY, HOST, TIMEOUT, CommandTest, receive
from terminal import CTRL_A, CTRL_C, CTRL_D, CTRL_R, ENTER, LEFT, UP, Terminal

PROMPT = "> "


def frame(text):
    payload = text if isinstance(text, bytes) else text.encode()
    return f"{len(payload):04d}".encode() + payload


class Peer:
    """The other end: a socket in the hands of the test."""

    def __init__(self, test):
        self.listening = socket.create_server((HOST, 0))
        self.listening.settimeout(TIMEOUT)
        test.addCleanup(self.listening.close)
        self.test = test
        self.address = f"{HOST}:{self.listening.getsockname()[1]}"
        self.sock = None

    def accept(self):
        self.sock, _ = self.listening.accept()
        self.test.addCleanup(self.sock.close)
        self.sock.settimeout(TIMEOUT)

    def send(self, *payloads):
        self.sock.sendall(b"".join(frame(payload) for payload in payloads))

    def received(self):
        """The next payload, as text where it is text."""
        payload = receive(self.sock, int(receive(self.sock, 4)))
        try:
            return payload.decode()
        except UnicodeDecodeError:
            return payload


class ConnectTest(CommandTest):

    def converse(self, *options, framing="digits:4", **settings):
        """The screen of a conversation at its first prompt."""
        self.peer = Peer(self)
        terminal = Terminal(self, [BINARY, "connect", self.peer.address, "-f", framing, *options],
                            **settings)
        self.peer.accept()
        terminal.wait_for_last(PROMPT)
        terminal.connected = terminal.screen.lines()[0]
        return terminal

    def assert_gets(self, *texts):
        self.assertEqual(list(texts), [self.peer.received() for _ in texts])

    def assert_leaves(self, terminal, *keys, status=0):
        terminal.type(*keys)
        self.assertEqual(status, terminal.finish(), terminal.report())


class Typing(ConnectTest):

    def test_what_is_typed_is_sent_without_waiting(self):
        terminal = self.converse()
        self.assertEqual(f"Connected to {self.peer.address}. /help lists commands.",
                         terminal.connected)
        for text in ("one", "two", ""):
            terminal.type(text, ENTER)
            self.assert_gets(text)
        terminal.wait_for_lines(terminal.connected, "> one", "> two", ">", ">")
        self.assert_leaves(terminal, CTRL_D)
        self.assertEqual(b"", self.peer.sock.recv(1))

    def test_a_push_leaves_the_half_typed_line(self):
        terminal = self.converse()
        terminal.type("I am typ")
        terminal.wait_for_last("> I am typ")
        self.peer.send("push 0")
        terminal.wait_for_lines(terminal.connected, "push 0", "> I am typ")
        self.peer.send("push 1", "push 2")
        terminal.wait_for_lines(terminal.connected, "push 0", "push 1", "push 2", "> I am typ")
        terminal.type("ing", ENTER)
        self.assert_gets("I am typing")

    def test_a_push_leaves_the_cursor_where_it_is(self):
        terminal = self.converse()
        terminal.type("Hllo", LEFT, LEFT, LEFT)
        terminal.wait_for("the cursor", lambda: terminal.cursor() == (1, 3))
        self.peer.send("push")
        terminal.wait_for_lines(terminal.connected, "push", "> Hllo")
        terminal.wait_for("the cursor", lambda: terminal.cursor() == (2, 3))
        terminal.type("e", ENTER)
        self.assert_gets("Hello")

    def test_lines_of_several_rows(self):
        columns = 20
        at_places = ((), (CTRL_A,), (LEFT, LEFT, LEFT))
        for text, places in (("x" * 50, at_places), ("y" * 38, at_places),
                             ("日本" * 12 + "語", at_places[:1]),
                             ("z" * 17 + "日" * 10, at_places[:1])):
            for keys in places:
                with self.subTest(text, keys=keys):
                    terminal = self.converse(columns=columns)
                    above = len(terminal.screen.lines()) - 1
                    terminal.type(text, *keys, "q")
                    terminal.wait_for("all of it", lambda: "q" in "".join(
                        terminal.screen.lines()[above:]))
                    before, at = terminal.screen.lines()[above:], terminal.cursor()
                    self.peer.send("push")
                    terminal.wait_for("the push", lambda: terminal.screen.lines()[above:] ==
                                      ["push", *before])
                    terminal.wait_for("the cursor",
                                      lambda: terminal.cursor() == (at[0] + 1, at[1]))

    def test_pushes_to_someone_who_does_not_type_leave_no_prompts(self):
        terminal = self.converse()
        for number in range(3):
            self.peer.send(f"push {number}")
            terminal.wait_for_lines(terminal.connected,
                                    *[f"push {before}" for before in range(number + 1)], PROMPT)

    def test_two_frames_for_one_message(self):
        terminal = self.converse()
        terminal.type("a", ENTER)
        self.assert_gets("a")
        self.peer.send("first for a", "second for a")
        terminal.wait_for_lines(terminal.connected, "> a", "first for a", "second for a", PROMPT)

    def test_a_server_that_sends_without_a_pause(self):
        terminal = self.converse()
        terminal.type("Hel")
        for _ in range(50):
            self.peer.send(*["push"] * 20)
        terminal.type("lo", ENTER)
        self.assert_gets("Hello")

    def test_a_push_during_a_search(self):
        terminal = self.converse()
        terminal.type("Hello", ENTER)
        self.assert_gets("Hello")
        terminal.wait_for_last(PROMPT)
        terminal.type(CTRL_R, "ell")
        terminal.wait_for("the search", lambda: "ell" in terminal.screen.lines()[-1])
        shown = terminal.screen.lines()[2:]
        self.peer.send("push")
        terminal.wait_for_lines(terminal.connected, "> Hello", "push", *shown)
        terminal.type(ENTER)
        self.assert_gets("Hello")

    def test_a_dumb_terminal(self):
        terminal = self.converse(environment={"TERM": "dumb"})
        terminal.type("Hel")
        terminal.wait_for_last("> Hel")
        self.peer.send("push")
        terminal.wait_for_lines(terminal.connected, "> Hel", "push", "> Hel")
        terminal.type("lo", ENTER)
        self.assert_gets("Hello")

    def test_ctrl_c_clears_a_line_and_leaves_an_empty_one(self):
        terminal = self.converse()
        terminal.type("Hello", LEFT, LEFT)
        terminal.wait_for_last("> Hello")
        terminal.press(CTRL_C)
        terminal.wait_for_lines(terminal.connected, PROMPT)
        terminal.type("x", ENTER)
        self.assert_gets("x")
        terminal.wait_for_lines(terminal.connected, "> x", PROMPT)
        self.assert_leaves(terminal, CTRL_C)

    def test_a_server_that_leaves(self):
        terminal = self.converse()
        terminal.type("not sent")
        terminal.wait_for_last("> not sent")
        self.peer.send("bye")
        self.peer.sock.close()
        self.assertEqual(0, terminal.finish(), terminal.report())
        terminal.wait_for_lines(terminal.connected, "bye", "> not sent", "Server disconnected")

    def test_a_message_that_cannot_be_framed(self):
        terminal = self.converse(framing="fixed:3")
        terminal.type("Hello", ENTER)
        terminal.wait_for("the reason", lambda: any(
            "frame.wrong_size" in line for line in terminal.screen.lines()))
        terminal.type("abc", ENTER)
        self.assertEqual(b"abc", receive(self.peer.sock, 3))
        self.assert_leaves(terminal, CTRL_D)


class Commands(ConnectTest):

    def test_help(self):
        terminal = self.converse()
        terminal.type("/help", ENTER)
        terminal.wait_for("the end", lambda: "  /quit" in "\n".join(terminal.screen.lines()))
        shown = "\n".join(terminal.screen.lines())
        for command in ("/file PATH", "/hex 02 48 69", "/escapes", "//text", "/quit"):
            self.assertIn(command, shown)

    def test_quit(self):
        self.assert_leaves(self.converse(), "/quit", ENTER)
        self.assertEqual(b"", self.peer.sock.recv(1))

    def test_bytes(self):
        terminal = self.converse()
        terminal.type("/hex 02 48 69 ff", ENTER)
        self.assert_gets(b"\x02Hi\xff")

    def test_a_file(self):
        path = self.file_with(b"one\r\ntwo\0")
        terminal = self.converse()
        terminal.type(f"/file {path}", ENTER)
        self.assert_gets("one\r\ntwo\0")

    def test_escapes(self):
        terminal = self.converse()
        terminal.type(r"a\tb", ENTER, "/escapes", ENTER)
        self.assert_gets(r"a\tb")
        terminal.wait_for_last(PROMPT)
        terminal.type(r"\x02\0a\tb\r\n\\\u00e9", ENTER)
        self.assert_gets("\x02\0a\tb\r\n\\é")
        terminal.type("/escapes", ENTER, r"a\tb", ENTER)
        self.assert_gets(r"a\tb")

    def test_escapes_from_the_start(self):
        terminal = self.converse("-e")
        terminal.type(r"\x0", ENTER)
        terminal.wait_for("the reason", lambda: any(
            line.startswith("framewire connect: ") for line in terminal.screen.lines()))
        terminal.type(r"\x01", ENTER)
        self.assert_gets("\x01")

    def test_a_message_that_begins_with_a_slash(self):
        terminal = self.converse()
        terminal.type("//help", ENTER)
        self.assert_gets("/help")

    def test_what_is_no_command_is_not_sent(self):
        terminal = self.converse()
        terminal.type("/hlep", ENTER, "/file", ENTER, "/file /nonexistent/x", ENTER,
                      "/hex 0", ENTER, "end", ENTER)
        self.assert_gets("end")
        for part in ("/hlep is not a command", "cannot read '/nonexistent/x'"):
            terminal.wait_for(part, lambda: part in " ".join(terminal.screen.lines()))

    def test_the_four_protocols_have_none(self):
        server = self.server("walkthrough")
        terminal = Terminal(self, [BINARY, "connect", "walkthrough", f"{HOST}:{server.port}"])
        terminal.type("/quit", ENTER)
        terminal.wait_for("the echo", lambda: "Server echoed: /quit" in terminal.screen.lines())


class History(ConnectTest):

    def session(self, *lines, options=(), **environment):
        terminal = self.converse(*options, environment=environment)
        for line in lines:
            terminal.type(line, ENTER)
            self.assert_gets(line)
            terminal.wait_for_last(PROMPT)
        return terminal

    def test_is_kept_over_sessions(self):
        state = self.folder()
        self.assert_leaves(self.session("one", "two", "two", XDG_STATE_HOME=state), CTRL_D)
        file = Path(state, "framewire", "history")
        self.assertEqual("one\ntwo\n", file.read_text())
        self.assertEqual(0o600, stat.S_IMODE(file.stat().st_mode))
        terminal = self.session(XDG_STATE_HOME=state)
        terminal.type(UP, UP)
        terminal.wait_for_last("> one")
        terminal.type(ENTER)
        self.assert_gets("one")

    def test_is_in_the_home_folder_by_default(self):
        home = self.folder()
        self.session("one", HOME=home, XDG_STATE_HOME=None)
        self.assertEqual("one\n", Path(home, ".local/state/framewire/history").read_text())

    def test_is_not_kept_if_not_wanted(self):
        state = self.folder()
        self.session("one", options=("--no-history",), XDG_STATE_HOME=state)
        self.assertEqual([], os.listdir(state))

    def test_of_many_lines_is_shortened(self):
        state = self.folder()
        file = Path(state, "framewire", "history")
        file.parent.mkdir()
        file.write_text("".join(f"line {number}\n" for number in range(2500)) + "\xff\n")
        self.session("new", XDG_STATE_HOME=state)
        kept = file.read_text().splitlines()
        self.assertEqual((1001, "line 1501", "new"), (len(kept), kept[0], kept[-1]))

    def test_that_cannot_be_kept_stops_nobody(self):
        self.session("one", XDG_STATE_HOME="/proc/nonexistent")
        self.session("one", HOME=None, XDG_STATE_HOME="relative")


class Showing(ConnectTest):
    EVIL = "a\r\x1b[31mb\nc"

    def test_a_terminal_gets_no_control_bytes(self):
        terminal = self.converse()
        self.peer.send(self.EVIL)
        terminal.wait_for_lines(terminal.connected, r"a\r\x1b[31mb\nc", PROMPT)

    def test_unless_it_is_wanted(self):
        terminal = self.converse("--raw")
        self.peer.send("\x1b[31mb")
        terminal.wait_for_lines(terminal.connected, "b", PROMPT)
        self.assertIn(b"\x1b[31mb", bytes(terminal.raw))

    def test_reads_without_framing(self):
        terminal = self.converse(framing="raw")
        self.peer.sock.sendall(b"one\r\ntwo\n")
        terminal.wait_for_lines(terminal.connected, r"one\r", "two", PROMPT)
        terminal.type("Hi", ENTER)
        self.assertEqual(b"Hi", receive(self.peer.sock, 2))


class Pipes(ConnectTest):
    """Lines of a program are messages; what comes is all that is written to standard output."""

    def start_piped(self, *options, framing="digits:4"):
        self.peer = Peer(self)
        program = self.start([BINARY, "connect", self.peer.address, "-f", framing, *options])
        self.peer.accept()
        return program

    def test_all_lines_are_sent_and_all_that_comes_is_printed(self):
        program = self.start_piped()
        program.feed("one\n/two\n\nthree")
        self.assert_gets("one", "/two", "", "three")
        self.assertEqual(b"", self.peer.sock.recv(1))
        self.peer.send(b"\x1b\r\xff", "", "end")
        self.peer.sock.close()
        self.assertEqual(0, program.finish(), program.report())
        self.assertEqual((b"\x1b\r\xff\n\nend\n", b""), (bytes(program.out), bytes(program.err)))

    def test_bytes_without_framing_stay_as_they_are(self):
        program = self.start_piped(framing="raw")
        program.feed("")
        self.peer.sock.sendall(b"one\r\ntwo")
        self.peer.sock.close()
        self.assertEqual(0, program.finish(), program.report())
        self.assertEqual(b"one\r\ntwo", bytes(program.out))

    def test_what_comes_while_the_input_waits(self):
        program = self.start_piped()
        self.peer.send("push")
        program.wait_until("the push", lambda: bytes(program.out) == b"push\n")

    def test_a_server_that_leaves_before_the_input_ends(self):
        program = self.start_piped()
        self.peer.sock.close()
        self.assertEqual(1, program.finish(), program.report())
        self.assert_error(bytes(program.err), "connect", "the server closed the connection")

    def test_a_server_that_takes_more_only_when_it_is_listened_to(self):
        """What comes is received while a message waits to be sent."""
        program = self.start_piped(framing="u32be")
        message, answer = "x" * 8_000_000, b"y" * 1_000_000
        program.feed(message)
        for _ in range(20):
            self.peer.sock.sendall(len(answer).to_bytes(4, "big") + answer)
        self.assertEqual(len(message), int.from_bytes(receive(self.peer.sock, 4), "big"))
        self.assert_bytes(message.encode(), receive(self.peer.sock, len(message)))
        self.peer.sock.close()
        self.assertEqual(0, program.finish(), program.report())
        self.assertEqual(20 * (len(answer) + 1), len(program.out))

    def test_a_message_that_cannot_be_sent_fails(self):
        program = self.start_piped("-e")
        program.feed("\\x0\nend\n")
        self.assert_gets("end")
        self.peer.sock.close()
        self.assertEqual(1, program.finish(), program.report())

    def test_a_server_that_stays_silent(self):
        program = self.start_piped("--timeout", "100ms")
        program.feed("one\n")
        self.assert_gets("one")
        self.assertEqual(0, program.finish(), program.report())


class Events(ConnectTest):
    TIME = r"2\d{3}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"

    def test_timestamps(self):
        terminal = self.converse("--timestamps")
        terminal.type("half")
        self.peer.send("push")
        terminal.wait_for("the push", lambda: any(
            re.fullmatch(f"{self.TIME} push", line) for line in terminal.screen.lines()))
        terminal.wait_for_last("> half")

    def test_timestamps_of_a_protocol(self):
        server = self.server("echo")
        done = self.run_command("connect", "echo", f"{HOST}:{server.port}", "--timestamps",
                                data=b"Hi\n")
        self.assertRegex(done.stdout.decode(), f"{self.TIME} Received b'Hi'\n")

    def test_json_from_a_pipe(self):
        self.peer = Peer(self)
        program = self.start([BINARY, "connect", self.peer.address, "-f", "digits:4", "--json"])
        self.peer.accept()
        program.feed("one\n")
        self.assert_gets("one")
        self.peer.send(b"\xff\x1b")
        self.peer.sock.close()
        self.assertEqual(0, program.finish(), program.report())
        events = [json.loads(line) for line in bytes(program.out).splitlines()]
        by_name = {(one["event"], one.get("direction")): one for one in events}
        sent, received = by_name["frame", "sent"], by_name["frame", "received"]
        self.assertEqual(("one", 3, 0), tuple(sent[key] for key in ("payload", "size", "offset")))
        self.assertEqual("/xs=", received["payload_base64"])
        self.assertEqual((self.peer.address, self.peer.address), (sent["to"], received["from"]))
        self.assertEqual("connected", events[0]["event"])
        self.assertEqual("closed", events[-1]["event"])
        self.assertEqual(b"", bytes(program.err))

    def test_json_above_the_line_that_is_typed(self):
        terminal = self.converse("--json")
        terminal.type("half")
        self.peer.send("push")
        terminal.wait_for("the push", lambda: '"payload":"push"}' in
                          "".join(terminal.screen.lines()))
        terminal.wait_for_last("> half")

    def test_json_of_a_failure(self):
        done = self.run_command("connect", "-f", "raw", "unix:/nonexistent/socket", "--json")
        self.assertEqual(1, done.returncode)
        self.assertEqual("failed", json.loads(done.stdout)["event"])
        self.assertIn("/nonexistent/socket", json.loads(done.stdout)["message"])

    def test_json_instead_of_the_console_of_a_protocol(self):
        server = self.server("walkthrough")
        done = self.run_command("connect", "walkthrough", f"{HOST}:{server.port}", "--json",
                                data="é\n".encode())
        self.assertEqual(["é", "é"], [json.loads(line)["payload"] for line in
                                      done.stdout.splitlines() if b'"payload"' in line])


class Refused(ConnectTest):

    def test_options_that_the_console_of_a_protocol_has_not(self):
        for option in ("-e", "--raw"):
            self.assert_fails(2, ["connect", "walkthrough", option], "walkthrough",
                              "--framing digits:10,count=chars")

    def test_json_beside_what_people_read(self):
        for option in ("--timestamps", "-v"):
            self.assert_fails(2, ["connect", "-f", "raw", "--json", option], "--json")


if __name__ == "__main__":
    unittest.main()
