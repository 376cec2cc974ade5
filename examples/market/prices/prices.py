import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PRICES = {"apple": 0.4, "pear": 0.5}

parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8000)
parser.add_argument("--currency", default="USD")
options = parser.parse_args()


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps({"currency": options.currency, "prices": PRICES}).encode())


ThreadingHTTPServer(("", options.port), Handler).serve_forever()
