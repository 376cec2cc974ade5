import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bash } from '../command.ts';
import { unpack } from '../debian/root-filesystem.ts';
import type { Making } from './contents.ts';

const GO = '1.26';

/** Debian's Go in one folder, as its makers lay it out. */
export async function makeGo({ apt, root }: Making): Promise<void> {
  const parts = mkdtempSync(join(tmpdir(), 'rehull-lab-go-'));
  try {
    await unpack(await apt.alone([`golang-${GO}-go`, `golang-${GO}-src`]), parts);
    const script = `
      share=$1/usr/share/go-$3 lib=$1/usr/lib/go-$3 to=$2/usr/local/go
      mkdir -p "$to/pkg" "$2/go/bin" "$2/go/src"; cp -a "$share/." "$to/"; rm -rf "$to/test"
      for name in bin VERSION go.env; do if [ -e "$lib/$name" ]; then cp -aL "$lib/$name" "$to/"; fi; done
      for file in "$lib"/pkg/*; do if [ ! -e "$to/pkg/\${file##*/}" ]; then cp -a "$file" "$to/pkg/"; fi; done`;
    await bash(script, [parts, root, GO], 120);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}
