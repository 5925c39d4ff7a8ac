"""Which internet addresses may be called: public ones, and exact local origins of development.

A name is resolved once; the address that was checked is the one connected to, so that a name
server that answers differently the second time gains nothing.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import httpcore

# host, port -> numeric addresses, best first.
Resolve = Callable[[str, int], Sequence[str]]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_6TO4 = ipaddress.ip_network("2002::/16")
# 6to4 relays (RFC 7526, deprecated) lead anywhere; not marked by the standard library.
_6TO4_RELAYS = ipaddress.ip_network("192.88.99.0/24")


class NotPublic(Exception):
    """The address is loopback, private, link-local, reserved, or otherwise not of the internet."""


def resolve(host: str, port: int) -> Sequence[str]:
    """Return the numeric addresses of a host, best first; raises OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return [str(entry[4][0]) for entry in found]


def is_public(text: str) -> bool:
    """Return True for an address of the open internet; wrapped IPv4 counts as what it wraps."""
    address = ipaddress.ip_address(text.partition("%")[0])
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return is_public(str(address.ipv4_mapped))
        if address in _NAT64:
            return is_public(str(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)))
        if address in _6TO4 or address.is_site_local:
            return False
    elif address in _6TO4_RELAYS:
        return False
    return (
        address.is_global
        and not address.is_multicast
        and not address.is_reserved
        and not address.is_unspecified
    )


def refuse_literal(host: str) -> None:
    """Raise NotPublic where the host is itself a number that is not public; a name passes."""
    try:
        ipaddress.ip_address(host.strip("[]").partition("%")[0])
    except ValueError:
        return
    if not is_public(host.strip("[]")):
        raise NotPublic


class GuardedBackend(httpcore.NetworkBackend):
    """Opens connections to checked addresses only."""

    def __init__(
        self,
        local: frozenset[tuple[str, int]],
        resolve: Resolve,
        inner: httpcore.NetworkBackend | None = None,
    ) -> None:
        self._local = local
        self._resolve = resolve
        self._inner = inner or httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Return a connection to the first address that answers, all of them public or local."""
        found = self._resolve(host, port)
        if (host, port) not in self._local and not all(is_public(address) for address in found):
            raise NotPublic
        error: Exception = httpcore.ConnectError("no address")
        for address in list(found)[:4]:
            try:
                return self._inner.connect_tcp(
                    address, port, timeout, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as failed:
                error = failed
        raise error
