"""Delimited streams of protobuf: each message behind its size, a varint. Payloads are messages of
the type google.protobuf.BytesValue; one that was cut, or is two, is an error. HOW says nothing.
"""
from google.protobuf import wrappers_pb2
from google.protobuf.internal.decoder import _DecodeVarint32
from google.protobuf.internal.encoder import _VarintBytes

import sockets


def checked(payload):
    if wrappers_pb2.BytesValue.FromString(payload).SerializeToString() != payload:
        raise ValueError(f"not one BytesValue: {payload[:40]!r}")
    return payload


def frame(payload):
    return _VarintBytes(len(payload)) + checked(payload)


def read(stream):
    header = b""
    while True:
        try:
            size, _ = _DecodeVarint32(header, 0)
            return checked(stream.read(size))
        except IndexError:
            byte = stream.read(1)
            if not byte:
                return None
            header += byte


sockets.main(frame, read)
