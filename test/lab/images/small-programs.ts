import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { put } from '../debian/root-filesystem.ts';
import type { Making } from './contents.ts';
import { usePythonIndex } from './python.ts';

/** Ubuntu installs its own Python: pip finds its packages, and what is recommended beside it is left out to save time. */
export async function makeUbuntu(making: Making): Promise<void> {
  await usePythonIndex(making);
  put(making.root, '/etc/apt/apt.conf.d/91lab', 'APT::Install-Recommends "false";\n');
}

/** What Alpine images have of busybox and Debian's do not. */
export async function linkBusybox({ root }: Making): Promise<void> {
  mkdirSync(join(root, 'usr/local/bin'), { recursive: true });
  symlinkSync('/usr/bin/busybox', join(root, 'usr/local/bin/wget'));
}

/** As much of uv as builds call, on pip: Debian has none. */
export async function makeUv({ root }: Making): Promise<void> {
  put(root, '/uv', UV, 0o755);
}

const UV = `#!/bin/sh
python=\${VIRTUAL_ENV:+$VIRTUAL_ENV/bin/}python3
case "$1 $2" in
"pip install")
  shift 2
  options=
  for option; do
    case $option in
    --system) python=python3 ;;
    --no-cache) options="$options --no-cache-dir" ;;
    *) options="$options $option" ;;
    esac
  done
  exec "$python" -m pip install $options ;;
"venv "*) exec python3 -m venv "\${2:-.venv}" ;;
*) echo "the lab's uv does not know: $*" >&2; exit 2 ;;
esac
`;
