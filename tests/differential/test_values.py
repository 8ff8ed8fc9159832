"""Payloads that end by themselves: values, and messages that say what follows."""
import unittest

import streams
from comparison import Comparison
from specs import specs_of


class Values(Comparison):
    """Frames are values that are made up."""

    def payloads(self, frames, rng):
        yield from super().payloads(frames, rng)
        for _ in range(60):
            value = frames.made_up(rng)
            yield value
            yield streams.spoil(rng, self.tokens, value)
            yield value + frames.made_up(rng)


class Resp(Values, unittest.TestCase):
    specs = specs_of("resp", "resp")
    refused = ("resp:1", "resp,count=chars")
    sample = b"*3\r\n$2\r\nHi\r\n:-1\r\n|1\r\n+a\r\n#t\r\n_\r\n"
    tokens = [b"\r\n", b"\r", b"\n", b"+OK\r\n", b"$-1\r\n", b"$3\r\nabc\r\n", b"*2\r\n",
              b"*-1\r\n",
              b"%1\r\n", b"|1\r\n", b">1\r\n", b"_\r\n", b"#t\r\n", b",1.5\r\n", b"(12\r\n",
              b":0\r\n",
              b"!2\r\nab\r\n", b"=5\r\ntxt:a\r\n", b"~0\r\n", b"0", b"1", b"-", b"$", b"*",
              b"$01\r\n",
              b"*9999999999\r\n", b"$99999999990\r\n", b"PING\r\n", b"\0", b"\xff", b" ",
              b"*9999999999\r\n*9999999999\r\n", b"$?\r\n"]
    few = (b"$", b"*", b"1", b"-1", b"\r\n", b"+")


class Ber(Values, unittest.TestCase):
    specs = specs_of("ber", "ber")
    refused = ("ber:1", "ber,max=x")
    sample = b"\x30\x80\x9f\x81\x02\x01a\x04\x82\0\x02Hi\0\0"
    tokens = [b"\0", b"\0\0", b"\x30\x80", b"\x30", b"\x80", b"\x04\x02Hi", b"\x04\x80", b"\x1f",
              b"\x1f\x80", b"\x1f\x81", b"\x9f\xff\xff\xff\x7f", b"\x9f\xff\xff\xff\xff", b"\x84",
              b"\x88", b"\x89", b"\xff", b"\x04\x84\0\0\0\2Hi",
              b"\x04\x88\xff\xff\xff\xff\xff\xff\xff\xfd",
              b"\x04\x88" + 8 * b"\xff", b"\x05\0", b"\x04\x84\xff\xff\xff\xff", b"a", b"\x02"]
    streams = (128 * b"\x30\x80" + 256 * b"\0", 129 * b"\x30\x80",
              b"\x04\x82\x0b\xb8" + 3000 * b"a")
    few = (b"\0", b"\x30", b"\x80", b"\x04", b"\x1f", b"\x81")


class Json(Values, unittest.TestCase):
    specs = specs_of("json", "json")
    refused = ("json:1", "json,count=chars")
    sample = b'{"a":[1,-0.5e+7,true,"\\u00e9\\n"],"b":{}}null 3 '
    tokens = [bytes([byte]) for byte in b'{}[]:,"\\ \n\r\t0123-+.eEutfn/'] + [
        b"true", b"false", b"null", b'"a"', b'{"a":1}', b"[]", b"{}", b"1.5 ", b"-0\n", b"01",
              b"\0",
        b'"\\u00', b"\xff", b'"\x1f', b"\xef\xbb\xbf", b"[1,2]", b"1e5", b"tru", b"nulll", b"\x7f"]
    streams = (128 * b"[" + 128 * b"]", 129 * b"[", 127 * b'{"a":' + b"[]" + 127 * b"}",
               b'"' + 3000 * b"a" + b'"', 3000 * b"9" + b" ", 3000 * b" ",
              b"[" + 3000 * b" " + b"]")
    few = (b"[", b"]", b"{", b"}", b'"', b",", b":", b"1", b" ")
    few_max = 3


class Numbers(Values, unittest.TestCase):
    """Each number that is a few characters long, and each that is nearly one."""
    specs = ("json", "json,max=3")
    sample = b"-1.5e+7 "
    tokens = [b"0", b"1", b"-", b".", b"e", b"+", b" "]
    few = tokens
    few_max = 4


