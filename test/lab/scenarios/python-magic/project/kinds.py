"""Says what kind of file was posted; libmagic is opened by name when the program starts."""

import ctypes

from flask import Flask, request

magic = ctypes.CDLL("libmagic.so.1")
magic.magic_open.restype = ctypes.c_void_p
magic.magic_load.argtypes = [ctypes.c_void_p, ctypes.c_char_p]
magic.magic_buffer.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]
magic.magic_buffer.restype = ctypes.c_char_p

cookie = magic.magic_open(0x10)  # MIME type
if magic.magic_load(cookie, None) != 0:
    raise SystemExit("the database of libmagic is missing")

app = Flask(__name__)


@app.get("/health")
def health():
    return magic.magic_buffer(cookie, b"%PDF-1.7", 8)


@app.post("/kind")
def kind():
    body = request.get_data()
    return magic.magic_buffer(cookie, body, len(body))
