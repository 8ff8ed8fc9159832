"""`name[:argument][,option=value]...`, taken apart. Whether it is a legal one is not asked."""
import re
from typing import NamedTuple

PRESETS = {
    "mllp": r"between:\x0b..\x1c\r",
    "iso8583-ascii4": "digits:4", "iso8583-bin2": "u16be", "syslog": "syslog-any",
    "netstring": r"decimal::,end=\,", "octet-count": r"decimal:\x20",
    "gelf": r"delimiter:\0",
    "lsp": "content-length", "tpkt": r"u16be,magic=\x03\x00,adjust=-4", "kafka": "u32be",
    "protobuf-delimited": "varint", "erlang-packet4": "u32be",
}
UNITS = {"": 1, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30, "kB": 10**3, "MB": 10**6, "GB": 10**9}
ESCAPES = {"r": b"\r", "n": b"\n", "t": b"\t", "0": b"\0", "\\": b"\\", ",": b","}


class Spec(NamedTuple):
    name: str
    argument: str
    options: dict
    others: tuple = ()  # values of the option `or`

    def number(self, option):
        return int(self.options.get(option, "0"))

    def hexadecimal(self, option):
        return int(self.options[option], 16) if option in self.options else None

    def bytes(self, option):
        return unescape(self.options.get(option, ""))


def parse(text):
    for preset, meaning in PRESETS.items():
        if text == preset or text.startswith(preset + ","):
            text = meaning + text[len(preset):]
    first, *options = re.findall(r"(?:\\.|[^,\\])+", text)
    name, _, argument = first.partition(":")
    pairs = [option.split("=", 1) for option in options]
    others = tuple(value for key, value in pairs if key == "or")
    return Spec(name, argument, dict(pairs), others)


def size(text):
    digits, unit = re.fullmatch(r"(\d+)(\D*)", text).groups()
    return int(digits) * UNITS[unit]


def unescape(text):
    found = re.findall(r"\\x([0-9a-fA-F]{2})|\\(.)|([^\\]+)", text)
    return b"".join(bytes.fromhex(code) or ESCAPES.get(escape) or plain.encode()
                    for code, escape, plain in found)
