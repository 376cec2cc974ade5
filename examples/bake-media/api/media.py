"""Lists media by their kind."""
import argparse
import json
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

MEDIA = {"film": ["Metropolis"], "song": ["La mer", "Autumn leaves"]}


def of_kind(kind):
    return MEDIA.get(kind, [])


class Handler(BaseHTTPRequestHandler):
    def do_GET(self):
        body = json.dumps(of_kind(self.path.strip("/"))).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(body)


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=8000)
    ThreadingHTTPServer(("", parser.parse_args().port), Handler).serve_forever()
