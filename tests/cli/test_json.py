"""`--json` and `--timestamps`: what programs read of what happens (docs/json.md)."""
import json
import re
import unittest
from datetime import datetime, timedelta, timezone

from captures import Capture
from command_line import BINARY, HOST, CommandTest, free_port, receive, receive_to_end
from harness import ScriptedServer
from json_events import DOCS, SCHEMA, events_of, faults, payload_of, without

FRAMED = ("--framing", "digits:10")
STAMP = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z"
# Text, controls, what is hidden, beyond 16 bits; then bytes that are no text.
PAYLOADS = [b"Hello", b"", "héllo 🎉 \u202e\u200b".encode(), b'\0\x01\x1b[2J\r\n\t"\\\x7f',
            b"\xff", b"\x00\xfe", b"ab\xc3", bytes(range(256))]
ESCAPED = ["Hello", r"\0\xff", "héllo"]
SENT = [b"Hello", b"\0\xff", "héllo".encode()]


def framed(payload):
    return b"%010d%b" % (len(payload), payload)


def time_of(event):
    return datetime.strptime(event["time"], "%Y-%m-%dT%H:%M:%S.%f%z")


class Schema(unittest.TestCase):
    """The validator can fail, and the page and the schema are about the same."""

    FRAME = {"event": "frame", "direction": "sent", "offset": 0, "size": 1, "payload": "x"}

    def test_it_refuses(self):
        self.assertEqual([], faults(self.FRAME, SCHEMA))
        for wrong in ({"event": "other"}, {"event": None}, {"size": -1}, {"size": "1"},
                      {"offset": True}, {"unknown": 1}, {"payload_base64": "eA=="},
                      {"time": "2026-11-28 13:16:34"}, {"direction": "in"}, {"truncated": False},
                      {"error": "no name"}, {"from": ""}, {"event": "closed"},
                      {"event": "ended"}, {"reason": "error"}):
            with self.subTest(wrong):
                self.assertNotEqual([], faults({**self.FRAME, **wrong}, SCHEMA))
        for missing in self.FRAME:
            with self.subTest(missing):
                self.assertNotEqual([], faults(without(self.FRAME, missing), SCHEMA))
        self.assertNotEqual([], faults({**without(self.FRAME, "payload"),
                                        "payload_base64": "eA="}, SCHEMA))

    def test_the_page_has_its_events_and_members(self):
        page = (DOCS / "json.md").read_text()
        members, events = (re.findall(r"^\| (`.*?`) \|", part, re.MULTILINE)
                           for part in page.split("\n## Events\n")[0:2])
        self.assertEqual(set(SCHEMA["properties"]),
                         set(re.findall(r"`(\w+)`", " ".join(members))))
        self.assertEqual(set(SCHEMA["properties"]["event"]["enum"]),
                         set(re.findall(r"`(\w+)`", " ".join(events))))


