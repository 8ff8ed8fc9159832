"""`trace --wireshark`: what Wireshark shows, traffic of our own programs, and wrong usage."""
import re
import shlex
import unittest
from pathlib import Path

from captures import ETHERNET, Ear
from command_line import HOST, TIMEOUT, CommandTest, receive_to_end
from dissected import WiresharkTest, said_by_tshark

PAGE = Path(__file__).resolve().parents[2] / "docs/wireshark.md"

class Display(WiresharkTest):

    def shown(self, spec, *segments, options=("-O", "framewire")):
        capture = self.capture()
        capture.add(segments)
        text = capture.show(self.script(spec), *options, "-Y", "framewire")
        return [line for line in text[text.find("framewire"):].splitlines() if line]

    def test_the_tree(self):
        self.assertEqual([
            'framewire digits:10,count=chars, "This is a longer message"',
            '    Header: "0000000024" = 24',
            "    Length: 24 characters",
            '    Payload: "This is a longer message"',
            "        Text: This is a longer message",
        ], self.shown("digits:10,count=chars", b"0000000024This is a longer message"))

    def test_bytes_and_trailers(self):
        self.assertEqual([
            r'framewire tpkt,trailer=2, "\xff%s\n\x00"',
            r'    Header: "\x03\x00\x00\t" = 5',
            "    Length: 5 bytes",
            r'    Payload: "\xff%s\n\x00"',
            "    Trailer: 0102",
        ], self.shown("tpkt,trailer=2", b"\x03\0\0\x09\xff%s\n\0\1\2"))

    def test_a_length_that_nobody_wrote(self):
        self.assertEqual(["framewire line, \"Hi\"", "    [Length: 2 bytes]", '    Payload: "Hi"',
                          "        Text: Hi", "    Trailer: 0d0a"], self.shown("line", b"Hi\r\n"))

    def test_a_payload_that_begins_before_its_length(self):
        self.assertEqual([
            'framewire u32be,lead=1,adjust=-4, "QHello"',
            r'    Header: "Q\x00\x00\x00\t" = 6',
            "    Length: 6 bytes",
            "    Written as: 48656c6c6f",
            '    Payload: "QHello"',
            "        Text: QHello",
        ], self.shown("u32be,lead=1,adjust=-4", b"Q\0\0\0\x09Hel", b"lo"))

    def test_a_payload_that_is_written_in_other_bytes(self):
        self.assertEqual([
            r'framewire slip, "He\xc0l"',
            r'    Header: "\xc0"',
            "    [Length: 4 bytes]",
            "    Written as: 4865dbdc6c",
            r'    Payload: "He\xc0l"',
            "    Trailer: c0",
        ], self.shown("slip", b"\xc0He\xdb\xdc", b"l\xc0"))

    def test_a_payload_in_fragments(self):
        self.assertEqual([
            'framewire u8,mask=7f,last=80, "Hello"',
            r'    Header: "\x03"',
            "    [Length: 5 bytes]",
            "    Written as: 48656c826c6f",
            '    Payload: "Hello"',
            "        Text: Hello",
        ], self.shown("u8,mask=7f,last=80", b"\x03Hel\x82l", b"o"))

    def test_a_length_that_is_a_message(self):
        self.assertEqual([
            "framewire hex:4,adjust=-4,idle=0-2, idle",
            '    Header: "0001"',
            "    Idle: 1",
        ], self.shown("hex:4,adjust=-4,idle=0-2", b"0001"))

    def test_another_dissector_reads_the_payload(self):
        capture = self.capture()
        capture.add([b'\x0b{"a":1}\x1c\r',
                     b"\x0bMSH|^~\\&|A|B|C|D|20260101||ORU^R01|1|P|2.5\rPID|1||123\r\x1c\r"])
        for name, part in (("json", "Member: a"), ("hl7", "field 4: 123")):
            script = self.script("mllp", more=("--payload", name))
            self.assertIn(part, capture.show(script, "-O", f"framewire,{name}", "-Y", name))

    def test_a_dissector_that_wireshark_does_not_know(self):
        capture = self.capture()
        capture.add([b"0002Hi"])
        with self.assertRaisesRegex(AssertionError, "Wireshark has no dissector 'nosuch'"):
            capture.show(self.script("digits:4", more=("--payload", "nosuch")))

    def test_an_error(self):
        place = "frame.length_syntax at byte 3 of the frame"
        self.assertEqual([
            "framewire digits:4, frame.length_syntax",
            f'    Error: {place}: "012+Hello" where 4 bytes of decimal digits were expected',
            f"        [Expert Info (Error/Malformed): {place}]",
            f"            [{place}]",
            "            [Severity level: Error]",
            "            [Group: Malformed]",
        ], self.shown("digits:4", b"012+Hello"))

    def test_the_info_column(self):
        def info(spec, *segments):
            return self.shown(spec, *segments, options=("-T", "fields", "-e", "_ws.col.Protocol",
                                                        "-e", "_ws.col.Info"))

        self.assertEqual(['framewire\t2 frames: "Hello", "exit"'],
                         info("digits:4", b"0005Hello0004exit"))
        self.assertEqual(['framewire\t1 frame: ""'], info("digits:4", b"0000"))
        self.assertEqual(['framewire\t2 frames: "Hello", "exit", frame.syntax'],
                         info("digits:4", b"0005He", b"llo0004exitGET /"))
        self.assertEqual([f'framewire\t1 frame: "{40 * "x"}"...'],
                         info("digits:4", b"0100" + 100 * b"x"))
        self.assertEqual(["framewire\t60 frames: " + 15 * '"abcd", ' + "..."],
                         [line.replace('"abcd", ' * 13, '"abcd", ' * 15) for line in
                          info("u8", 60 * b"\4abcd")])

    def test_display_filters(self):
        capture = self.capture()
        capture.add([b"5:Hello,", b"4:exit,", b"GET / HTTP/1.1"])
        script = self.script("netstring")
        for wanted, number in (('framewire.payload contains "xi"', "4"),
                               ('framewire.text == "Hello"', "3"), ("framewire.length > 4", "3"),
                               ("framewire.header == 34:3a", "4"), ("framewire.trailer", "3,4"),
                               ('framewire.error == "frame.syntax"', "5"), ("framewire", "3,4,5")):
            text = capture.show(script, "-Y", wanted, "-T", "fields", "-e", "frame.number")
            self.assertEqual(number.split(","), text.split(), wanted)

    def test_other_ports_are_left_alone(self):
        capture = self.capture()
        capture.add([b"0005Hello"], port=7001)
        self.assertEqual("", capture.show(self.script("digits:4"), "-Y", "framewire"))


