"""The page that `trace --html` writes: what it plays, how it is used, and how it looks."""
import json
import unittest
from pathlib import Path

from browser import CHROMIUM
from captures import Capture
from transcripts import frame_of, message_for
from walk_pages import EVIL, LONGER, BrowserTest, PageTest, Reading

WALKTHROUGH = ("walkthrough", "--chunk", "15", LONGER)
COUNTS = ["No bytes yet", "5 of 24 characters", "20 of 24 characters",
          "24 of 24 characters, complete", "24 of 24 characters, complete"]


class Text(PageTest):

    def test_it_is_whole_and_needs_nothing_else(self):
        page = self.write(*WALKTHROUGH).read_text()
        reading = Reading(page)
        self.assertEqual([], reading.open)
        for name, value in reading.attributes:
            self.assertNotIn(name, ("src", "onclick", "style", "action"))
            if name == "href":
                self.assertEqual("data:,", value)
        self.assertNotIn("http://", page)
        self.assertNotIn("https://", page)
        self.assertIn("connect-src 'none'", page)

    def test_the_steps_of_the_walkthrough(self):
        walk = self.walk(*WALKTHROUGH)
        chunks = walk["steps"][:-1]
        self.assertEqual([15, 15, 4], [one["size"] for one in chunks])
        self.assertEqual([(5, "24"), (20, "24"), (24, "24")],
                         [(one["frames"][0]["counted"], one["frames"][0]["announced"])
                          for one in chunks])
        self.assertEqual(["payload", "payload", "complete"],
                         [one["frames"][0]["stage"] for one in chunks])
        self.assertEqual("eof", walk["steps"][-1]["what"])
        self.assertEqual(f"0000000024{LONGER}", bytes.fromhex(walk["hex"]).decode())

    def test_the_same_twice(self):
        self.assertEqual(*(self.write("walkthrough", "Hello").read_bytes() for _ in range(2)))

    def test_every_framing(self):
        for framing in json.loads(self.assert_done("framings", "--json")):
            spec = framing["example"]
            with self.subTest(spec):
                message = message_for(spec)
                walk = self.walk("-f", spec, "--chunk", "3", message)
                chunks = [step for step in walk["steps"] if step["what"] == "chunk"]
                said = [frame["events"] for step in chunks for frame in step["frames"]]
                said = [one.removeprefix("= ").rstrip("\n") for one in filter(None, said)]
                if spec == "eof":
                    self.assertEqual([], said)  # its end tells it
                elif spec != "raw":
                    self.assertEqual([(message, 0)], list(map(frame_of, said)))
                frame = chunks[-1]["frames"][-1]
                self.assertEqual(len(walk["hex"]) // 2, frame["at"] + sum(
                    frame[part] for part in ("header", "payload", "trailer")))

    def test_large_streams_are_cut(self):
        walk = self.walk("-f", "u32be", "x" * 100_000)
        self.assertEqual((True, 100_004, 2 * 4096),
                         (walk["cut"], walk["size"], len(walk["hex"])))
        walk = self.walk("-f", "u32be", "--chunk", "1", "x" * 3000)
        self.assertEqual((True, 2000, 3004), (walk["cut"], len(walk["steps"]), walk["chunks"]))
        self.assertFalse(self.walk("-f", "u32be", "x" * 4092)["cut"])

    def test_captured_bytes(self):
        dump = Path(self.folder()) / "dump"
        dump.write_text('# a remark\nframing u8\n< 05 "He"\n> 02 "ok"\n< "llo" 03 "x"\n< eof\n')
        walk = self.walk("--hex", dump)
        self.assertEqual(["chunk", "reply", "chunk", "eof"], [one["what"] for one in walk["steps"]])
        self.assertEqual(["a remark"], walk["steps"][0]["notes"])
        self.assertEqual("frame.truncated", walk["error"]["name"])
        self.assertEqual(("026f6b", 1, 2), (walk["steps"][1]["hex"],
                                            walk["steps"][1]["frames"][0]["header"],
                                            walk["steps"][1]["frames"][0]["payload"]))

    def test_numbers_that_a_browser_cannot_hold(self):
        dump = Path(self.folder()) / "dump"
        dump.write_text("ff ff ff ff ff ff ff fe 01")
        walk = self.walk("-f", "u64be,oversize=skip", "--hex", dump)
        self.assertEqual(str(2**64 - 2), walk["steps"][0]["frames"][0]["announced"])

    def test_files(self):
        folder = Path(self.folder())
        path = folder / "page.html"
        path.write_text("old")
        self.assert_done("trace", "walkthrough", "--html", path)
        self.assertTrue(path.read_text().startswith("<!DOCTYPE html>"))
        self.assertEqual([path], list(folder.iterdir()))
        self.assert_done("trace", "walkthrough", "--html", "/dev/null")
        self.assertTrue(Path("/dev/null").is_char_device())
        self.assert_fails(1, ["trace", "--html", folder / "no" / "page", "walkthrough"],
                          "cannot write")
        self.assert_fails(2, ["trace", "walkthrough", "--html", path, "--serve"], "--serve")

    def test_a_message_that_cannot_be_framed_leaves_no_file(self):
        path = Path(self.folder()) / "page.html"
        self.assert_fails(1, ["trace", "greeting", "short", "--html", path], "frame.wrong_size")
        self.assertFalse(path.exists())


