"""Makes a short tone and says how long it is: GET /tone?seconds=2 answers with the size of the FLAC file."""

import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import parse_qs, urlparse


class Tones(BaseHTTPRequestHandler):
    def do_GET(self):
        seconds = parse_qs(urlparse(self.path).query).get("seconds", ["1"])[0]
        command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", f"sine=duration={int(seconds)}", "-f", "flac", "-"]
        made = subprocess.run(command, capture_output=True, check=True)
        body = f"{made.stdout[:4].decode()} {len(made.stdout)}\n".encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("", 8000), Tones).serve_forever()
