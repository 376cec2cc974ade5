import csv
from decimal import Decimal
from pathlib import Path

from pydantic import BaseModel


class Line(BaseModel):
    item: str
    amount: Decimal


class Total(BaseModel):
    lines: int
    amount: Decimal


def total(sheet: Path) -> Total:
    with sheet.open(newline="") as file:
        lines = [Line.model_validate(row) for row in csv.DictReader(file)]
    return Total(lines=len(lines), amount=sum((line.amount for line in lines), Decimal()))
