"""What `framewire proxy` shows and records of the messages that pass."""
import shutil
import socket
import subprocess
import unittest
from pathlib import Path

from command_line import HOST, receive
from json_events import events_of
from proxying import ProxyTest, frame

TSHARK = shutil.which("tshark")


class ShownTest(ProxyTest):

    def talk(self, *words, framing="digits:10"):
        """One message, its answer, and both ends."""
        proxy, client, server = self.between(*words, framing=framing)
        client.sendall(frame(b"Hello"))
        receive(server, 15)
        server.sendall(frame(b"Hi"))
        self.assert_gets(client, frame(b"Hi"))
        client.shutdown(socket.SHUT_WR)
        self.assert_ended(server)
        server.close()
        self.assert_ended(client)
        return proxy

    def converse(self, *words):
        """As `talk`, with a server that is sent other bytes than the client sends."""
        proxy, client, server = self.between("--to", "u32be", *words)
        client.sendall(frame(b"Hello"))
        self.assert_gets(server, b"\0\0\0\5Hello")
        server.sendall(b"\0\0\0\2Hi")
        self.assert_gets(client, frame(b"Hi"))
        client.close()
        self.assert_ended(server)
        server.close()
        return proxy


class Shown(ShownTest):

    def test_as_a_transcript(self):
        proxy = self.talk("-v")
        said = self.stop(proxy)
        self.assertIn('framing digits:10\n< "0000000005Hello"\n= frame "Hello" at 0\n'
                      '> "0000000002Hi"\n< eof\n= finished\n', said)

    def test_as_events(self):
        proxy = self.talk("--json")
        self.stop(proxy)
        events = events_of(bytes(proxy.out))
        self.assertEqual(["listening", "connected", "frame", "frame", "ended", "closed"],
                         [event["event"] for event in events])
        self.assertEqual([("received", "Hello"), ("sent", "Hi")],
                         [(event["direction"], event["payload"]) for event in events
                          if event["event"] == "frame"])

    def sides(self, proxy):
        """The lines of either side's transcript, without times."""
        sides = {"client": [], "server": []}
        side = []  # of what comes before
        for line in self.stop(proxy).splitlines():
            if line.startswith("# ('"):
                side = sides["client" if f", {proxy.port}) with" in line else "server"]
            elif not line.startswith("@"):
                side.append(line)
        return sides

    def test_on_both_sides_where_they_differ(self):
        sides = self.sides(self.converse("-v"))
        self.assertEqual(["framing digits:10", '< "0000000005Hello"', '= frame "Hello" at 0',
                          '> "0000000002Hi"', "< eof", "= finished"], sides["client"])
        self.assertRegex(sides["server"].pop(0), r"^# the server's side of 127\.0\.0\.1:\d+$")
        self.assertEqual(["framing u32be", '> 00 00 00 05 "Hello"', '< 00 00 00 02 "Hi"',
                          '= frame "Hi" at 0', "< eof", "= finished"], sides["server"])

    def test_on_both_sides_where_faults_change_something(self):
        proxy, client, server = self.between("-v", "--quiet", "--fault", "drop nth=1")
        client.sendall(frame(b"one") + frame(b"two"))
        self.assert_gets(server, frame(b"two"))
        client.close()
        self.assert_ended(server)
        server.close()
        sides = self.sides(proxy)
        self.assertIn('< "0000000003one0000000003two"', sides["client"])
        self.assertIn('> "0000000003two"', sides["server"])

    def test_on_both_sides_as_explanations(self):
        sides = self.sides(self.converse("-vv"))
        self.assertIn('# header    "0000000005" = 5 bytes', sides["client"])
        self.assertIn("# header    00 00 00 02 = 2 bytes", sides["server"])

    def test_on_both_sides_as_events(self):
        proxy = self.converse("--json")
        self.stop(proxy)
        events = events_of(bytes(proxy.out))
        self.assertEqual([("connected", None), ("connected", "server"), ("frame", None),
                          ("frame", "server"), ("frame", "server"), ("frame", None)],
                         [(one["event"], one.get("side")) for one in events[1:7]])
        self.assertEqual({1}, {one["connection"] for one in events[1:]})
        connected = events[2]
        self.assertEqual((connected["from"], connected["to"]),
                         (events[4]["from"], events[4]["to"]))
        self.assertEqual("sent", events[4]["direction"])
        self.assertEqual({None, "server"},
                         {one.get("side") for one in events if one["event"] == "closed"})

    def test_on_both_sides_as_recordings(self):
        folder = Path(self.folder())
        self.stop(self.converse("--record", str(folder)))
        self.assertEqual(["1-server.pcapng", "1-server.transcript", "1.pcapng", "1.transcript"],
                         sorted(file.name for file in folder.iterdir()))
        done = self.assert_done("trace", folder / "1-server.transcript")
        self.assertIn(b'"Hi"', done)

    def test_as_recordings_with_their_times(self):
        folder = Path(self.folder())
        server = self.server("digits:10", "--quiet")
        proxy = self.proxy(server.port, "--record", str(folder))
        for texts in (["one", "two"], ["three"]):
            self.assert_done("send", "digits:10", f"{HOST}:{proxy.port}", *texts)
        self.stop(proxy)
        first, second = (folder / name for name in ("1.transcript", "2.transcript"))
        self.assertRegex(first.read_text(), r"(?m)^@ \d+us$")
        for recording in (first, second):
            done = self.assert_done("replay", recording, f"{HOST}:{server.port}", "--speed", "max")
            self.assertIn(b"no difference", done)

    def test_as_recordings_of_lines_that_are_whole(self):
        folder = Path(self.folder()) / "made" / "here"
        proxy = self.talk("--record", str(folder))
        self.stop(proxy)
        file = folder / "1.transcript"
        done = self.assert_done("trace", file)
        self.assertIn(b'"Hello"', done)
        lines = [line for line in file.read_text().splitlines() if not line.startswith(("@", "#"))]
        self.assertEqual(["framing digits:10", '< "0000000005Hello"', '= frame "Hello" at 0',
                          '> "0000000002Hi"', "< eof", "= finished"], lines)


