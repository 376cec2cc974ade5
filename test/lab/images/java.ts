import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bash } from '../command.ts';
import { unpack } from '../debian/root-filesystem.ts';
import type { Making } from './contents.ts';

const JAVA = '21';

/** Debian's OpenJDK where the definition's JAVA_HOME says, with the settings that Debian keeps in /etc. */
export async function makeJava({ apt, root, definition }: Making): Promise<void> {
  const home = definition.environment.JAVA_HOME ?? '/opt/java/openjdk';
  const kinds = definition.variant === 'dev' ? ['jre', 'jdk'] : ['jre'];
  const parts = mkdtempSync(join(tmpdir(), 'rehull-lab-java-'));
  try {
    await unpack(await apt.alone(kinds.map((kind) => `openjdk-${JAVA}-${kind}-headless`)), parts);
    const script = `
      from=$(ls -d "$1"/usr/lib/jvm/java-$4-openjdk-*) to=$2$3
      mkdir -p "$to" "$2/usr/local/bin"
      (cd "$from"; find . -type l -lname '/etc/*' | while read -r link; do
        target=$(readlink "$link"); rm "$link"; if [ -e "$1$target" ]; then cp -aL "$1$target" "$link"; fi; done)
      cp -aL "$from/." "$to/" 2>/dev/null || true
      rm -rf "$to/man" "$to/lib/src.zip"
      for file in "$to"/bin/*; do ln -sf "$3/bin/\${file##*/}" "$2/usr/local/bin/"; done`;
    await bash(script, [parts, root, home, JAVA], 120);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
}
