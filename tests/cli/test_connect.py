"""`connect` as a conversation: what is typed goes out on Enter, what comes is shown when it comes,
above the line that is being typed, which stays. In a real terminal.
"""
import os
import stat
import subprocess
import unittest
from pathlib import Path

from command_line import BINARY, HOST, receive
from conversations import PROMPT, ConnectTest, Peer
from terminal import CTRL_A, CTRL_C, CTRL_D, CTRL_R, ENTER, LEFT, TAB, UP, Terminal


def typed_before(terminal):
    """The character to the left of the cursor."""
    row, column = terminal.cursor()
    cells = terminal.screen.cells
    return cells[row][column - 1] if column else cells[row - 1][-1]


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

    def test_tabs_are_typed(self):
        terminal = self.converse()
        terminal.type("a\tb\t", ENTER)
        self.assert_gets("a\tb\t")

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
        for text, places in (("x" * 50, at_places), ("y" * 37, at_places),
                             ("a\tb\tc\td", at_places[:1]), ("日本" * 12 + "語", at_places[:1]),
                             ("z" * 17 + "日" * 10, at_places[:1])):
            for keys in places:
                with self.subTest(text, keys=keys):
                    terminal = self.converse(columns=columns)
                    above = len(terminal.screen.lines()) - 1
                    terminal.type(text, *keys, "q")
                    terminal.wait_for("all of it", lambda: typed_before(terminal) == "q" and
                                      sorted(f">{text}q".replace("\t", "")) == sorted(
                                          c for line in terminal.screen.lines()[above:]
                                          for c in line if c != " "))
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

    def test_a_terminal_that_is_resized(self):
        """Also at the moment when a key has been shown and the next is not waited for yet."""
        terminal = self.converse()
        for count in range(1, 31):
            line = "> " + "x" * count
            terminal.type("x")
            terminal.wait_for_last(line)
            shown = terminal.raw.count(line.encode())
            terminal.resize(120 + count)
            terminal.wait_for("the line, drawn again",
                              lambda: terminal.raw.count(line.encode()) > shown)
        terminal.wait_for_lines(terminal.connected, line)

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

    def test_the_path_of_a_file_is_completed(self):
        folder = self.folder()
        for name in ("message one", "message two", "other"):
            Path(folder, name).write_text(name)
        terminal = self.converse()
        terminal.type(f"/file {folder}/m", TAB)
        terminal.wait_for("both names", lambda: "message one" in "".join(
            terminal.screen.lines()[:-1]))
        terminal.wait_for_last(f"> /file {folder}/message\\")
        terminal.type("tw", TAB)
        terminal.wait_for_last(f"> /file {folder}/message\\ two")
        terminal.type(ENTER)
        self.assert_gets("message two")
        terminal.type("/file ", f"{folder}/o".replace("o", "\\o"), "ther", ENTER)
        self.assert_gets("other")

    def test_a_file_in_the_home_folder(self):
        home = self.folder()
        Path(home, "letter").write_text("Hello")
        terminal = self.converse(environment={"HOME": home})
        terminal.type("/file ~/letter", ENTER)
        self.assert_gets("Hello")

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
        for part in ("/hlep is not a command", "/file needs a path",
                     "cannot read '/nonexistent/x'", "hexadecimal"):
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

    def test_not_even_if_the_input_is_a_pipe(self):
        self.peer = Peer(self)
        terminal = Terminal(self, [BINARY, "connect", self.peer.address, "-f", "digits:4"],
                            stdin=subprocess.PIPE)
        self.peer.accept()
        self.peer.send(self.EVIL)
        terminal.wait_for_lines(r"a\r\x1b[31mb\nc")

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

    def test_a_transcript_leaves_the_half_typed_line(self):
        terminal = self.converse("-v")
        terminal.type("half")
        terminal.wait_for_last("> half")
        self.peer.send("push")
        terminal.wait_for("the transcript", lambda: terminal.screen.lines()[-4:] == [
            '< "0004push"', '= frame "push" at 0', "push", "> half"])


if __name__ == "__main__":
    unittest.main()