@unittest.skipUnless(CHROMIUM, "there is no chromium")
class InABrowser(BrowserTest):

    def count(self):
        return self.text("#count")

    def test_buttons(self):
        self.browse(*WALKTHROUGH)
        seen = [self.count()]
        for _ in range(4):
            self.click("#step")
            seen.append(self.count())
        self.assertEqual(COUNTS, seen)
        self.click("#step")  # there is no more
        self.assertEqual("step 4 of 4", self.text("#where"))
        self.click("#back")
        self.click("#back")
        self.assertEqual(COUNTS[2], self.count())
        self.assertEqual("step 2 of 4", self.text("#where"))

    def test_keys(self):
        self.browse(*WALKTHROUGH)
        for key, step in (("ArrowRight", 1), ("ArrowRight", 2), ("ArrowLeft", 1), ("End", 4),
                          ("Home", 0)):
            self.browser.press(key)
            self.assertEqual(COUNTS[step], self.count(), key)
        self.browser.press(" ")
        self.assertIn("Pause", self.text("#play"))
        self.browser.press(" ")
        self.assertIn("Play", self.text("#play"))

    def test_a_focused_button_keeps_its_key(self):
        self.browse(*WALKTHROUGH)
        self.browser.run("document.querySelector('#step').focus()")
        self.browser.press(" ")
        self.assertEqual(COUNTS[1], self.count())
        self.assertIn("Play", self.text("#play"))

    def test_scrubbing(self):
        self.browse(*WALKTHROUGH)
        self.browser.run("document.querySelector('#scrub').focus()")
        self.browser.press("ArrowRight")
        self.assertEqual(COUNTS[1], self.count())
        self.browser.press("End")
        self.assertEqual(COUNTS[4], self.count())
        self.browser.run("""(() => { const scrub = document.querySelector('#scrub');
            scrub.value = 2; scrub.dispatchEvent(new Event("input")); })()""")
        self.assertEqual(COUNTS[2], self.count())
        self.assertEqual("step 2 of 4",
                         self.browser.run("document.querySelector('#scrub').ariaValueText"))

    def test_playing(self):
        self.browse(*WALKTHROUGH)
        self.browser.run("""(() => { const speed = document.querySelector('#speed');
            speed.value = 10; speed.dispatchEvent(new Event("change")); })()""")
        for _ in range(2):  # the second time from the beginning again
            self.click("#play")
            self.assertIn("Pause", self.text("#play"))
            self.browser.wait_for("document.querySelector('#where').textContent === 'step 4 of 4'")
            self.assertIn("Play", self.text("#play"))

    def test_what_a_step_says(self):
        self.browse(*WALKTHROUGH, fragment="#1")
        self.assertEqual("Chunk 1 of 3: 15 bytes, 0 to 14", self.text("#step-title"))
        self.assertEqual(["header", "payload"], self.texts("#findings dt"))
        self.assertIn('"0000000024" = 24 characters', self.texts("#findings dd")[0])
        self.assertIn("5 < 24, continue", self.text("#findings .check"))
        self.assertEqual('In a message of 24 characters, 5 assembled: "This "',
                         self.text("#state"))
        live = self.text("#live")
        for words in ("Chunk 1 of 3", "5 < 24, continue", "5 assembled"):
            self.assertIn(words, live)
        self.browser.press("End")
        self.assertEqual([f'frame "{LONGER}" at 0', "finished"], self.texts("#events li"))

    def test_parts_are_told_by_more_than_colour(self):
        self.browse("-f", "netstring", "--chunk", "4", "hello", fragment="#1")
        self.assertEqual(list("HHPP····"), self.texts("#bytes u"))
        self.browser.press("End")
        self.assertEqual(list("HHPPPPPT"), self.texts("#bytes u"))
        rules = self.browser.run("""[...new Set([...document.querySelectorAll("#bytes b")].map(
            one => getComputedStyle(one).borderBottomStyle))]""")
        self.assertEqual(["double", "solid", "dashed"], rules)
        self.assertEqual(
            ["chunk 1, header, bytes 0 to 1: 5 :.", "chunk 1, payload, bytes 2 to 3: h e.",
             "chunk 2, payload, bytes 4 to 6: l l o.", "chunk 2, trailer, byte 7: ,."],
            self.texts("#bytes .hidden"))

    def test_a_wrong_byte(self):
        dump = Path(self.folder()) / "dump"
        dump.write_text('"00000x0024Thi"')
        self.browse("walkthrough", "--hex", dump, "--chunk", "8", fragment="#2")
        self.assertEqual("HHHHH✕" + "–" * 7, "".join(self.texts("#bytes u")))
        self.assertIn("failed frame.length_syntax at 5", self.texts("#events li")[0])
        self.assertEqual("6 bytes of a header, failed", self.text("#count"))
        self.assertEqual("failed", self.text("#stages [aria-current]"))

    def capture(self, text):
        dump = Path(self.folder()) / "dump"
        dump.write_text(f"framing digits:2\n{text}")
        return dump

    def test_captured_bytes_open_where_they_fail_or_end(self):
        for text, where in (('< "05He"\n< "llox7"\n< "more"\n', "step 2 of 3"),
                            ('< "05He"\n< "llo"\n', "step 2 of 2")):
            self.browse("--hex", self.capture(text))
            self.assertEqual(where, self.text("#where"))
            self.assertIn('frame "Hello" at 0', self.texts("#events li"))
        self.browse("-f", "digits:2", "Hello")
        self.assertEqual("start", self.text("#where"))

    def test_it_opens_where_the_server_fails(self):
        self.browse("--hex", self.capture('< "02Hi"\n> "02yo" "0x"\n< "03you"\n'))
        self.assertEqual("step 2 of 3", self.text("#where"))
        self.assertEqual("HHPPH✕", "".join(self.texts("#findings u")))
        self.assertEqual("What the client has now", self.text("#receiver-title"))
        self.assertEqual("failed", self.text("#stages [aria-current]"))
        self.assertEqual(['frame "Hi" at 0', 'server: frame "yo" at 0'],
                         self.texts("#events li")[:2])
        self.assertIn("server: failed frame.length_syntax at 5", self.texts("#events li")[2])
        self.browser.press("ArrowRight")
        self.assertEqual("3 of 3 bytes, complete", self.count())

    def test_frames_lead_to_their_steps(self):
        self.browse("--hex", self.capture('< "02Hi" "05He"\n> "02yo"\n< "llo0x"\n'))
        self.assertEqual(['→ 0: "Hi"', '→ 4: "Hello"', '← 0: "yo"', "→ 11: ✕ frame.length_syntax"],
                         self.texts("#frames button"))
        self.click("#frames li:nth-child(3) button")
        self.assertEqual("step 2 of 3", self.text("#where"))
        self.assertEqual('← 0: "yo"', self.text("#frames [aria-current]"))
        self.browser.wait_for("location.hash === '#step=2'")

    def test_what_follows_a_gap_is_read_anew(self):
        self.browse("--hex", self.capture('< "02Hi0x"\n< gap 1448\n< "03you"\n'), fragment="#2")
        self.assertEqual("1448 bytes of the peer are missing", self.text("#step-title"))
        self.browser.press("ArrowRight")
        self.assertEqual("3 of 3 bytes, complete", self.count())
        self.assertEqual("HHPPH✕HHPPP", "".join(self.texts("#bytes u")))

    def test_the_ends_and_times_of_a_capture(self):
        capture = Capture(f"{self.folder()}/capture.pcap")
        capture.add([b"02Hi"], [b"02yo"])
        capture.file.close()
        self.browse("digits:2", "--hex", capture.path, fragment="#1")
        self.assertRegex(self.text("#talk"),
                         r"^10\.1\.0\.1:40000 to 10\.0\.0\.1:7000, 1970-01-01T00:00:00\.\d+Z to ")
        self.assertRegex(self.text("#step-title"), r"0 to 3 @ 00:00:00\.\d{6} #3$")
        self.browse(*WALKTHROUGH)
        self.assertTrue(self.browser.run("document.querySelector('#talk').hidden"))

    def test_the_stream_shows_where_it_failed(self):
        inside = """(() => {
            const list = document.querySelector("#bytes").getBoundingClientRect();
            const one = document.querySelector(%r)?.getBoundingClientRect();
            return one && list.top <= one.top && one.bottom <= list.bottom && one.height > 0;
            })()"""
        for text, mark, letters in ((f'< "{"05Hello" * 80}x"\n< eof\n', "#bytes .wrong", "✕"),
                                    (f'< "{"05Hello" * 80}05He"\n< eof\n', "#bytes .ended",
                                     "✕ frame.truncated")):
            self.browse("--hex", self.capture(text))
            for key in ("End", "Home", "End"):
                self.browser.press(key)
                self.assertEqual(key == "End", bool(self.browser.run(inside % mark)),
                                 (text[-20:], key))
            self.assertIn(letters, self.text(mark))

    def test_the_address_has_the_step(self):
        self.browse(*WALKTHROUGH)
        self.browser.press("ArrowRight")
        self.browser.press("ArrowRight")
        self.browser.wait_for("location.hash === '#step=2'")
        self.open(self.browser.run("location.href"))
        self.assertEqual("step 2 of 4", self.text("#where"))

    def test_on_a_narrow_screen_the_buttons_stay(self):
        self.browse(*WALKTHROUGH, width=390)
        self.browser.run("scrollTo(0, document.body.scrollHeight)")
        top = self.browser.run("document.querySelector('#step').getBoundingClientRect().top")
        self.assertTrue(0 <= top < 100, top)

    def test_counts_of_other_framings(self):
        for spec, counts in (("line", ["3 bytes so far", "5 bytes, complete"]),
                             ("u32be", ["3 bytes of a header", "2 of 5 bytes"]),
                             ("raw", ["3 bytes, complete", "2 bytes, complete"]),
                             ("fixed:5", ["3 of 5 bytes", "5 of 5 bytes, complete"])):
            with self.subTest(spec):
                self.browse("-f", spec, "--chunk", "3", "Hello", fragment="#1")
                seen = [self.count()]
                self.browser.press("ArrowRight")
                self.assertEqual(counts, [*seen, self.count()])

    def test_text_from_outside_is_text(self):
        self.browse("-f", "u16be", EVIL, "\x01\x1b[31m\t\x7f", "wide 你好, a\u0301, \u202e")
        self.browser.press("End")
        self.assertEqual("framewire trace: u16be", self.browser.run("document.title"))
        self.assertEqual(0, self.browser.run("document.querySelectorAll('main b > *').length"))
        self.assertIn(EVIL.replace('"', '\\"'), self.texts("#events li")[0])
        self.assertEqual(["你", "好"], [sign for sign in self.texts("#bytes s.of") if sign][:2])

    def test_bytes_that_are_no_text(self):
        dump = Path(self.folder()) / "dump"
        dump.write_text("04 ff c3 00 fe")
        self.browse("-f", "u8", "--hex", dump, fragment="#1")
        self.assertEqual(["04", "ff", "c3", "00", "fe"], self.texts("#bytes .cell b"))

    def test_no_request_leaves_it(self):
        self.browse(*WALKTHROUGH)
        self.browser.press("End")
        self.browser.run("fetch('http://127.0.0.1:9/').catch(() => 0)")
        self.assertEqual(1, len(self.browser.requests), self.browser.requests)
        self.browser.faults.clear()  # that the fetch was refused

    def test_a_binary_header_is_in_hexadecimal(self):
        self.browse("-f", "u8", "x" * 75)
        self.assertEqual(["4b", "x"], self.texts("#bytes .cell b")[:2])
        self.browse("-f", "digits:2", "x" * 75)
        self.assertEqual(["7", "5", "x"], self.texts("#bytes .cell b")[:3])
        self.browse("-f", "u8,first=digits:2", "A", "x" * 75)  # each frame as its framing is
        self.assertEqual(["0", "1", "A", "4b", "x"], self.texts("#bytes .cell b")[:5])
        self.browse("-f", "u8", "A" * 33, "B" * 34, "--chunk", "0", fragment="#1")
        self.assertEqual(f'< 21 "{33 * "A"}" 22 "{34 * "B"}"', self.text("#line"))
        text = self.assert_done("trace", "-f", "u8", "A" * 33, "--chunk", "0").decode()
        self.assertIn(f'\n< 21 "{33 * "A"}"\n', text)

    def test_what_is_left_out_is_said(self):
        self.browse("-f", "u32be", "--chunk", "1000", "x" * 9000)
        self.assertEqual("This page shows the first 4096 bytes of 9004, in the first 5 chunks of "
                         "10. The rest is left out.", self.text("#left-out"))
        self.browse(*WALKTHROUGH)
        self.assertTrue(self.browser.run("document.querySelector('#left-out').hidden"))

    def test_it_fits_every_width(self):
        for words in (WALKTHROUGH, ("acknowledge", "x" * 300), ("-f", "content-length", "é" * 20)):
            for width in (320, 360, 800, 1280):
                with self.subTest((words[0], width)):
                    self.browse(*words, fragment="#1", width=width)
                    self.assertEqual(width, self.browser.run(
                        "document.documentElement.scrollWidth"))

    def test_contrast(self):
        script = """(() => {
          const parse = colour => colour.match(/[\\d.]+/g).map(Number);
          const light = ([r, g, b]) => [r, g, b].map(v => v / 255).map(
              v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
              .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
          const ground = element => {
            for (let one = element; one; one = one.parentElement) {
              const colour = parse(getComputedStyle(one).backgroundColor);
              if (colour.length === 3 || colour[3] > 0) return colour;
            }
            return [255, 255, 255];
          };
          const low = [];
          for (const one of document.querySelectorAll("body *")) {
            const own = [...one.childNodes].some(node => node.nodeType === 3 && node.data.trim());
            if (!own || one.closest(".hidden, script, noscript, [hidden], datalist")) continue;
            const [a, b] = [light(parse(getComputedStyle(one).color)), light(ground(one))];
            const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
            if (ratio < 4.5) low.push([one.tagName, one.className, one.textContent, ratio]);
          }
          return low; })()"""
        dump = Path(self.folder()) / "dump"
        dump.write_text('"5:hello,3:abcX1:a,"')
        for dark in (False, True):
            for step in range(4):
                self.browse("-f", "netstring", "--hex", dump, "--chunk", "9",
                            fragment=f"#{step}", dark=dark)
                self.assertEqual([], self.browser.run(script))
        self.assertEqual("rgb(17, 21, 27)",
                         self.browser.run("getComputedStyle(document.body).backgroundColor"))

    def test_motion_is_for_who_wants_it(self):
        self.browse(*WALKTHROUGH, fragment="#1")
        script = "getComputedStyle(document.querySelector('.cell.now')).animationName"
        self.assertEqual("none", self.browser.run(script))
        self.browser.look(1280, reduced_motion=False)
        self.assertEqual("arrive", self.browser.run(script))


if __name__ == "__main__":
    unittest.main()
