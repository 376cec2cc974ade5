"""Insurance claims over HTTP: a claim is filed with POST /claims and read with GET /claims/<number>."""

import logging

from flask import Flask, jsonify, request

import store

logging.basicConfig(
    filename="/var/log/claims-api/claims.log",
    level=logging.INFO,
    format="%(asctime)s %(levelname)s %(message)s",
)
app = Flask(__name__)


@app.get("/health")
def health():
    app.logger.info("health asked by %s", request.remote_addr)
    return jsonify(status="ok", libpq=store.client_version())


@app.post("/claims")
def file_claim():
    body = request.get_json()
    number = store.add(body["policy"], body["amount"])
    app.logger.info("claim %s filed on policy %s", number, body["policy"])
    return jsonify(number=number), 201


@app.get("/claims/<int:number>")
def read_claim(number):
    claim = store.find(number)
    return (jsonify(claim), 200) if claim else (jsonify(error="no such claim"), 404)
