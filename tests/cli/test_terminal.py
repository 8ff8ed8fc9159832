"""`connect` and `serve` at a terminal: what stands on the screen while a person types, edits,
recalls, leaves, and is left by the server; that the terminal is as before afterwards.
"""
import signal
import socket
import subprocess
import threading
import unittest

from command_line import BINARY, HOST, CommandTest, receive
from terminal import (BACKSPACE, CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_LEFT, CTRL_RIGHT, DELETE,
                      DOWN, END, ENTER, HOME, LEFT, RIGHT, UP, Terminal)

PROMPT = 'Enter a message ("exit" to quit): '
ECHO_PROMPT = "Enter message to send: "


class TerminalTest(CommandTest):

    def terminal(self, *words, **options):
        return Terminal(self, [BINARY, *words], **options)

    def connect_in_terminal(self, protocol="walkthrough", port=None, **options):
        port = port or self.server(protocol).port
        terminal = self.terminal("connect", protocol, f"{HOST}:{port}", **options)
        terminal.connected = f"Connected to server at {HOST}:{port}"
        return terminal

    def at_prompt(self, **options):
        terminal = self.connect_in_terminal(**options)
        terminal.wait_for_last(PROMPT)
        return terminal

    def leave(self, terminal, key=CTRL_D):
        terminal.type(key)
        self.assertEqual(0, terminal.finish(), terminal.report())

    def assert_left_with(self, terminal, *lines):
        """The editor may show the key that ended it, the terminal may not."""
        shown = [line.removesuffix("^D").rstrip() for line in terminal.screen.lines()]
        self.assertEqual([line.rstrip() for line in lines], shown, terminal.report())


class FourProtocols(TerminalTest):

    def test_walkthrough(self):
        terminal = self.at_prompt()
        self.assertEqual((1, len(PROMPT)), terminal.cursor())
        terminal.type("Hello", ENTER)
        shown = [terminal.connected, f"{PROMPT}Hello", "Sent to server: Hello",
                 "Server echoed: Hello", PROMPT]
        terminal.wait_for_lines(*shown)
        terminal.type("exit", ENTER)
        self.assertEqual(0, terminal.finish())
        terminal.wait_for_lines(*shown[:-1], f"{PROMPT}exit", "Sent to server: exit",
                                "Server echoed: exit", "Connection closed.")

    def test_echo(self):
        terminal = self.connect_in_terminal("echo")
        terminal.wait_for_lines(ECHO_PROMPT)
        terminal.type("Hi", ENTER)
        terminal.wait_for_lines(f"{ECHO_PROMPT}Hi", "Received b'Hi'", ECHO_PROMPT)
        self.leave(terminal)
        self.assert_left_with(terminal, f"{ECHO_PROMPT}Hi", "Received b'Hi'", ECHO_PROMPT)

    def test_acknowledge(self):
        reply = "Message received successfully...."
        terminal = self.connect_in_terminal("acknowledge")
        terminal.type("Hello", ENTER)
        terminal.wait_for_lines("Hello", reply)
        terminal.type("exit", ENTER)
        self.assertEqual(0, terminal.finish())
        terminal.wait_for_lines("Hello", reply, "exit", reply)

    def test_acknowledge_says_farewell_at_the_end_of_input(self):
        server = self.server("acknowledge")
        terminal = self.connect_in_terminal("acknowledge", server.port)
        self.leave(terminal)
        server.wait_for_lines(5)
        self.assertTrue(server.lines()[-1].endswith("] Disconnect !"), server.report())

    def test_greeting_asks_for_nothing(self):
        server = self.server("greeting")
        terminal = self.connect_in_terminal("greeting", server.port)
        self.assertEqual(0, terminal.finish())
        address = server.find_address("Connection from @")
        terminal.wait_for_lines(f"Client has been assigned the socket {address}",
                                "The server said b'Goodbye, client!'")

    def test_a_framing_without_a_protocol(self):
        port = self.server("--framing", "digits:4").port
        terminal = self.terminal("connect", f"{HOST}:{port}", "--framing", "digits:4")
        connected = f"Connected to {HOST}:{port}. /help lists commands."
        terminal.wait_for_lines(connected, "> ")
        terminal.type("Hello", ENTER)
        terminal.wait_for_lines(connected, "> Hello", "Hello", "> ")
        self.leave(terminal)


