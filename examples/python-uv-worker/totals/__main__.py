"""Adds up the CSV files that arrive in /data/inbox: one JSON file each in /data/outbox."""

import argparse
import signal
import sys
import time
from pathlib import Path

from totals.sheet import total

INBOX = Path("/data/inbox")
OUTBOX = Path("/data/outbox")


def work():
    for sheet in sorted(INBOX.glob("*.csv")):
        result = OUTBOX / f"{sheet.stem}.json"
        if not result.exists():
            result.write_text(total(sheet).model_dump_json())
            print("added up", sheet.name, flush=True)


def main():
    arguments = argparse.ArgumentParser(prog="totals")
    arguments.add_argument("--every", type=float, help="look again after so many seconds, until stopped")
    every = arguments.parse_args().every

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    (OUTBOX / ".started").touch()
    work()
    while every:
        time.sleep(every)
        work()


main()
