"""The streams of asyncio. HOW is the method of StreamReader that finds the end of a payload, and
behind a colon its end as it is written: `readline:\\n`, `readline:\\r\\n` (which shows a CR that
it reads, but does not send it back twice), `readuntil:\\r\\n`; or `readexactly:N`.
"""
import asyncio
import codecs
import sys

import console

SIZE_MAX = 1 << 21


class How:

    def __init__(self, text):
        self.method, _, argument = text.partition(":")
        if self.method == "readexactly":
            self.argument, self.end = [int(argument)], b""
        else:
            self.end = codecs.decode(argument, "unicode_escape").encode("latin-1")
            self.argument = [self.end] if self.method == "readuntil" else []

    async def read(self, reader):
        """None at the end of the stream."""
        try:
            data = await getattr(reader, self.method)(*self.argument)
        except asyncio.IncompleteReadError as error:
            if error.partial:
                raise
            return None
        if not data:
            return None
        payload = data.removesuffix(b"\n" if self.method == "readline" else self.end)
        console.received(payload)
        return payload.removesuffix(b"\r") if self.method == "readline" else payload

    def write(self, writer, payload):
        writer.write(payload + self.end)


async def serve(how):
    async def echo(reader, writer):
        while (payload := await how.read(reader)) is not None:
            how.write(writer, payload)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(echo, console.HOST, 0, limit=SIZE_MAX)
    console.listening(server.sockets[0].getsockname()[1])
    await server.serve_forever()


async def ask(how, port, payloads):
    reader, writer = await asyncio.open_connection(console.HOST, port, limit=SIZE_MAX)
    for payload in payloads:
        how.write(writer, payload)
    for _ in payloads:
        if await how.read(reader) is None:
            return 1
    writer.close()
    return 0


def main(role, how, *where):
    if role == "server":
        return asyncio.run(serve(How(how)))
    port, file = where
    return asyncio.run(ask(How(how), int(port), console.payloads_of(file)))


sys.exit(main(*sys.argv[1:]))
