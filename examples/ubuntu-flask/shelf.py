"""A shelf of books, listed as a page and as JSON."""

import json
import pathlib

from flask import Flask, jsonify, render_template

books = json.loads(pathlib.Path("books.json").read_text())
app = Flask(__name__)


@app.get("/")
def page():
    return render_template("shelf.html", books=books)


@app.get("/health")
def health():
    return jsonify(status="ok", books=len(books))


if __name__ == "__main__":
    app.run(host="0.0.0.0", port=5000)
