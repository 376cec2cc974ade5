import os
import pathlib
from http.server import BaseHTTPRequestHandler, HTTPServer

COUNTS = pathlib.Path(os.environ["COUNTS"])


class Shop(BaseHTTPRequestHandler):
    def do_GET(self):
        COUNTS.mkdir(parents=True, exist_ok=True)
        file = COUNTS / "visits"
        visits = int(file.read_text()) + 1 if file.exists() else 1
        file.write_text(str(visits))
        self.send_response(200)
        self.end_headers()
        self.wfile.write(f"visit {visits}\n".encode())


HTTPServer(("", int(os.environ["PORT"])), Shop).serve_forever()
