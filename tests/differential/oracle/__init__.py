"""What a stream of each framing says: a second, independent description that can be run.

It takes a stream whole, byte after byte from its beginning, and knows neither chunks nor speed.
"""
from oracle.ber import Ber
from oracle.binary import Binary, Varint
from oracle.changing import Changing
from oracle.chunks import chunks
from oracle.decimal_lengths import Bcd, Decimal, Digits, Hex
from oracle.delimited import AnyDelimiter, Between, Delimiter, Line
from oracle.fields import content_length
from oracle.framing import Prefixed
from oracle.json_text import Json
from oracle.lines_and_data import Beanstalkd, Memcached, Nats
from oracle.messages import Fix, SyslogAny
from oracle.msgpack import Msgpack
from oracle.resp import Resp
from oracle.spec import parse
from oracle.stream import Refused, Stream, Wrong
from oracle.stuffed import Cobs, Dot, Stuffed, Tn3270, UntilEnd
from oracle.unframed import Fixed, Raw

FRAMINGS = {
    "digits": Digits, "hex": Hex, "bcd": Bcd, "fixed": Fixed, "raw": Raw,
    "u8": Binary, "u16be": Binary, "u16le": Binary, "u24be": Binary, "u24le": Binary,
    "u32be": Binary, "u32le": Binary, "u40be": Binary, "u40le": Binary, "u48be": Binary,
    "u48le": Binary, "u56be": Binary, "u56le": Binary, "u64be": Binary, "u64le": Binary,
    "varint": Varint, "decimal": Decimal, "netstring": Decimal, "octet-count": Decimal,
    "content-length": content_length, "line": Line, "delimiter": Delimiter, "between": Between,
    "chunks": chunks, "chunked": chunks, "netconf11": chunks,
    "slip": Stuffed, "kiss": Stuffed, "hdlc": Stuffed, "jt808": Stuffed, "tn3270": Tn3270,
    "cobs": Cobs, "dot": Dot, "eof": UntilEnd,
    "resp": Resp, "ber": Ber, "json": Json, "msgpack": Msgpack,
    "fix": Fix, "nats": Nats, "memcached": Memcached, "beanstalkd": Beanstalkd,
    "syslog-any": SyslogAny,
}


def framing(text):
    spec = parse(text)
    if "first" in spec.options or "reply" in spec.options:
        return Changing(spec, framing)
    if spec.others:
        return AnyDelimiter(spec)
    return FRAMINGS[spec.name](spec)


def decode(frames, data):
    """The events of a stream that ends behind `data`, each with how many bytes decide it."""
    stream = Stream(data)
    events = []
    while True:
        stream.begin_frame()
        if frames.at_end(stream):
            break
        try:
            event = frames.read_frame(stream)
        except Wrong as wrong:
            return events + [f"failed {wrong.name} at {wrong.offset} after {stream.at}"]
        events.append(f"{event} at {stream.frame} after {stream.at}")
        stream.frames_read += 1
    return events + [f"finished after {stream.at}"]


def encode(frames, payload):
    """`ok` and the frame, or `refused` and why."""
    try:
        return f"ok {hexadecimal(frames.frame(payload))}"
    except Refused as refused:
        return f"refused {refused.name}"


def encode_all(frames, payloads):
    """The same of each payload of a stream. What is refused does not count as the first."""
    answers = []
    for payload in payloads:
        sent = sum(answer.startswith("ok") for answer in answers)
        answers.append(encode(frames.sends(sent), payload))
    return answers


def hexadecimal(data):
    return data.hex() or "-"
