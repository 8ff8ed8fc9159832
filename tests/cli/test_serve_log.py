"""The log of `serve`: its levels, its formats for programs, its line for each connection, and how
many lines peers can cause.
"""
import datetime
import json
import re
import signal
import socket
import unittest
from pathlib import Path

from command_line import HOST, CommandTest, receive, receive_to_end

HELLO = b"0000000005Hello"
LOGFMT = re.compile(r'([a-z_]+)=("(?:[^"\\]|\\.)*"|[^ "=]+)')


def fields_of(line):
    """Of a line of logfmt; fails if it has anything else."""
    found = LOGFMT.findall(line)
    assert " ".join(f"{name}={value}" for name, value in found) == line, line
    return {name: re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value
            for name, value in found}


class LogTest(CommandTest):

    def exchange(self, port, message=HELLO):
        sock = self.connect_to(port)
        sock.sendall(message)
        self.assertEqual(message, receive(sock, len(message)))
        return sock

    def end_of(self, sock):
        sock.shutdown(socket.SHUT_WR)
        self.assertEqual(b"", receive_to_end(sock))
        sock.close()

    def send_wrong(self, port, data=b"no \x1b[31m digits"):
        sock = self.connect_to(port)
        sock.sendall(data)
        receive_to_end(sock)
        port = sock.getsockname()[1]
        sock.close()
        return port

    def json_lines(self, server):
        return [json.loads(line) for line in self.stop(server).splitlines()]


class Formats(LogTest):

    def test_json(self):
        server = self.server("walkthrough", "--quiet", "--log", "json", "--log-level", "debug")
        sock = self.exchange(server.port, 2 * HELLO)
        port = sock.getsockname()[1]
        self.end_of(sock)
        wrong_port = self.send_wrong(server.port)
        server.find_error('"error":"frame.syntax"')
        lines = self.json_lines(server)
        self.assertEqual(["listening", "opened", "closed", "opened", "closed", "stopped"],
                         [line["event"] for line in lines])
        for line in lines:
            datetime.datetime.strptime(line.pop("time"), "%Y-%m-%dT%H:%M:%S.%fZ")
        here = f"{HOST}:{server.port}"
        self.assertEqual({"level": "notice", "event": "listening", "address": here,
                          "protocol": "walkthrough"}, lines[0])
        self.assertGreater(lines[2].pop("seconds"), 0)
        self.assertEqual({"level": "info", "event": "closed", "connection": 1,
                          "peer": f"{HOST}:{port}", "local": here, "protocol": "walkthrough",
                          "frames": 2, "received": 30, "sent": 30, "reason": "peer"}, lines[2])
        failed = lines[4]
        self.assertEqual(("warning", f"{HOST}:{wrong_port}", "error", "frame.syntax", 0, 15),
                         tuple(failed[name] for name in ("level", "peer", "reason", "error",
                                                         "offset", "received")))
        self.assertIn("10 bytes of decimal digits", failed["message"])
        self.assertEqual((2, 2, 1, 1), tuple(lines[5][name] for name in (
            "accepted", "frames", "closed_by_peer", "closed_by_error")))

    def test_text_has_the_same_fields(self):
        server = self.server("--framing", "digits:10", "--quiet", "--log", "text",
                             "--log-level", "info")
        self.end_of(self.exchange(server.port))
        self.send_wrong(server.port)
        server.find_error("error=frame.syntax")
        lines = [fields_of(line) for line in self.stop(server).splitlines()]
        self.assertEqual(["listening", "closed", "closed", "stopped"],
                         [line["event"] for line in lines])
        self.assertEqual(("digits:10", "1", "15", "15", "peer"),
                         tuple(lines[1][name] for name in ("protocol", "frames", "received",
                                                           "sent", "reason")))
        self.assertNotIn("\x1b", lines[2]["message"])

    def test_a_failure_is_a_line_too(self):
        done = self.run_command("serve", "digits:10", "unix:/nonexistent/socket", "--log", "json")
        self.assertEqual(1, done.returncode)
        line = json.loads(done.stderr)
        self.assertEqual(("error", "failed"), (line["level"], line["event"]))
        self.assertIn("cannot listen on unix:/nonexistent/socket", line["message"])

    def test_wrong_usage(self):
        for words, found in ((["--log", "xml"], '"xml"'), (["--log-level", "loud"], '"loud"'),
                             (["--log", "json", "-v"], "either --verbose or --log")):
            self.assert_fails(2, ["serve", "digits:10", f"{HOST}:0", *words], found)


