"""`framings`, and every framing that it lists between two ends of ours: `serve` and `send`."""
import json
import re
import socket
import unittest
from pathlib import Path

from command_line import HOST, CommandTest, receive
from transcripts import bytes_of

ALL_BYTES = bytes(range(256)) * 4
TEXT = "héllo 🎉 \x00\x1b[2J\r\n".encode()

# What a framing cannot carry is left out.
DATA = {
    "fixed:16": ALL_BYTES[240:256],
    "u8": ALL_BYTES[:255],
    "u8,offset=3,trailer=2": ALL_BYTES[:255],
    "digits:10,count=chars": TEXT,
    "digits:64,pad=space,count=chars": TEXT,
    "line": ALL_BYTES.replace(b"\n", b""),
    "delimiter:\\x03": ALL_BYTES.replace(b"\x03", b""),
    "delimiter:\\0": ALL_BYTES.replace(b"\0", b""),
    "delimiter:\\,": ALL_BYTES.replace(b",", b""),
    "mllp": ALL_BYTES.translate(None, b"\x0b\x1c"),
    "between:<<..>>": ALL_BYTES.replace(b">", b""),
    "json": b'{"text": ["h\\u00e9llo", 1, true]}',
}
TEXTS = {"fixed:16": ["sixteen bytes...", "sixteen more ..."],
         "u32be,adjust=+2,trailer=1": ["Hello", "ab"], "slip": ["Hello", "a b "],
         "json": ['"Hello"', "{}", '[{"a": 1.5}]']}
SPECS = [*DATA, "digits:10", "digits:4,pad=space", "u16be", "u16le", "u24be", "u24le", "u32be",
         "u32le", "u64be", "u64le", "u16le,magic=\\xFFab,offset=5,adjust=-7",
         "u32be,adjust=+2,trailer=1", "varint", "netstring", "octet-count", "delimiter:\\r\\n",
         "delimiter:aab", "slip", "cobs", "hex:4", "chunked",
         "content-length,max=64KiB,oversize=skip"]

FIELDS = ["databases", "messaging", "monitoring", "rpc", "networks", "telecom", "mail", "industry",
          "health", "finance", "other"]


class Listing(CommandTest):

    def rows(self):
        return json.loads(self.assert_done("framings", "--json"))

    def presets(self, *words):
        return [row for row in json.loads(self.assert_done(
            "framings", *(words or ["all"]), "--json")) if "field" in row]

    def test_every_framing(self):
        self.assertLessEqual(
            {"digits", "hex", "bcd", "fixed", "raw", "u8", "u16be", "u24le", "u48be", "u64le",
             "varint", "netstring", "octet-count", "line", "delimiter", "between", "slip", "dot",
             "json", "content-length"},
            {re.split(r"[:,\[]", one)[0] for row in self.rows() for one in row["spec"].split("|")})

    def test_every_preset(self):
        presets = self.presets()
        self.assertLessEqual({"iso8583-ascii4", "iso8583-bin2", "syslog", "gelf", "lsp", "tpkt",
                              "kafka", "protobuf-delimited", "erlang-packet4", "dns", "mllp"},
                             {row["name"] for row in presets})
        self.assertEqual(presets, self.presets(*FIELDS))
        for row in presets:
            self.assertIn(row["field"], FIELDS)
            for key in ("spec", "meaning", "source"):
                self.assertNotEqual("", row[key], row)

    def test_what_there_is_fits_a_screen(self):
        lines = self.assert_done("framings").decode().splitlines()
        self.assertLessEqual(len(lines), 24)
        names = {word.partition(":")[0] for line in lines for word in line.split()}
        for row in self.rows():
            self.assertLessEqual(set(re.split(r"[:,\[]", row["spec"])[0].split("|")), names)
        self.assertLessEqual(set(FIELDS), names)
        for field in FIELDS:
            self.assertTrue(any(re.match(rf"  {field} +{len(self.presets(field))}  ", line)
                                for line in lines), field)

    def test_it_fits_the_width_of_a_screen(self):
        for words in (["framings"], ["framings", "all"], ["framings", "mysql"], ["protocols"]):
            for line in self.assert_done(*words).decode().splitlines():
                self.assertLessEqual(len(line), 80)

    def test_a_field_says_what_its_names_are_for(self):
        shown = self.assert_done("framings", "health", "modbus").decode()
        self.assertEqual(["health (framewire framings NAME):", "modbus"],
                         [line for line in shown.splitlines() if line[0] != " "])
        for row in self.presets("health"):
            self.assertIn(f"\n  {row['name']} ", shown)
        everything = self.assert_done("framings", "all").decode()
        for row in [*self.presets(*FIELDS)]:
            self.assertIn(f"\n  {row['name']} ", everything)

    def test_some_of_them(self):
        self.assertTrue(self.assert_done("framings", "mllp").startswith(b"mllp\n    spec "))
        shown = self.assert_done("framings", "u16be", "lsp").decode()
        self.assertEqual(["u8|u16be", "lsp"],
                         [line[:8] for line in shown.splitlines() if line[0] != " "])
        self.assertNotIn("syslog", shown)
        for name in ("mllp", "hl7"):
            self.assertEqual(["mllp"], [row["name"] for row in json.loads(
                self.assert_done("framings", name, "--json"))])
        self.assertTrue(self.assert_done("protocols", "echo").startswith(b"echo\n"))
        self.assert_fails(2, ["framings", "mlpp"], "unknown framing 'mlpp'", "'mllp'?")
        self.assert_fails(2, ["framings", "databse"], "unknown framing 'databse'", "'databases'?")

    def test_a_spec(self):
        shown = self.assert_done("framings", "u16be,magic=\\xd3,adjust=2").decode()
        self.assertTrue(shown.startswith("u16be,magic=\\xd3,adjust=2\n    meaning "), shown)
        self.assertIn(r'    bytes     "\xd3\x00\x03Hello"' "\n", shown)
        shown = self.assert_done("framings", "hl7,max=64KiB").decode()
        self.assertTrue(shown.startswith("hl7,max=64KiB\n    meaning   HL7 v2 "), shown)
        self.assert_fails(2, ["framings", "u16be,magic=0xd3"], r"did you mean \xd3?")

    def test_one_protocol(self):
        shown = self.assert_done("framings", "modbus").decode()
        self.assertEqual("modbus\n    spec      u16be,lead=4\n", shown[:34])
        self.assertIn('    bytes     124 00 00 00 06 01 03 00 00 00 02'.replace("124", '12 "4"'),
                      shown)
        self.assertEqual(shown, self.assert_done("framings", "modbus-tcp").decode())
        self.assertEqual(["tpkt"], [row["name"] for row in self.presets("s7")])

    def test_the_bytes_of_each_example_are_a_frame(self):
        for row in self.rows():
            with self.subTest(row["example"]):
                server = self.server("--framing", row["example"], "--quiet")
                shown = bytes_of(f"< {row['bytes']}", "<")
                with self.connect_to(server.port) as sock:
                    sock.sendall(shown)
                    if row["example"] == "eof":
                        sock.shutdown(socket.SHUT_WR)
                    self.assertEqual(shown, receive(sock, len(shown)))
                self.assertEqual("", self.stop(server))


