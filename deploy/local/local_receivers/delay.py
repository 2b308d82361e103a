"""A line with a delay, as if the receiver were far away: bytes and the end of a connection arrive later, in order."""

import asyncio
import threading

from local_services import ports


class Delays:
    """Runs lines in a thread of its own."""

    def __init__(self, one_way_seconds: float) -> None:
        self.one_way = one_way_seconds
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def line(self, upstream: int) -> int:
        """The port of a line to this port."""
        port = ports.any_free()
        asyncio.run_coroutine_threadsafe(self._listen(port, upstream), self.loop).result()
        return port

    async def _listen(self, port: int, upstream: int) -> None:
        loop = self.loop
        await loop.create_server(lambda: End(self, upstream), ports.LOOPBACK, port, backlog=512)


class End(asyncio.Protocol):
    """One end of a connection; the other one is its peer."""

    def __init__(self, delays: Delays, upstream: int | None, peer: "End | None" = None) -> None:
        self.delays, self.upstream, self.peer = delays, upstream, peer
        self.transport: asyncio.Transport | None = None
        self.early: list[bytes | None] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        if self.upstream is not None:
            self.delays.loop.create_task(self._reach(self.upstream))

    async def _reach(self, upstream: int) -> None:
        peer = End(self.delays, None, self)
        await asyncio.sleep(self.delays.one_way)
        try:
            await self.delays.loop.create_connection(lambda: peer, ports.LOOPBACK, upstream)
        except OSError:
            if self.transport:
                self.transport.abort()
            return
        self.peer = peer
        for one in self.early:
            self._pass_on(one)

    def data_received(self, data: bytes) -> None:
        self._later(data)

    def eof_received(self) -> bool:
        self._later(None)
        return True

    def connection_lost(self, error: Exception | None) -> None:
        self._later(None)

    def _later(self, data: bytes | None) -> None:
        self.delays.loop.call_later(self.delays.one_way, self._arrive, data)

    def _arrive(self, data: bytes | None) -> None:
        if self.peer is None:
            self.early.append(data)
        else:
            self._pass_on(data)

    def _pass_on(self, data: bytes | None) -> None:
        peer = self.peer.transport if self.peer else None
        if peer is None or peer.is_closing():
            return
        if data is None:
            peer.close()
        else:
            peer.write(data)
