"""`connect` for programs: lines of a pipe are messages; events as JSON; timestamps."""
import re
import unittest

from command_line import HOST, TIMEOUT, receive
from conversations import ConnectTest
from json_events import events_of


class Pipes(ConnectTest):
    """Lines of a program are messages; what comes is all that is written to standard output."""

    def test_all_lines_are_sent_and_all_that_comes_is_printed(self):
        program = self.start_piped()
        program.feed("one\n/two\n\nthree")
        self.assert_gets("one", "/two", "", "three")
        self.peer.send(b"\x1b\r\xff", "", "3", "4")
        self.assertEqual(b"", self.peer.sock.recv(1))
        self.peer.send("end")
        self.peer.sock.close()
        self.assertEqual(0, program.finish(), program.report())
        self.assertEqual((b"\x1b\r\xff\n\n3\n4\nend\n", b""),
                         (bytes(program.out), bytes(program.err)))

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
        self.assertEqual(len(message), int.from_bytes(receive(self.peer.sock, 4), "big"))
        for _ in range(40):
            self.peer.sock.sendall(len(answer).to_bytes(4, "big") + answer)
        self.assert_bytes(message.encode(), receive(self.peer.sock, len(message)))
        self.peer.sock.close()
        self.assertEqual(0, program.finish(), program.report())
        self.assertEqual(40 * (len(answer) + 1), len(program.out))

    def test_a_message_that_cannot_be_sent_fails(self):
        program = self.start_piped("-e")
        program.feed("\\x0\nend\n")
        self.assert_gets("end")
        self.peer.sock.close()
        self.assertEqual(1, program.finish(), program.report())

    def test_a_server_that_owes_a_reply_does_not_see_the_end(self):
        """Many discard it then."""
        program = self.start_piped()
        program.feed("one\n")
        self.assert_gets("one")
        self.peer.sock.settimeout(0.2)
        self.assertRaises(TimeoutError, self.peer.sock.recv, 1)
        self.peer.sock.settimeout(TIMEOUT)
        self.peer.send("two")
        self.assertEqual(b"", self.peer.sock.recv(1))
        self.peer.sock.close()
        self.assertEqual((0, b"two\n"), (program.finish(), bytes(program.out)))

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
        program = self.start_piped("--json")
        program.feed("one\n")
        self.assert_gets("one")
        self.peer.send(b"\xff\x1b")
        self.peer.sock.close()
        self.assertEqual(0, program.finish(), program.report())
        events = events_of(program.out)
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

    def test_json_of_a_server_that_leaves(self):
        program = self.start_piped("--json")
        self.peer.sock.sendall(b"no frame")
        self.assertEqual(1, program.finish(), program.report())
        names = [(event["event"], event.get("error")) for event in events_of(program.out)]
        self.assertIn(("closed", "frame.syntax"), names)
        self.assertIn("failed", [name for name, _ in names])

    def test_json_of_a_failure(self):
        done = self.run_command("connect", "-f", "raw", "unix:/nonexistent/socket", "--json")
        self.assertEqual(1, done.returncode)
        [event] = events_of(done.stdout)
        self.assertEqual("failed", event["event"])
        self.assertIn("/nonexistent/socket", event["message"])

    def test_json_instead_of_the_console_of_a_protocol(self):
        server = self.server("walkthrough")
        done = self.run_command("connect", "walkthrough", f"{HOST}:{server.port}", "--json",
                                data="é\n".encode())
        self.assertEqual(["é", "é"], [event["payload"] for event in events_of(done.stdout)
                                      if event["event"] == "frame"])


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
