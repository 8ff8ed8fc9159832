"""Header fields with the length of what follows, as the packages email and http of Python write
and read them. Another field stands in front of the length. HOW says nothing.
"""
from email.message import EmailMessage
from email.policy import HTTP
from http.client import parse_headers

import sockets


def frame(payload):
    header = EmailMessage(policy=HTTP)
    header["Content-Type"] = "application/vscode-jsonrpc; charset=utf-8"
    header["Content-Length"] = str(len(payload))
    return header.as_bytes() + payload


def read(stream):
    header = parse_headers(stream)
    return stream.read(int(header["Content-Length"])) if header else None


sockets.main(frame, read)