class Page(WiresharkTest):

    def test_the_examples_of_the_page(self):
        capture = self.capture()
        capture.add([b"0000000005Hello", b"0000000024This ", b"is a longer mes",
                     b"sage0000000004exit"],
                    [b"0000000005Hello0000000024This is a longer message", b"0000000004exit"],
                    port=1236)
        capture.add([b"GET / HTTP/1.1\r\n\r\n"], port=1236)
        script = self.script("digits:10,count=chars", 1236)
        blocks = re.findall(r"(?m)^    \$ tshark -r capture.pcap -X lua_script:framewire.lua (.*)\n"
                            r"((?:    .*\n)+)", PAGE.read_text())
        self.assertEqual(3, len(blocks))
        for options, text in blocks:
            shown = capture.show(script, *shlex.split(options))
            self.assertEqual(text.split(), shown.split(), options)


class RealTraffic(WiresharkTest):

    def ear(self, port):
        try:
            ear = Ear(port, TIMEOUT)
        except PermissionError:
            self.skipTest("capturing is not permitted")
        self.addCleanup(ear.close)
        return ear

    def test_a_conversation_with_serve(self):
        """What goes over the loopback device is what both ends have said."""
        server = self.server("walkthrough")
        ear = self.ear(server.port)
        messages = ("Hello", "héllo wörld", "", "0123456789é" * 20_000, "exit")
        self.assertEqual("".join(f"{message}\n" for message in messages).encode(),
                         self.assert_done("send", "walkthrough", f"{HOST}:{server.port}",
                                          data="".join(f"{message}\n" for message in messages)
                                          .encode()))
        capture = self.capture(begins_with=ETHERNET)
        ear.write(capture)
        self.assertGreater(capture.records, 12)
        said = capture.read(self.script("digits:10,count=chars", server.port), ports=(server.port,))
        expected = [message.encode() for message in messages]
        for side in (True, False):
            self.assertEqual(expected, said_by_tshark(said[0, side]).payloads)

    def test_another_protocol(self):
        server = self.server("walkthrough")
        ear = self.ear(server.port)
        client = self.connect_to(server.port)
        client.sendall(b"GET / HTTP/1.1\r\n\r\n")
        self.assertEqual(b"", receive_to_end(client))
        client.close()
        server.find_error("frame.syntax at 0")
        capture = self.capture(begins_with=ETHERNET)
        ear.write(capture)
        said = capture.read(self.script("digits:10,count=chars", server.port), ports=(server.port,))
        self.assertEqual(("frame.syntax", 0), said_by_tshark(said[0, True]).wrong)


class Options(CommandTest):

    def test_wrong_usage(self):
        for words, part in (
                (("--wireshark", "digits:10"), "--wireshark needs --port N"),
                (("--wireshark", "digits:x", "--port", "1"), '"digits:x": expected a width'),
                (("--wireshark", "raw", "--port", "0"), "--port"),
                (("--wireshark", "raw", "--port", "65536"), "--port"),
                (("--wireshark", "raw", "--port", "x"), "--port"),
                (("--payload", "json"), "--payload needs --wireshark"),
                (("--wireshark", "raw", "--port", "1", "--payload", 'x"'), "name of a dissector"),
                (("--wireshark", "raw", "--port", "1", "Hello"), "and nothing else"),
                (("--wireshark", "raw", "--port", "1", "--", "Hello"), "and nothing else"),
                (("--wireshark", "raw", "--port", "1", "--chunk", "3"), "and nothing else")):
            with self.subTest(words):
                self.assert_fails(2, ["trace", *words], part)

    def test_the_script_is_lua_whatever_the_spec(self):
        for spec in (r"delimiter:\x00\xff\\", 'delimiter:"]]--', "delimiter:\n", "delimiter:é"):
            text = self.assert_done("trace", "--wireshark", spec, "--port", "65535").decode()
            self.assertTrue(text.isascii() or "é" in spec, text[:300])


if __name__ == "__main__":
    unittest.main()