class Editing(TerminalTest):

    def edit(self, expected, *keys, **options):
        terminal = self.at_prompt(**options)
        terminal.type(*keys)
        terminal.wait_for_lines(terminal.connected, PROMPT + expected)
        terminal.type(ENTER)
        terminal.wait_for_lines(
            terminal.connected, PROMPT + expected, f"Sent to server: {expected}",
            f"Server echoed: {expected}", PROMPT)
        self.leave(terminal)

    def test_insertion_left_of_the_end(self):
        self.edit("Hello", "Heo", LEFT, "ll")

    def test_moves(self):
        self.edit("(Hello!)", "ello", CTRL_A, "H", CTRL_A, RIGHT, LEFT, "(", CTRL_E, "!)")

    def test_backspace_over_two_bytes(self):
        self.edit("hi", "hé", BACKSPACE, "i")

    def test_backspace_over_an_emoji(self):
        self.edit("hi", "h🎉", BACKSPACE, "i")

    def test_editing_between_wide_characters(self):
        self.edit("🎉é🎉x", "🎉🎉", LEFT, "é", CTRL_E, "xy", BACKSPACE)

    def test_keys_beside_the_letters(self):
        self.edit("(Hello!)", "Helloo", LEFT, DELETE, HOME, "(", END, "!)")

    def test_words_can_be_stepped_over(self):
        """Whatever a key does, its code is no part of the message."""
        self.edit("one .two!", "one two", CTRL_LEFT, ".", CTRL_RIGHT, "!")

    def test_a_line_that_is_wider_than_the_screen(self):
        terminal = self.at_prompt(columns=60)
        terminal.type("x" * 60, CTRL_A, "y", CTRL_E, "z", ENTER)
        text = "y" + "x" * 60 + "z"
        shown = [line[at:at + 60] for line in (PROMPT + text, f"Sent to server: {text}",
                                               f"Server echoed: {text}")
                 for at in range(0, len(line), 60)]
        terminal.wait_for_lines(terminal.connected, *shown, PROMPT)
        self.leave(terminal)

    def test_history(self):
        terminal = self.at_prompt()
        for word in ("one", "two"):
            terminal.type(word, ENTER)
            terminal.wait_for(f"echo of {word}",
                              lambda want=f"Server echoed: {word}": want in terminal.screen.lines())
            terminal.wait_for_last(PROMPT)
        for key, expected in ((UP, "two"), (UP, "one"), (DOWN, "two"), (DOWN, "")):
            terminal.type(key)
            terminal.wait_for_last(PROMPT + expected)
        terminal.type(UP, UP, "!", ENTER)
        terminal.wait_for("the recalled line",
                          lambda: "Server echoed: one!" in terminal.screen.lines())
        self.leave(terminal)

    def test_lines_pasted_at_once(self):
        terminal = self.at_prompt()
        terminal.type("one\rtwo\rthree\r")
        echoes = [f"Server echoed: {word}" for word in ("one", "two", "three")]
        terminal.wait_for("three echoes", lambda: [
            line for line in terminal.screen.lines() if line.startswith("Server")] == echoes)
        self.leave(terminal)

    def test_an_empty_line_is_a_message(self):
        self.edit("")


