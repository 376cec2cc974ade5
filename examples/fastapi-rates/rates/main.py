"""Converts amounts between currencies with the rates of rates.json."""

import json
from decimal import Decimal
from pathlib import Path

from fastapi import FastAPI, HTTPException

RATES = {
    currency: Decimal(rate)
    for currency, rate in json.loads(Path(__file__).with_name("rates.json").read_text()).items()
}
app = FastAPI()


@app.get("/health")
def health():
    return {"status": "ok", "currencies": len(RATES)}


@app.get("/convert")
def convert(amount: Decimal, source: str, target: str):
    if source not in RATES or target not in RATES:
        raise HTTPException(404, "unknown currency")
    return {"amount": round(amount / RATES[source] * RATES[target], 2), "currency": target}
