#!/bin/sh
set -e
export BOARD_NAME="${BOARD_NAME:-notices}"
exec "$@"
