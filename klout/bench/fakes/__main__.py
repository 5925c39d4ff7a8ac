"""A fake as a process: `python -m klout.bench.fakes NETWORK MILLISECONDS` prints its address.

Each answer waits so many milliseconds, as one from afar does; 0 for none.
"""

import asyncio
import json
import sys
from urllib.parse import parse_qs

from klout.bench.fakes import world
from klout.bench.fakes.every import FAKES
from klout.bench.fakes.world import MODEL, NUMBERED, Answer

# What distinguishes answers; times that are asked from, and sizes of pages, do not.
TELLING = frozenset(
    {
        *("max_id", "cursor", "page", "after", "pageToken", "pagination_token", "offset"),
        *("older_than", "start", "domain"),
        *("id", "actors", "uri", "videoId", "metric", "queryType"),
    }
)
RECORD, RECORDED = "/control/record", "/control/recorded"
_TO_FIGURES = str.maketrans("abcdefghij", "0123456789")
_OWN = (world.digits(MODEL), world.letters(MODEL))


class Server:
    """Answers of one network, each made once."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self.origin = ""
        self._kept: dict[tuple[str, str], tuple[str, str]] = {}
        # The requests since a recording began; None: nobody records.
        self._recorded: list[tuple[str, str, list[tuple[str, str]], str]] | None = None

    def reply(
        self, method: str, target: str, headers: list[tuple[str, str]], sent: str = ""
    ) -> bytes:
        """Return the bytes of the answer to a request; what it sends is an object of JSON."""
        if target == RECORD:
            self._recorded = []
            return _http("{}")
        if target == RECORDED:
            told, self._recorded = json.dumps(self._recorded), None
            return _http(told)
        if self._recorded is not None:
            self._recorded.append((method, target, headers, sent))
        token = next((value for name, value in headers if name == "authorization"), "")
        numbers = NUMBERED.search(target + token)
        own = _OWN
        if numbers is not None:
            number = int(
                numbers[1] or numbers[2].translate(str.maketrans("abcdefghij", "0123456789"))
            )
            own = (world.digits(number), world.letters(number))
        path, _, query = exchanged(target, own, _OWN).partition("?")
        asked = parse_qs(query) if query else {}
        if sent:
            asked |= {name: [str(value)] for name, value in json.loads(sent).items()}
        chosen = {name: values for name, values in asked.items() if name in TELLING}
        key = (path, json.dumps(chosen))
        if key not in self._kept:
            told_now = self._answer(path, chosen, self.origin)
            self._kept[key] = (json.dumps(told_now.data), told_now.next_page)
        body, following = (exchanged(text, _OWN, own) for text in self._kept[key])
        return _http(body, f'Link: <{following}>; rel="next"\r\n' if following else "")


def exchanged(text: str, known: tuple[str, str], wanted: tuple[str, str]) -> str:
    """Return a text with one account's number, in both ways of writing, in place of another's."""
    return text.replace(known[0], wanted[0]).replace(known[1], wanted[1])


def _http(body: str, more: str = "") -> bytes:
    data = body.encode()
    head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n{more}"
    return f"{head}Content-Length: {len(data)}\r\n\r\n".encode() + data


class Connection(asyncio.Protocol):
    """One connection, kept alive."""

    def __init__(self, server: Server, wait_seconds: float) -> None:
        self._server, self._wait_seconds = server, wait_seconds
        self._received = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the way back."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer each whole request."""
        self._received += data
        while b"\r\n\r\n" in self._received:
            head, _, rest = self._received.partition(b"\r\n\r\n")
            first, *lines = head.decode("latin-1").split("\r\n")
            pairs = (line.partition(":") for line in lines)
            headers = [(name.strip().lower(), value.strip()) for name, _, value in pairs]
            length = int(dict(headers).get("content-length", "0"))
            if len(rest) < length:
                return
            self._received = rest[length:]
            method, target, _ = first.split(" ")
            answer = self._server.reply(method, target, headers, rest[:length].decode())
            if self._wait_seconds:
                loop = asyncio.get_running_loop()
                loop.call_later(self._wait_seconds, self._transport.write, answer)
            else:
                self._transport.write(answer)


async def serve(network: str, wait_seconds: float) -> None:
    """Serve on a free port of this machine until the process is ended."""
    server = Server(FAKES[network].answer)
    listening = await asyncio.get_running_loop().create_server(
        lambda: Connection(server, wait_seconds), "127.0.0.1", 0
    )
    server.origin = f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}"
    sys.stdout.write(f"{network} at {server.origin}\n")
    sys.stdout.flush()
    await listening.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], int(sys.argv[2]) / 1000))