class Captured(ShownTest):

    def recorded(self):
        folder = Path(self.folder())
        self.stop(self.converse("--record", str(folder)))
        return folder / "1.pcapng", folder / "1-server.pcapng"

    def test_for_trace(self):
        for capture, framing, lines in zip(self.recorded(), ("digits:10", "u32be"), (
                ['< "0000000005Hello"', '= frame "Hello" at 0', '> "0000000002Hi"',
                 '=> frame "Hi" at 0'],
                ['< 00 00 00 05 "Hello"', '= frame "Hello" at 0', '> 00 00 00 02 "Hi"',
                 '=> frame "Hi" at 0']), strict=True):
            text = self.assert_done("trace", capture, framing, "--brief").decode()
            self.assertEqual([f"framing {framing}", *lines, "< eof", "= finished", "> eof",
                              "=> finished"],
                             [line for line in text.splitlines() if line[0] not in "#@"])

    def test_with_the_addresses_of_the_connection(self):
        proxy, client, server = self.between("--record", str(folder := Path(self.folder())))
        client.sendall(frame(b"x" * 100_000))
        self.assert_gets(server, frame(b"x" * 100_000))
        address = client.getsockname()
        self.reset(client)
        self.assert_reset(server)
        self.stop(proxy)
        text = self.assert_done("trace", folder / "1.pcapng", "digits:10", "--brief").decode()
        self.assertIn(f"# {HOST}:{address[1]} to {HOST}:{proxy.port}\n", text)
        self.assertIn("\n< reset\n", text)
        self.assertIn("= frame", text)

    @unittest.skipUnless(TSHARK, "there is no tshark")
    def test_for_tshark_which_finds_nothing_wrong(self):
        fields = ("ip.checksum.status", "tcp.checksum.status", "tcp.seq", "tcp.ack",
                  "_ws.expert.severity", "tcp.payload")
        for capture in self.recorded():
            words = [word for name in fields for word in ("-e", name)]
            done = subprocess.run(
                [TSHARK, "-r", capture, "-o", "ip.check_checksum:TRUE", "-o",
                 "tcp.check_checksum:TRUE", "-T", "fields", *words],
                capture_output=True, text=True, check=True)
            rows = [line.split("\t") for line in done.stdout.splitlines()]
            self.assertEqual(7, len(rows))
            self.assertEqual({("1", "1")}, {(row[0], row[1]) for row in rows})
            warning = 0x600000  # what is less is a remark, such as that a connection begins
            self.assertEqual([], [row for row in rows for found in row[4].split(",")
                                  if found and int(found) >= warning])
            data = [bytes.fromhex(row[5]) for row in rows if row[5]]
            self.assertTrue(data[0].endswith(b"Hello") and data[1].endswith(b"Hi"), data)

    def test_for_replay(self):
        capture, _ = self.recorded()
        server = self.server("--framing", "digits:10", "--service", "reply:Hi", "--quiet")
        done = self.assert_done("replay", capture, "digits:10", f"{HOST}:{server.port}")
        self.assertIn(b"no difference", done)


if __name__ == "__main__":
    unittest.main()
