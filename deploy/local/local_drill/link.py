"""A line between two parts that can be stalled, cut and led elsewhere.

Bytes pass through one thread of this process. A stalled line keeps its connections and carries nothing, as a network
does that swallows packets; a cut one resets them and refuses new ones; `lead_to` is a virtual address that moves.
"""

import asyncio
import contextlib
import socket
import struct
import threading
from collections.abc import Callable
from typing import Any

from local_services import ports

BUFFER_BYTES_MAX = 1024 * 1024
"""What waits for a slow side before the other is not read any more."""
RESET = struct.pack("ii", 1, 0)
"""For SO_LINGER: on, and zero seconds."""


class Lines:
    """The thread that carries all of them."""

    def __init__(self) -> None:
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, name="lines", daemon=True)
        self.thread.start()

    def add(self, upstream: int) -> "Link":
        link = Link(self, upstream)
        self.run(link.listen)
        return link

    def run(self, action: Callable[[], Any]) -> None:
        """Runs it in the thread, and waits for it."""

        async def wrapped() -> None:
            outcome = action()
            if asyncio.iscoroutine(outcome):
                await outcome

        asyncio.run_coroutine_threadsafe(wrapped(), self.loop).result()

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


class Link:
    def __init__(self, lines: Lines, upstream: int) -> None:
        self.lines = lines
        self.upstream = upstream
        self.port = ports.any_free()
        self.stalled = False
        self.server: asyncio.Server | None = None
        self.ends: set[End] = set()

    @property
    def address(self) -> str:
        return f"{ports.LOOPBACK}:{self.port}"

    def stall(self) -> None:
        self.lines.run(lambda: self._set_stalled(True))

    def cut(self) -> None:
        self.lines.run(self._cut)

    def shut(self) -> None:
        """Takes no new connections, and lets those that stand come to their end: as a load balancer does."""
        self.lines.run(self._shut)

    def heal(self) -> None:
        """Stands again, and carries what was held back."""
        self.lines.run(self._heal)

    def lead_to(self, upstream: int) -> None:
        """New connections go elsewhere, and the old ones end."""
        self.upstream = upstream
        self.lines.run(self._abort)

    async def listen(self) -> None:
        if self.server is None:
            loop = asyncio.get_running_loop()
            self.server = await loop.create_server(lambda: End(self), ports.LOOPBACK, self.port, backlog=1024)

    def _set_stalled(self, stalled: bool) -> None:
        self.stalled = stalled
        for end in list(self.ends):
            end.balance()

    def _shut(self) -> None:
        if self.server:
            self.server.close()
            self.server = None

    def _cut(self) -> None:
        self._shut()
        self._abort()

    async def _heal(self) -> None:
        await self.listen()
        self._set_stalled(False)

    def _abort(self) -> None:
        for end in list(self.ends):
            end.reset()


class End(asyncio.Protocol):
    """One side of a connection; the other side is its peer."""

    def __init__(self, link: Link, peer: "End | None" = None) -> None:
        self.link = link
        self.peer = peer
        self.is_client = peer is None
        self.is_full = False
        self.transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.transport.set_write_buffer_limits(high=BUFFER_BYTES_MAX)
        with contextlib.suppress(OSError):
            transport.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.link.ends.add(self)
        if self.is_client:
            self.balance()
            asyncio.get_running_loop().create_task(self._reach_upstream())
        else:
            assert self.peer is not None
            self.peer.peer = self
            self.balance()
            self.peer.balance()

    async def _reach_upstream(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            await loop.create_connection(lambda: End(self.link, self), ports.LOOPBACK, self.link.upstream)
        except OSError:
            self.reset()

    def balance(self) -> None:
        """Reads only when what is read can go on."""
        if self.transport is None or self.transport.is_closing():
            return
        can_pass = self.peer is not None and self.peer.transport and not self.peer.is_full and not self.link.stalled
        if can_pass:
            self.transport.resume_reading()
        else:
            self.transport.pause_reading()

    def data_received(self, data: bytes) -> None:
        assert self.peer is not None
        self.peer.transport.write(data)

    def pause_writing(self) -> None:
        self.is_full = True
        if self.peer:
            self.peer.balance()

    def resume_writing(self) -> None:
        self.is_full = False
        if self.peer:
            self.peer.balance()

    def eof_received(self) -> bool:
        if self.peer and self.peer.transport and self.peer.transport.can_write_eof():
            self.peer.transport.write_eof()
            return True
        return False

    def connection_lost(self, error: Exception | None) -> None:
        self.link.ends.discard(self)
        if self.peer and self.peer.transport and not self.peer.transport.is_closing():
            self.peer.transport.close()

    def reset(self) -> None:
        if self.transport and not self.transport.is_closing():
            with contextlib.suppress(OSError):
                # What is cut is reset, not closed politely.
                self.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
            self.transport.abort()
