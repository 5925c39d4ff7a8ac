"""`python -m connectors.samplenet`: serve the sample network until stopped."""

import argparse
import os
import signal
import sys
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType

from connectors.samplenet import state, stories
from connectors.samplenet.network import Clock
from connectors.samplenet.server import Server, create_app
from connectors.samplenet.serving import Options


def _number(low: int, high: int) -> "type[int]":
    class Number(int):
        def __new__(cls, text: str) -> "Number":
            value = int(text)
            if not low <= value <= high:
                raise argparse.ArgumentTypeError(f"must be from {low} to {high}, not {value}")
            return super().__new__(cls, value)

    return Number


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m connectors.samplenet",
        description="Serve the sample network: invented people, their posts, and OAuth sign-in.",
    )
    add = parser.add_argument
    add("--host", default="127.0.0.1", help="address to listen on (127.0.0.1)")
    add("--port", type=_number(0, 65_535), default=8010, help="port; 0 takes a free one (8010)")
    add(
        "--people",
        type=_number(stories.SMALLEST_POPULATION, 100_000),
        default=600,
        help="people in the directory (600)",
    )
    add("--days", type=_number(7, 730), default=120, help="days of history at first start (120)")
    add("--seed", type=_number(0, 2**31), default=7, help="seed of the population (7)")
    add("--state", type=Path, help="file that keeps the first day, key and revocations")
    add("--now", type=_moment, help="a fixed present, ISO 8601 (the real one)")
    add("--client-id", default=os.environ.get("SAMPLE_CLIENT_ID") or "klout")
    add(
        "--redirect-uri",
        action="append",
        default=[],
        help="beginning of an address that sign-in may return to, beside loopback; repeatable",
    )
    add("--requests-per-minute", type=_number(1, 10**9), default=60_000, help="(60000)")
    add("--token-seconds", type=_number(1, 10**9), default=90 * 86_400, help="(90 days)")
    add("--allow-faults", action="store_true", help="offer /control/ (for tests)")
    add("--serve-truth", action="store_true", help="offer /evaluation/truth (for evaluation)")
    return parser.parse_args()


def _stop(number: int, frame: FrameType | None) -> None:
    sys.exit(0)


def main() -> None:
    """Serve until SIGTERM or Ctrl-C; exit code 2 for what cannot be served."""
    arguments = _arguments()
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    options = Options(
        arguments.client_id,
        # From the environment only: arguments are seen by everybody on the machine.
        os.environ.get("SAMPLE_CLIENT_SECRET") or "sample-network-secret",
        tuple(arguments.redirect_uri),
        arguments.allow_faults,
        arguments.serve_truth,
        arguments.requests_per_minute,
        arguments.token_seconds,
    )
    clock = Clock(arguments.now)
    try:
        kept = state.opened(
            arguments.state,
            seed=arguments.seed,
            people=arguments.people,
            days=arguments.days,
            today=clock.now().date(),
        )
        server = Server(create_app(kept, options, clock), arguments.host, arguments.port)
    except state.UnusableState as error:
        sys.exit(f"sample network: {error}")
    except OSError as error:
        sys.exit(f"sample network: cannot listen on port {arguments.port}: {error.strerror}.")
    sys.stdout.write(
        f"sample network: {arguments.people} people since {kept.start} "
        f"at http://{arguments.host}:{server.port}/\n"
    )
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
