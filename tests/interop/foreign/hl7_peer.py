"""MLLP by the library hl7. HOW is `streams`, its asyncio streams at either end, or `MLLPClient`, a
client that sends a payload when the one before has come back.
"""
import asyncio
import io
import sys

import console
from hl7.client import MLLPClient, read_stream
from hl7.mllp import open_hl7_connection, start_hl7_server

SIZE_MAX = 1 << 21


async def serve():
    async def echo(reader, writer):
        try:
            while True:
                payload = await reader.readblock()
                console.received(payload)
                writer.writeblock(payload)
                await writer.drain()
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
        writer.close()

    server = await start_hl7_server(echo, console.HOST, 0, limit=SIZE_MAX)
    console.listening(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def ask(port, payloads):
    reader, writer = await open_hl7_connection(console.HOST, port, limit=SIZE_MAX)
    for payload in payloads:
        writer.writeblock(payload)
    for _ in payloads:
        console.received(await reader.readblock())
    writer.close()


def ask_by_client(port, payloads):
    with MLLPClient(console.HOST, port) as client:
        for payload in payloads:
            for reply in read_stream(io.BytesIO(client.send_message(payload))):
                console.received(reply)


def main(role, how, *where):
    if role == "server":
        asyncio.run(serve())
    port, file = where
    payloads = console.payloads_of(file)
    if how == "MLLPClient":
        ask_by_client(int(port), payloads)
    else:
        asyncio.run(ask(int(port), payloads))


main(*sys.argv[1:])