class Encodings(TerminalTest):
    TEXT = "héllo wörld"

    def converse(self, **environment):
        terminal = self.at_prompt(
            environment={"LANG": None, "LC_ALL": None, "LC_CTYPE": None, **environment})
        terminal.type(self.TEXT, LEFT, LEFT, LEFT, BACKSPACE, "o", ENTER)
        expected = "héllo world"
        terminal.wait_for_lines(
            terminal.connected, PROMPT + expected, f"Sent to server: {expected}",
            f"Server echoed: {expected}", PROMPT)
        self.leave(terminal)

    def test_without_a_locale(self):
        self.converse()

    def test_c_utf8(self):
        self.converse(LC_ALL="C.UTF-8")

    def test_c(self):
        self.converse(LC_ALL="C")

    def test_a_locale_that_is_not_installed(self):
        self.converse(LC_ALL="xx_XX.UTF-8")

    def test_a_dumb_terminal(self):
        self.converse(TERM="dumb")


class Leaving(TerminalTest):

    def test_ctrl_d_and_ctrl_c(self):
        for name, key in (("Ctrl-D", CTRL_D), ("Ctrl-C", CTRL_C)):
            with self.subTest(name):
                terminal = self.at_prompt()
                self.leave(terminal, key)
                self.assert_left_with(terminal, terminal.connected, PROMPT, "Connection closed.")
                self.assertEqual((3, 0), terminal.cursor())

    def test_ctrl_c_in_the_middle_of_a_line(self):
        terminal = self.at_prompt()
        terminal.type("Hello", LEFT, LEFT)
        terminal.wait_for_last(f"{PROMPT}Hello")
        self.leave(terminal, CTRL_C)
        terminal.wait_for_lines(terminal.connected, f"{PROMPT}Hello", "Connection closed.")

    def test_nothing_is_sent_of_an_interrupted_line(self):
        received = self.script(lambda sock: sock.recv(100))
        terminal = self.at_prompt(port=received.port)
        terminal.type("Hello")
        terminal.wait_for_last(f"{PROMPT}Hello")
        self.leave(terminal, CTRL_C)
        self.assertEqual(b"", received.result())

    def test_ctrl_d_typed_before_the_reply_has_come(self):
        slow = threading.Event()
        server = self.script(lambda sock: (
            receive(sock, 15), slow.wait(5), sock.sendall(b"0000000005Hello"), sock.recv(1)))
        terminal = self.at_prompt(port=server.port)
        terminal.type("Hello", ENTER)
        terminal.wait_for_last("Sent to server: Hello")
        terminal.press(CTRL_D)
        slow.set()
        self.assertEqual(0, terminal.finish(within=4), terminal.report())

    def test_ctrl_c_while_waiting_for_a_reply(self):
        server = self.script(lambda sock: (receive(sock, 15), sock.recv(1)))
        terminal = self.at_prompt(port=server.port)
        terminal.type("Hello", ENTER)
        terminal.wait_for_last("Sent to server: Hello")
        terminal.press(CTRL_C)
        self.assertIn(terminal.finish(), (0, -signal.SIGINT), terminal.report())
        server.result()

    def test_a_server_that_stops_is_said_at_once(self):
        server = self.server("walkthrough")
        terminal = self.at_prompt(port=server.port)
        terminal.type("not sent")
        terminal.wait_for_last(f"{PROMPT}not sent")
        self.stop(server)
        self.assertEqual(0, terminal.finish(), terminal.report())
        terminal.wait_for_lines(terminal.connected, f"{PROMPT}not sent", "Server disconnected",
                                "Connection closed.")

    def test_an_echo_server_that_stops(self):
        server = self.server("echo")
        terminal = self.connect_in_terminal("echo", server.port)
        terminal.wait_for_last(ECHO_PROMPT)
        self.stop(server)
        self.assertEqual(0, terminal.finish(), terminal.report())
        terminal.wait_for_lines(ECHO_PROMPT, "Server disconnected")

    def test_a_server_that_answers_nonsense_while_the_prompt_waits(self):
        server = self.script(lambda sock: (sock.sendall(b"HTTP/1.1 400 Bad\r\n\r\n"),
                                           sock.recv(1)))
        terminal = self.connect_in_terminal(port=server.port)
        self.assertEqual(1, terminal.finish(), terminal.report())
        text = " ".join(terminal.screen.lines())
        self.assertIn("framewire connect: frame.syntax at 0: ", text)
        self.assertIn("looks like an HTTP response", text)
        self.assertIn("Connection closed.", text)
        server.result()

    def test_a_reset_while_the_prompt_waits(self):
        linger_no_time = b"\1\0\0\0\0\0\0\0"
        server = self.script(lambda sock: (receive(sock, 15), sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, linger_no_time)))
        terminal = self.at_prompt(port=server.port)
        terminal.type("Hello", ENTER)
        self.assertEqual(1, terminal.finish(), terminal.report())
        self.assertIn("io.reset", " ".join(terminal.screen.lines()))
        self.assertEqual("Connection closed.", terminal.screen.lines()[-1])

    def test_control_bytes_of_a_server_do_not_reach_the_screen(self):
        evil = "\x1b[2J\x1b]0;title\x07\x9b31m"
        server = self.script(lambda sock: (
            receive(sock, 15), sock.sendall(f"{len(evil):010d}{evil}".encode()), sock.recv(1)))
        terminal = self.at_prompt(port=server.port)
        terminal.type("Hello", ENTER)
        escaped = r"\x1b[2J\x1b]0;title\x07\xc2\x9b31m"
        terminal.wait_for_lines(
            terminal.connected, f"{PROMPT}Hello", "Sent to server: Hello",
            f"Server echoed: {escaped}", PROMPT)
        self.leave(terminal)
        server.result()


