"""A model of a terminal: what stands on the screen after a program has written to it. It knows
what line editors use: CR, LF, BS, tabs, automatic margins, the cursor's moves, and erasing,
inserting and deleting. What it does not know is an error, so that no test passes by luck.
"""
import codecs
import re
import unicodedata

CONTROL = re.compile(r"\x1b\[[?]?([0-9;]*)([@-~])|\x1b[=>]")
UNFINISHED = re.compile(r"\x1b(\[[?]?[0-9;]*)?\Z")
IGNORED = "mlt"  # colours and modes
BLANK = " "
TAB = 8


def width_of(character):
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Screen:
    """`row` and `column` count from 0; the right half of a wide character is an empty cell."""

    def __init__(self, rows=40, columns=80):
        self.rows, self.columns = rows, columns
        self.cells = [[BLANK] * columns for _ in range(rows)]
        self.row = self.column = 0
        self.decoder = codecs.getincrementaldecoder("utf-8")("strict")
        self.pending = ""
        self.bells = 0
        self.inserting = False

    def write(self, data):
        text = self.pending + self.decoder.decode(data)
        self.pending = ""
        while text:
            if UNFINISHED.match(text):
                self.pending = text
                return
            if control := CONTROL.match(text):
                self._obey(control)
                text = text[control.end():]
            else:
                self._put(text[0])
                text = text[1:]

    def lines(self):
        """Without trailing blanks, and without the empty lines at the end."""
        lines = ["".join(cells).rstrip() for cells in self.cells]
        while lines and not lines[-1]:
            lines.pop()
        return lines

    def _put(self, character):
        if character == "\r":
            self.column = 0
        elif character == "\n":
            self._down()
        elif character == "\b":
            self.column = max(0, min(self.column, self.columns) - 1)
        elif character == "\0":
            pass
        elif character == "\a":
            self.bells += 1
        elif character == "\t":
            self.column = min(self.columns - 1, (self.column // TAB + 1) * TAB)
        elif not character.isprintable():
            raise ValueError(f"raw control character {character!r} on the screen")
        else:
            self._print(character, width_of(character))

    def _print(self, character, width):
        if width == 0:
            self.cells[self.row][max(0, self.column - 1)] += character
            return
        if self.column + width > self.columns:
            self.column = 0
            self._down()
        cells = self.cells[self.row]
        if self.inserting:
            self._insert(width)
        cells[self.column:self.column + width] = [character] + [""] * (width - 1)
        self.column += width

    def _down(self):
        self.row += 1
        if self.row == self.rows:
            self.row -= 1
            self.cells = self.cells[1:] + [[BLANK] * self.columns]

    def _obey(self, control):
        name = control[2]
        if name is None or name in IGNORED:
            return
        if name == "h":
            self.inserting = control[1] == "4" or self.inserting
            return
        action = {"A": self._up, "B": self._lower, "C": self._right, "D": self._left,
                  "G": self._to_column, "H": self._to, "J": self._erase_below,
                  "K": self._erase_right, "P": self._delete, "@": self._insert}.get(name)
        if action is None:
            raise ValueError(f"the screen does not know {control[0]!r}")
        action(*[int(number) for number in control[1].split(";") if number])

    def _up(self, count=1):
        self.row = max(0, self.row - count)

    def _lower(self, count=1):
        self.row = min(self.rows - 1, self.row + count)

    def _right(self, count=1):
        self.column = min(self.columns - 1, self.column + count)

    def _left(self, count=1):
        self.column = max(0, min(self.column, self.columns - 1) - count)

    def _to_column(self, column=1):
        self.column = column - 1

    def _to(self, row=1, column=1):
        self.row, self.column = row - 1, column - 1

    def _erase_right(self, mode=0):
        start = {0: self.column, 1: 0, 2: 0}[mode]
        end = self.column + 1 if mode == 1 else self.columns
        self.cells[self.row][start:end] = [BLANK] * (end - start)

    def _erase_below(self, mode=0):
        first = self.row + 1 if mode == 0 else 0
        if mode == 0:
            self._erase_right()
        for row in range(first, self.rows):
            self.cells[row] = [BLANK] * self.columns

    def _delete(self, count=1):
        cells = self.cells[self.row]
        del cells[self.column:self.column + count]
        cells += [BLANK] * (self.columns - len(cells))

    def _insert(self, count=1):
        cells = self.cells[self.row]
        cells[self.column:self.column] = [BLANK] * count
        del cells[self.columns:]