class Serve(CommandTest):

    def events(self, server, status=0):
        self.assertEqual(status, server.stop(), server.report())
        return events_of(server.out)

    def test_a_conversation(self):
        server = self.server(*FRAMED, "--json")
        with self.connect_to(server.port) as sock:
            ours = f"{HOST}:{sock.getsockname()[1]}"
            theirs = f"{HOST}:{server.port}"
            for payload in PAYLOADS:
                sock.sendall(framed(payload))
                self.assertEqual(framed(payload), receive(sock, 10 + len(payload)))
            sock.shutdown(1)
            self.assertEqual(b"", receive_to_end(sock))
        listening, connected, *frames, ended, closed = self.events(server)
        self.assertEqual(("listening", theirs), (listening["event"], listening["address"]))
        self.assertEqual(("connected", ours, theirs, 1),
                         tuple(connected[name] for name in ("event", "from", "to", "connection")))
        for way, ends in (("received", (ours, theirs)), ("sent", (theirs, ours))):
            some = [one for one in frames if one["direction"] == way]
            self.assertEqual(PAYLOADS, [payload_of(one) for one in some])
            self.assertEqual([len(one) for one in PAYLOADS], [one["size"] for one in some])
            self.assertEqual([sum(10 + len(one) for one in PAYLOADS[:n])
                              for n in range(len(PAYLOADS))], [one["offset"] for one in some])
            self.assertEqual({ends}, {(one["from"], one["to"]) for one in some})
        self.assertEqual(2 * len(PAYLOADS), len(frames))
        self.assertEqual(["payload"] * 4 + ["payload_base64"] * 4,
                         [[*one][-1] for one in frames if one["direction"] == "sent"])
        self.assertEqual({"event": "ended", "connection": 1, "from": ours, "to": theirs,
                          "direction": "received"}, without(ended, "time"))
        self.assertEqual({"event": "closed", "connection": 1, "from": ours, "to": theirs,
                          "reason": "peer"}, without(closed, "time"))
        times = [time_of(one) for one in (listening, connected, *frames, ended, closed)]
        self.assertEqual(sorted(times), times)
        self.assertLess(abs(datetime.now(timezone.utc) - times[-1]), timedelta(minutes=1))

    def test_lines_are_for_terminals_too(self):
        server = self.server(*FRAMED, "--json")
        with self.connect_to(server.port) as sock:
            for payload in PAYLOADS:
                sock.sendall(framed(payload))
            receive(sock, sum(10 + len(one) for one in PAYLOADS))
        self.stop(server)
        text = server.out.decode()
        self.assertTrue(all(char.isprintable() or char == "\n" for char in text), text)

    def test_errors(self):
        server = self.server(*FRAMED, "--json", "--max-per-address", "1")
        with self.connect_to(server.port) as sock:
            sock.sendall(framed(b"Hello"))
            receive(sock, 15)
            with self.connect_to(server.port) as other:
                self.assertEqual(b"", receive_to_end(other))
            sock.sendall(b"+5")
            self.assertEqual(b"", receive_to_end(sock))
        events = self.events(server)
        refused = next(one for one in events if one["event"] == "refused")
        self.assertEqual("limit.address", refused["error"])
        closed = next(one for one in events if one["event"] == "closed")
        self.assertEqual(("error", "frame.length_syntax", 15),
                         tuple(closed[name] for name in ("reason", "error", "offset")))
        self.assertIn('"+5" where 10 bytes', closed["message"])
        self.assertIn("frame.length_syntax at 15", server.err.decode())

    def test_other_ends(self):
        """A service that closes, a frame that is skipped, a local socket, a stop."""
        server = self.server("--framing", "line,max=5,oversize=skip", "--service",
                             "reply:bye,close", "--json")
        with self.connect_to(server.port) as sock:
            sock.sendall(b"much too long\nhi\n")
            self.assertEqual(b"bye\n", receive_to_end(sock))
        with self.connect_to(server.port) as sock:
            sock.sendall(b"much too long\n")
            server.wait_until("skipped", lambda: server.out.count(b"skipped") == 2)
            server.child.terminate()
            self.assertEqual(b"", receive_to_end(sock))
        self.assertEqual(0, server.finish(), server.report())
        events = events_of(server.out)
        self.assertEqual(["listening", "connected", "skipped", "frame", "frame", "closed",
                          "connected", "skipped", "closed"], [one["event"] for one in events])
        self.assertEqual(["local", "drain"],
                         [one["reason"] for one in events if one["event"] == "closed"])
        self.assertEqual({1, 2}, {one["connection"] for one in events[1:]})
        self.assertEqual(14, events[3]["offset"])

    def test_large_payloads(self):
        """Their beginning, be they passed whole or in pieces."""
        text = b"0123456789abcdef" * 20_000
        for words in (("--service", "reply:ok"), ("--max-payload", "1KiB")):
            with self.subTest(words):
                server = self.server(*FRAMED, *words, "--json")
                with self.connect_to(server.port) as sock:
                    for payload in (text, b"\xff" + text, b"x" + "é".encode() * 100_000):
                        sock.sendall(framed(payload))
                        receive(sock, 12 if "reply:ok" in words else 10 + len(payload))
                frames = [one for one in self.events(server)
                          if one["event"] == "frame" and one["direction"] == "received"]
                self.assertEqual([320_000, 320_001, 200_001], [one["size"] for one in frames])
                self.assertEqual([65536, 65536, 65535], [len(payload_of(one)) for one in frames])
                self.assertEqual({True}, {one["truncated"] for one in frames})

    def test_events_that_are_left_out_are_counted(self):
        """More than the budget of what peers cause."""
        server = self.server("--framing", "line", "--service", "discard", "--json")
        count = 600  # 36 MB of events
        with self.connect_to(server.port) as sock:
            sock.sendall((b"x" * 60_000 + b"\n") * count)
            sock.shutdown(1)
            self.assertEqual(b"", receive_to_end(sock))
        events = self.events(server)
        frames = sum(one["event"] == "frame" for one in events)
        left_out = [one for one in events if one["event"] == "left_out"]
        self.assertLess(frames, count)
        self.assertLessEqual(count, frames + sum(one["count"] for one in left_out))
        self.assertLessEqual({one["message"] for one in left_out},
                             {"more than 1 MiB in a second", "nobody read them in time"})

    def test_it_cannot_listen(self):
        taken = self.server(*FRAMED)
        at = f"{HOST}:{taken.port}"
        done = self.run_command("serve", at, *FRAMED, "--json")
        self.assertEqual(1, done.returncode)
        self.assert_error(done.stderr, "serve", "address in use")
        self.assertEqual([{"event": "failed",
                           "message": f"cannot listen on {at}: address in use"}],
                         [without(one, "time") for one in events_of(done.stdout)])

    def test_it_excludes_what_people_read(self):
        for words in (("--quiet",), ("--timestamps",)):
            self.assert_fails(2, ["serve", "walkthrough", "--json", *words], "--json")


