"""Another server of the suite's own, on this machine: well, or slow, wrong, dripping or away when told so."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


class Server:
    """``mood``: well, slow, dripping, wrong, long, busy, broken or elsewhere; ``heard``: what was asked."""

    def __init__(self):
        self.mood, self.heard, self.released = "well", [], threading.Event()
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def answer(self):
                length = int(self.headers.get("Content-Length") or 0)
                body = self.rfile.read(length)
                outer.heard.append((self.command, self.path))
                status, said, headers = outer.reply(self.command, self.path, dict(self.headers), body)
                if outer.mood.startswith("dripping"):
                    self.drip(outer.mood.endswith("body"))
                else:
                    self.say(status, said, headers)

            def say(self, status, said, headers):
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def drip(self, is_body):
                """Say a little at a time, always sooner than anybody loses patience, and never come to an end."""
                self.wfile.write(b"HTTP/1.0 200 OK\r\nContent-Length: 9000\r\n" + (b"\r\n" if is_body else b"X: "))
                with suppress(OSError):
                    while not outer.released.wait(0.02):
                        self.wfile.write(b"x")

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = answer  # noqa: N815 - the names that the library calls

            def log_message(self, *args):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()

    def reply(self, method, path, headers, body):
        if self.mood == "slow":
            self.released.wait(5)
        moods = {
            "wrong": (200, b"<html>Not what you expected</html>", {}),
            "long": (200, b"x" * 3_000_000, {}),
            "busy": (429, b"", {"Retry-After": "120"}),
            "broken": (502, b"", {}),
            "elsewhere": (302, b"", {"Location": "http://169.254.169.254/latest/"}),
        }
        return moods[self.mood] if self.mood in moods else self.well(method, path, headers, body)

    def calls(self, part):
        return [path for _, path in self.heard if part in path]

    def go_away(self):
        self.released.set()
        self._server.shutdown()
        self._server.server_close()


@contextmanager
def running(kind: type[Server]) -> Iterator[Server]:
    server = kind()
    try:
        yield server
    finally:
        if server.mood != "away":
            server.go_away()
