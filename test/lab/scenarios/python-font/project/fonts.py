"""Serves the names of the tables in a font of the system: GET /tables."""

import signal
import struct
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"


class Tables(BaseHTTPRequestHandler):
    def do_GET(self):
        with open(FONT, "rb") as font:
            (count,) = struct.unpack(">4xH6x", font.read(12))
            names = [font.read(16)[:4].decode() for _ in range(count)]
        body = "\n".join(names).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("", 8000), Tables).serve_forever()
