"""A way to a server on loopback that a test can hold up or cut."""

import contextlib
import socket
import threading


class Proxy:
    """Passes bytes on, in both directions, between whoever connects to `port` and the server."""

    def __init__(self, server: int) -> None:
        self._server = server
        self._open = threading.Event()  # cleared: bytes wait, as with a cable that is pulled out
        self._open.set()
        self._sockets: list[socket.socket] = []
        self._listening = self._listen(0)
        self.port = int(self._listening.getsockname()[1])

    def hold(self, held: bool) -> None:
        if held:
            self._open.clear()
        else:
            self._open.set()

    def cut(self) -> None:
        """Ends every connection, and takes no new one."""
        for connection in (self._listening, *self._sockets):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
            connection.close()
        self._sockets.clear()

    def mend(self) -> None:
        self._listening = self._listen(self.port)

    def _listen(self, port: int) -> socket.socket:
        listening = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(listening,), daemon=True).start()
        return listening

    def _accept(self, listening: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listening.accept()
                server = socket.create_connection(("127.0.0.1", self._server))
                self._sockets += [client, server]
                for a, b in ((client, server), (server, client)):
                    threading.Thread(target=self._pass_on, args=(a, b), daemon=True).start()

    def _pass_on(self, a: socket.socket, b: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while content := a.recv(1 << 16):
                self._open.wait()
                b.sendall(content)
        for connection in (a, b):
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
