"""Notes, one line each, in a file."""
import os

from flask import Flask, request

app = Flask(__name__)
FILE = os.environ.get("NOTES_FILE", "/var/lib/notes/notes.txt")


@app.get("/ready")
def ready():
    return "ok\n"


@app.get("/")
def read():
    if not os.path.exists(FILE):
        return ""
    with open(FILE, encoding="utf-8") as notes:
        return notes.read()


@app.post("/")
def write():
    with open(FILE, "a", encoding="utf-8") as notes:
        notes.write(request.get_data(as_text=True).strip() + "\n")
    return "kept\n"