class Timestamps(CommandTest):

    def test_the_console_the_log_and_transcripts(self):
        server = self.server(*FRAMED, "--timestamps", "-v")
        with self.connect_to(server.port) as sock:
            sock.sendall(framed(b"one\ntwo"))
            receive(sock, 17)
            sock.sendall(b"+5")
            self.assertEqual(b"", receive_to_end(sock))
        log = self.stop(server)
        for line in server.out.decode().splitlines():
            self.assertRegex(line, f"^{STAMP} ")
        self.assertRegex(log, f"(?m)^{STAMP} framewire serve: .*frame.length_syntax at 17")
        self.assertRegex(log, rf'(?m)^# {STAMP}\n< "0000000007one\\ntwo"\n')

    def test_wordings_of_several_lines(self):
        server = self.server("greeting", "--timestamps")
        with self.connect_to(server.port) as sock:
            sock.sendall(b"Hi there, server")
            receive_to_end(sock)
        self.stop(server)
        lines = server.out.decode().splitlines()
        self.assertEqual(8, len(lines), lines)
        for line in lines:
            self.assertRegex(line, f"^{STAMP} [ A-Z]")


class Clients(CommandTest):
    """`send`, `receive` and `connect`."""

    def run_json(self, status, *words, data=b""):
        done = self.run_command(*words, "--json", data=data)
        self.assertEqual(status, done.returncode, done)
        return events_of(done.stdout)

    def frames(self, events, way):
        return [payload_of(one) for one in events
                if one["event"] == "frame" and one["direction"] == way]

    def test_send(self):
        server = self.server(*FRAMED)
        at = f"{HOST}:{server.port}"
        events = self.run_json(0, "send", at, *FRAMED, "-e", *ESCAPED)
        self.assertEqual(["connected", "closed"], [events[0]["event"], events[-1]["event"]])
        self.assertEqual(at, events[0]["to"])
        for way in ("sent", "received"):
            self.assertEqual(SENT, self.frames(events, way))
        self.assertEqual({at}, {one["from"] for one in events
                                if one.get("direction") == "received"})

    def test_whole_payloads(self):
        server = self.server(*FRAMED)
        text = b"0123456789" * 100_000
        events = self.run_json(0, "send", f"{HOST}:{server.port}", *FRAMED, "--file", "-",
                               data=text)
        self.assertEqual([text], self.frames(events, "received"))

    def test_failures(self):
        silent = self.server(*FRAMED, "--service", "discard")
        for port, words, error in (
                (silent.port, ["send", "--timeout", "50ms", "x"], "io.timeout_reply"),
                (free_port(), ["send", "x"], None), (free_port(), ["receive"], None),
                (free_port(), ["connect"], None)):
            with self.subTest(words):
                *_, failed = self.run_json(1, *words[:1], f"{HOST}:{port}", *FRAMED, *words[1:])
                self.assertEqual(("failed", error), (failed["event"], failed.get("error")))
                if error is None:
                    self.assertIn("connection refused", failed["message"])

    def test_receive(self):
        def script(sock):
            sock.sendall(b"".join(framed(one) for one in PAYLOADS))
        peer = ScriptedServer(self, script)
        events = self.run_json(0, "receive", f"{HOST}:{peer.port}", *FRAMED)
        self.assertEqual(PAYLOADS, self.frames(events, "received"))
        self.assertEqual([], self.frames(events, "sent"))
        self.assertEqual(["connected", "ended", "closed"],
                         [one["event"] for one in events if one["event"] != "frame"])

    def test_receive_from_a_peer_that_connects(self):
        program = self.start([BINARY, "receive", "--listen", f"{HOST}:0", *FRAMED, "--json"])
        program.wait_for_lines(1)
        at = events_of(program.out)[0]["address"]
        with self.connect_to(int(at.rpartition(":")[2])) as sock:
            ours = f"{HOST}:{sock.getsockname()[1]}"
            sock.sendall(framed(b"Hello"))
        self.assertEqual(0, program.finish(), program.report())
        events = events_of(program.out)
        self.assertEqual([b"Hello"], self.frames(events, "received"))
        connected = next(one for one in events if one["event"] == "connected")
        self.assertEqual((ours, at), (connected["from"], connected["to"]))

    def test_connect(self):
        server = self.server(*FRAMED)
        events = self.run_json(0, "connect", f"{HOST}:{server.port}", *FRAMED,
                               data=b"Hello\nthere\n")
        for way in ("sent", "received"):
            self.assertEqual([b"Hello", b"there"], self.frames(events, way))