class BothEnds(CommandTest):
    """One server for each framing, and a client that sends it messages and a file."""

    def send(self, server, spec, *words, data=b""):
        return self.assert_done("send", f"{HOST}:{server.port}", "--framing", spec, *words,
                                data=data)

    def assert_spoken(self, spec):
        server = self.server("--framing", spec, "--quiet")
        texts = TEXTS.get(spec, ["Hello", "", "a", "a b "])
        self.assertEqual("".join(f"{text}\n" for text in texts).encode(),
                         self.send(server, spec, *texts))
        data = DATA.get(spec, ALL_BYTES)
        copy = Path(self.folder(), "copy")
        self.send(server, spec, "--file", "-", "--output", copy, data=data)
        self.assert_bytes(data, copy.read_bytes())
        self.assertEqual("", self.stop(server))

    def test_every_framing_is_spoken(self):
        for spec in SPECS:
            with self.subTest(spec):
                self.assert_spoken(spec)

    def test_every_preset_is_spoken(self):
        for spec in ("iso8583-ascii4", "tpkt,max=64KiB", "erlang-packet4"):
            with self.subTest(spec):
                self.assert_spoken(spec)

    def test_what_cannot_be_framed_is_not_sent(self):
        for spec, message, name in (("line", b"two\nlines", "frame.delimiter"),
                                    ("u8", b"x" * 256, "frame.too_large"),
                                    ("u16be,adjust=+2", b"x", "frame.wrong_size")):
            with self.subTest(spec):
                server = self.server("--framing", spec)
                words = ["send", f"{HOST}:{server.port}", "--framing", spec]
                self.assert_fails(1, [*words, "--file", "-"], name, data=message)
                self.assert_done(*words, "Hello")
                self.stop(server)
                self.assertEqual(["Hello"], [line.partition("sent: ")[2]
                                             for line in server.lines() if "sent: " in line])

    def test_a_client_of_another_framing_is_told_apart(self):
        for ours, theirs, name, sentence in (
                ("netstring", "u32be", "frame.syntax at 0", "looks like a binary length"),
                ("u32be", "digits:10", "frame.too_large at 0", "looks like a decimal header"),
                ("u32be", "u32le", "frame.too_large at 0", "looks like a little-endian length"),
                ("mllp", "line", "frame.syntax at 0", "looks like text without a header")):
            with self.subTest((ours, theirs)):
                server = self.server("--framing", f"{ours},max=64KiB", "--quiet")
                self.run_command("send", f"{HOST}:{server.port}", "--framing", theirs, "Hello")
                said = self.stop(server)
                self.assertIn(name, said)
                self.assertIn(sentence, said)


if __name__ == "__main__":
    unittest.main()
