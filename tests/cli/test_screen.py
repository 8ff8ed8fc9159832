"""The model of a terminal that the console tests look at: it must be right before they can be."""
import unittest

from screen import Screen


class ScreenTest(unittest.TestCase):

    def assert_shows(self, lines, *parts, columns=10):
        screen = Screen(rows=3, columns=columns)
        for part in parts:
            screen.write(part if isinstance(part, bytes) else part.encode())
        self.assertEqual(lines, screen.lines())
        return screen

    def test_lines(self):
        self.assert_shows(["ab", "  c", "d"], "ab\nc\r\nd")
        self.assert_shows(["2", "3", "4"], "1\r\n2\r\n3\r\n4")

    def test_overwriting(self):
        screen = self.assert_shows(["axc"], "abc\b\bx\a")
        self.assertEqual((0, 2, 1), (screen.row, screen.column, screen.bells))

    def test_margin(self):
        self.assert_shows(["1234567890"], "1234567890")
        self.assert_shows(["1234567890", "1"], "12345678901")
        self.assert_shows(["123456789", "🎉"], "123456789🎉")

    def test_moves(self):
        self.assert_shows(["abXd", "  Y"], "abcd\x1b[2DX\x1b[1B\x1b[3GY")
        self.assert_shows(["Xb"], "ab\r\n\x1b[AX")
        self.assert_shows(["a  X"], "a\x1b[2CX")

    def test_erasing(self):
        self.assert_shows(["ab"], "abcd\x1b[2D\x1b[K")
        self.assert_shows(["a"], "ab\r\ncd\x1b[A\b\x1b[J")
        self.assert_shows(["x"], "abc\x1b[H\x1b[2Jx")

    def test_inserting_and_deleting(self):
        self.assert_shows(["aXbc"], "abc\x1b[2D\x1b[1@X")
        self.assert_shows(["aXbc"], "abc\x1b[2D\x1b[4hX\x1b[4l")
        self.assert_shows(["ac"], "abc\x1b[2D\x1b[1P")

    def test_wide_and_combining_characters(self):
        self.assertEqual(3, self.assert_shows(["🎉x"], "🎉x").column)
        self.assertEqual(2, self.assert_shows(["e\u0301x"], "e\u0301x").column)

    def test_parts_of_characters_and_of_codes(self):
        self.assert_shows(["éX"], b"\xc3", b"\xa9b\x1b", b"[1", b"DX")

    def test_what_is_not_known_is_an_error(self):
        for data in (b"\x1b[5n", b"\x1b]0;title\a", b"\x9b", b"\x01"):
            with self.assertRaises(ValueError):
                Screen().write(data + b"x")


if __name__ == "__main__":
    unittest.main()