class Levels(LogTest):

    def log_at(self, level):
        server = self.server("digits:10", "--quiet", "--log-level", level)
        self.end_of(self.exchange(server.port))
        self.send_wrong(server.port)
        server.child.send_signal(signal.SIGUSR1)
        return self.stop(server)

    def test_error(self):
        self.assertEqual("", self.log_at("error"))

    def test_warning(self):
        self.assertRegex(self.log_at("warning"),
                         r"\Aframewire serve: [^\n]*: frame.syntax at 0: [^\n]*digits[^\n]*\n\Z")

    def test_info_has_a_line_for_each_connection(self):
        text = self.log_at("info")
        self.assertRegex(text, r"(?m)\): closed by peer; 1 frames, 15 bytes received, "
                               r"15 bytes sent in \d+\.\d{3} s$")
        self.assertRegex(text, r"(?m)\): frame.syntax at 0: .*; 0 frames, 15 bytes received, "
                               r"0 bytes sent in \d+\.\d{3} s; framewire trace FILE lists ")
        self.assertNotIn("opened", text)

    def test_debug(self):
        self.assertEqual(2, self.log_at("debug").count("): opened\n"))


    def test_the_level_can_change(self):
        config = Path(self.folder(), "serve.toml")
        config.write_text("")
        server = self.server("walkthrough", "--quiet", "--config", str(config))
        self.end_of(self.exchange(server.port))
        config.write_text('log-level = "info"\nlog-rate = 20\n')
        server.child.send_signal(signal.SIGHUP)
        server.find_error("framewire serve: reloaded: log-level, log-rate\n")
        for _ in range(15):
            self.end_of(self.exchange(server.port))
        self.assertEqual(15, self.stop(server).count("closed by peer"))


class Rates(LogTest):

    def test_lines_of_one_kind_are_limited(self):
        server = self.server("digits:10", "--quiet", "--log", "json", "--log-level", "info",
                             "--log-rate", "3")
        for _ in range(20):
            self.end_of(self.exchange(server.port))
        self.send_wrong(server.port)
        server.find_error('"error":"frame.syntax"')
        lines = self.json_lines(server)
        shown = sum(line.get("reason") == "peer" for line in lines)
        left_out = sum(line["count"] for line in lines
                       if line["event"] == "left_out" and line["kind"] == "closed")
        self.assertEqual(20, shown + left_out)
        self.assertGreaterEqual(shown, 3)

    def test_no_limit(self):
        server = self.server("digits:10", "--quiet", "--log-level", "info", "--log-rate", "0")
        for _ in range(40):
            self.end_of(self.exchange(server.port))
        self.assertEqual(40, self.stop(server).count("closed by peer"))

    def test_metrics_count_what_was_left_out(self):
        server = self.server("digits:10", "--quiet", "--log-level", "info", "--log-rate", "1",
                             "--metrics", self.unix_address())
        address = server.command[server.command.index("--metrics") + 1].removeprefix("unix:")
        for _ in range(20):
            self.end_of(self.exchange(server.port))
        with socket.socket(socket.AF_UNIX) as link:
            link.connect(address)
            link.sendall(b"GET /metrics HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n")
            found = re.search(rb"\nframewire_log_lines_left_out_total (\d+)\n",
                              receive_to_end(link))
        shown = self.stop(server).count("closed by peer")
        self.assertGreater(shown, 0)
        self.assertLessEqual(int(found[1]) + shown, 20)


if __name__ == "__main__":
    unittest.main()
