"""Reads connection strings with libpq, which is opened by name: GET /?host=a%20port=5 answers with what it understood."""

import ctypes
import signal
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import unquote, urlparse


class Option(ctypes.Structure):
    _fields_ = [(name, ctypes.c_char_p) for name in ("keyword", "envvar", "compiled", "value", "label", "dispchar")]
    _fields_.append(("dispsize", ctypes.c_int))


libpq = ctypes.CDLL("libpq.so.5")
libpq.PQconninfoParse.restype = ctypes.POINTER(Option)
libpq.PQconninfoParse.argtypes = [ctypes.c_char_p, ctypes.c_void_p]


class Client(BaseHTTPRequestHandler):
    def do_GET(self):
        options = libpq.PQconninfoParse(unquote(urlparse(self.path).query).encode(), None)
        said = []
        for option in options if options else ():
            if option.keyword is None:
                break
            if option.value:
                said.append(f"{option.keyword.decode()} is {option.value.decode()}")
        body = "\n".join(said).encode()
        self.send_response(200 if options else 400)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
HTTPServer(("", 8000), Client).serve_forever()