class Msgpack(Values, unittest.TestCase):
    specs = specs_of("msgpack", "msgpack")
    refused = ("msgpack:1", "msgpack,count=chars")
    sample = b"\x93\xa2Hi\xdc\0\1\xc0\xc7\1\7a"
    tokens = [bytes([byte]) for byte in (0, 0x7F, 0x80, 0x81, 0x8F, 0x90, 0x92, 0x9F, 0xA0, 0xA3,
              0xBF,
                                         *range(0xC0, 0xE1), 0xFF)] + [
        b"abc", b"\0\0", b"\xff\xff\xff\xff", b"\xdd\xff\xff\xff\xff", b"\xdf\xff\xff\xff\xff",
        b"\xc6\xff\xff\xff\xff"]
    streams = (3000 * b"\x91" + b"\0", b"\xdc\x0b\xb8" + 3000 * b"\0")
    few = (b"\0", b"\x81", b"\x92", b"\xa1", b"\xc1", b"\xc7", b"\xdc", b"\xd9")


class Nats(Values, unittest.TestCase):
    specs = specs_of("nats", "nats")
    refused = ("nats:1",)
    sample = b"PUB a 2\r\nHi\r\nhmsg a 1 2 3\r\nabc\r\nPING\r\n"
    tokens = [b"PUB", b"pub", b"MSG", b"HMSG", b"HPUB", b"PING", b"SUB", b"INFO", b"-ERR",
              b"+OK", b" ",
              b"\t", b"\r\n", b"\r", b"\n", b"a", b"0", b"2", b"01", b"-1", b"99999999999",
              b"PUB a 2\r\n",
              b"Hi\r\n", b"X", b"PINGS", b"\0", b"\xff", b"9999999999", b"CONNECT {}\r\n"]
    few = (b"PUB", b" ", b"a", b"1", b"\r\n")


class Memcached(Values, unittest.TestCase):
    specs = specs_of("memcached", "memcached")
    refused = ("memcached:1",)
    sample = b"set a 0 0 2 noreply\r\nHi\r\nVALUE a 0 1\r\nb\r\nEND\r\nms a 1 T\r\nb\r\n"
    tokens = [b"set", b"cas", b"VALUE", b"VA", b"ms", b"get", b"END", b" ", b"\r\n", b"\r",
              b"\n", b"a",
              b"0", b"2", b"01", b"-1", b"99999999999", b"set a 0 0 2\r\n", b"Hi\r\n", b"\0",
              b"\xff",
              b"VA 2\r\n", b"\t", b"prependprepend", b"cas a 0 0 2\r\n", b"\x7f"]
    few = (b"VA", b" ", b"a", b"1", b"\r\n")


class Beanstalkd(Values, unittest.TestCase):
    specs = specs_of("beanstalkd", "beanstalkd")
    refused = ("beanstalkd:1",)
    sample = b"put 0 0 60 2\r\nHi\r\nRESERVED 1 1\r\nb\r\nOK 0\r\n\r\n"
    tokens = [b"put", b"OK", b"RESERVED", b"FOUND", b"delete 1\r\n", b" ", b"\r\n", b"\r", b"\n",
              b"0",
              b"2", b"01", b"OK 2\r\n", b"Hi\r\n", b"\0"]
    few = (b"OK", b" ", b"1", b"\r\n")


class Fix(Values, unittest.TestCase):
    specs = specs_of("fix", "fix")
    refused = ("fix:1",)
    sample = b"8=FIX.4.4\x019=5\x0135=0\x0110=163\x01"
    tokens = [b"8=FIX", b"8=FIX.4.4\1", b"9=", b"9=5\1", b"35=0\1", b"10=", b"\1", b"0",
              b"9=05\1", b"a",
              b"10=163\1", b"|", b"8=FIX.4.4\x019=5\x0135=0\x0110=163\1", b"9=99999999999\1",
              b"\0",
              b"9=0\1", 26 * b"x", b" "]
    few = (b"8=FIX", b"\1", b"9=1\1", b"10=")


class SyslogAny(Comparison, unittest.TestCase):
    specs = specs_of("syslog_any", "syslog-any")
    refused = ("syslog-any:1",)
    sample = b"5 <13>a\n<13>b\r\n\0<1\rc\n0 "
    tokens = [b"<13>", b"\r", b"\n", b"\r\n", b"0", b"1", b"5", b" ", b"a", b"\0", b"10 ", b"05 ",
              b"99999999999 ", b"\x16", b"\x7f", b"\xff", b"\t", b"9999999999 "]
    few = (b"<", b"\r", b"\n", b"2", b" ")
    streams = (b"<" + 3000 * b"\r" + b"\n",)


if __name__ == "__main__":
    unittest.main()
