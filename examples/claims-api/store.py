"""Where claims are kept: one PostgreSQL table, reached through DATABASE_URL."""

import os
from contextlib import closing

import psycopg2
from psycopg2.extras import RealDictCursor


def client_version():
    return psycopg2.extensions.libpq_version()


def connect():
    return closing(psycopg2.connect(os.environ["DATABASE_URL"], connect_timeout=3))


def add(policy, amount):
    with connect() as database, database, database.cursor() as cursor:
        cursor.execute(
            "INSERT INTO claims (policy, amount) VALUES (%s, %s) RETURNING number",
            (policy, amount),
        )
        return cursor.fetchone()[0]


def find(number):
    with connect() as database, database.cursor(cursor_factory=RealDictCursor) as cursor:
        cursor.execute("SELECT number, policy, amount FROM claims WHERE number = %s", (number,))
        return cursor.fetchone()