class Trace(CommandTest):

    def trace(self, *words, data=b"", status=0):
        """What is said of captured bytes ends with a summary."""
        done = self.run_command("trace", *words, "--json", data=data)
        self.assertEqual((status, b""), (done.returncode, done.stderr))
        return events_of(done.stdout)

    def test_messages(self):
        self.assertEqual(
            [{"event": "frame", "direction": "received", "offset": 0, "size": 5,
              "payload": "Hello"},
             {"event": "frame", "direction": "received", "offset": 15, "size": 0, "payload": ""},
             {"event": "ended", "direction": "received"}],
            self.trace("walkthrough", "--chunk", "3", "Hello", ""))

    def test_a_transcript(self):
        """Both directions, and an error of each."""
        text = (b'framing digits:2,max=9\n< "05Hello+1"\n> "02hi12"\n@ 5s\n< eof\n')
        frame, wrong, reply, large, total = self.trace("--hex", "-", data=text, status=1)
        self.assertEqual(b"Hello", payload_of(frame))
        self.assertEqual(("failed", "received", "frame.length_syntax", 7),
                         tuple(wrong[name] for name in ("event", "direction", "error", "offset")))
        self.assertEqual(("sent", b"hi"), (reply["direction"], payload_of(reply)))
        self.assertEqual(("failed", "sent", "frame.too_large", 4),
                         tuple(large[name] for name in ("event", "direction", "error", "offset")))
        self.assertEqual(("summary", 1, 1, 6, "received", "frame.length_syntax", 7),
                         tuple(total[name] for name in ("event", "client_frames", "server_frames",
                                                        "server_bytes", "direction", "error",
                                                        "offset")))

    def test_a_skipped_frame(self):
        skipped, frame, _, total = self.trace("--framing", "line,max=3,oversize=skip", "--hex", "-",
                                       data=b'framing line,max=3,oversize=skip\n'
                                            b'< "Hello\\nhi\\n"\n< eof\n')
        self.assertEqual(("skipped", 0), (skipped["event"], skipped["offset"]))
        self.assertEqual((b"hi", 6), (payload_of(frame), frame["offset"]))
        self.assertEqual(1, total["client_skipped"])

    def test_what_is_missing_and_what_has_not_ended(self):
        text = b'framing digits:2\n> "02hi"\n> gap 9\n> "02ho05H"\n< "9"\n'
        *_, late, client, server, total = self.trace("-", data=text, status=1)
        self.assertEqual(("sent", 13), (late["direction"], late["offset"]))
        self.assertEqual(("incomplete", "received", "frame.truncated", 0),
                         tuple(client[name] for name in ("event", "direction", "error", "offset")))
        self.assertEqual(("incomplete", "sent", 17),
                         tuple(server[name] for name in ("event", "direction", "offset")))
        self.assertEqual((1, 9, 2), tuple(total[f"server_{name}"]
                                          for name in ("gaps", "missing", "frames")))

    def test_a_file_that_is_not_there(self):
        done = self.run_command("trace", *FRAMED, "--hex", "/nonexistent/x", "--json")
        self.assertEqual(1, done.returncode)
        self.assertEqual([("failed", "cannot read /nonexistent/x: no such file or directory")],
                         [(one["event"], one["message"]) for one in events_of(done.stdout)])

    def capture(self):
        path = f"{self.folder()}/one.pcap"
        file = Capture(path)
        file.end(file.add([b"0000000005", b"Hello\xff"], [framed(b"Hello"), b"000"]), 18)
        file.file.close()
        return path

    def test_a_capture(self):
        """It has times and ends. Each record of it is a microsecond after the one before."""
        first, wrong, reply, truncated, total = self.trace(*FRAMED, self.capture(), status=1)
        self.assertEqual(["frame", "failed"] * 2,
                         [one["event"] for one in (first, wrong, reply, truncated)])
        self.assertEqual(("sent", "frame.truncated", 18, "10.0.0.1:7000"), tuple(
            truncated[name] for name in ("direction", "error", "offset", "from")))
        self.assertEqual(("10.1.0.1:40000", "10.0.0.1:7000"), (first["from"], first["to"]))
        self.assertEqual(("10.0.0.1:7000", "10.1.0.1:40000"), (reply["from"], reply["to"]))
        self.assertEqual(("1970-01-01T00:00:00.000004Z", 4), (first["time"], first["packet"]))
        self.assertEqual(("1970-01-01T00:00:00.000005Z", 5), (reply["time"], reply["packet"]))
        self.assertEqual((1, 1.0), (total["replies"], total["replies_max_us"]))

    def test_timestamps_of_a_capture(self):
        text = self.run_command("trace", *FRAMED, "--brief", "--timestamps",
                                self.capture()).stdout.decode()
        self.assertIn('# 1970-01-01T00:00:00.000003Z #3\n< "0000000005"\n', text)
        self.assertEqual(5, len(re.findall(f"(?m)^# {STAMP} #[0-9]$", text)))
        again = self.trace("--hex", "-", data=text.encode(), status=1)
        self.assertEqual("Hello", again[0]["payload"])


if __name__ == "__main__":
    unittest.main()