class HalfATerminal(TerminalTest):
    """One of the streams is a terminal, another is not: no editing, plain lines."""

    def test_input_is_a_pipe(self):
        terminal = self.connect_in_terminal(stdin=subprocess.PIPE)
        terminal.child.stdin.write(b"Hello\nexit\n")
        terminal.child.stdin.close()
        self.assertEqual(0, terminal.finish(), terminal.report())
        terminal.wait_for_lines(
            terminal.connected, f"{PROMPT}Sent to server: Hello", "Server echoed: Hello",
            f"{PROMPT}Sent to server: exit", "Server echoed: exit", "Connection closed.")

    def test_output_is_a_pipe(self):
        terminal = self.connect_in_terminal(stdout=subprocess.PIPE)
        terminal.press("Hello", ENTER, "exit", ENTER)
        out = terminal.child.stdout.read().decode()
        terminal.child.stdout.close()
        self.assertEqual(0, terminal.finish())
        self.assertEqual(
            [terminal.connected, f"{PROMPT}Sent to server: Hello", "Server echoed: Hello",
             f"{PROMPT}Sent to server: exit", "Server echoed: exit", "Connection closed."],
            out.splitlines())


class Serving(TerminalTest):

    def test_ctrl_c_ends_a_server(self):
        terminal = self.terminal("serve", "walkthrough", f"{HOST}:0")
        terminal.wait_for("the first line", lambda: terminal.screen.lines() != [])
        listening = terminal.screen.lines()
        terminal.press(CTRL_C)
        self.assertEqual(0, terminal.finish(), terminal.report())
        self.assertEqual(listening, [terminal.screen.lines()[0].removeprefix("^C")])

    def test_payloads_do_not_reach_the_screen_raw(self):
        terminal = self.terminal("serve", "walkthrough", f"{HOST}:0")
        terminal.wait_for("the first line", lambda: terminal.screen.lines() != [])
        port = int(terminal.screen.lines()[0].removesuffix("...").rpartition(":")[2])
        with socket.create_connection((HOST, port)) as sock:
            sock.sendall("0000000008\x1b[2J\n\r\u009bé".encode())
            receive(sock, 20)
        terminal.wait_for("the end of the client",
                          lambda: terminal.screen.lines()[-1].startswith("Finished"))
        self.assertEqual(r"Client sent: \x1b[2J\n\r\xc2\x9bé", terminal.screen.lines()[2])
        terminal.press(CTRL_C)
        self.assertEqual(0, terminal.finish())


if __name__ == "__main__":
    unittest.main()
