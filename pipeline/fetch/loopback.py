"""Carries named hosts to one loopback port, so that `http://outlet.example/` can be answered on this machine.

For the demo and for tests. Hosts are given by code, never by a source, a page or a configuration file; the address
guard still sees every name, and a host that is not listed has no address at all.
"""

from __future__ import annotations

import socket
from collections.abc import Collection, Iterable, Sequence
from typing import Any

import httpcore

LOOPBACK = "127.0.0.1"


class Loopback(httpcore.NetworkBackend):
    """`resolve` and `dial` for HttpFetcher: the listed hosts live on `port` of this machine."""

    def __init__(self, hosts: Collection[str], port: int) -> None:
        self._hosts = frozenset(hosts)
        self._port = port
        self._dial = httpcore.SyncBackend()

    def allowed(self) -> tuple[str, ...]:
        """What `allow_private` must list for these hosts, sorted."""
        return tuple(f"{host}:80" for host in sorted(self._hosts))

    def resolve(self, host: str, port: int) -> Sequence[str]:
        """The loopback address for a listed host. Raises OSError for any other: nothing leaves the machine."""
        if host not in self._hosts:
            raise socket.gaierror(socket.EAI_NONAME, "not a host of the sample")
        return (LOOPBACK,)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the loopback port, whatever port was asked for."""
        if host != LOOPBACK:
            raise httpcore.ConnectError(f"{host} is not on this machine")
        return self._dial.connect_tcp(LOOPBACK, self._port, timeout, local_address, socket_options)

    def sleep(self, seconds: float) -> None:
        """Wait before a retry of the pool; it is configured for none."""
        self._dial.sleep(seconds)
