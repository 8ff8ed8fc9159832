"""Echo of digits:10 frames with asyncio's streams, as their documentation reads and writes. Per
frame: readexactly of a header, readexactly of a body, write and drain.
"""
import asyncio
import sys

HEADER_SIZE, PAYLOAD_MAX = 10, 16 << 20


async def echo(reader, writer):
    try:
        while True:
            header = await reader.readexactly(HEADER_SIZE)
            if not header.isdigit() or int(header) > PAYLOAD_MAX:
                break
            body = await reader.readexactly(int(header))
            writer.write(header + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass
    finally:
        writer.close()


async def main():
    # TCP_NODELAY is on in asyncio's streams.
    port = int(sys.argv[1]) if len(sys.argv) > 1 else 0
    server = await asyncio.start_server(echo, "127.0.0.1", port, backlog=1024)
    await server.serve_forever()


asyncio.run(main())
