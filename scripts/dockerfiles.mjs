// Collects the Dockerfiles below a folder or in an archive; archives in it are unpacked into a folder that goes away with the process.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Every Dockerfile: `{ name, path }`, `name` as a person would say it, in the order of names. */
export function collectDockerfiles(directory, isDockerfileName) {
  const found = [];
  const walk = (folder, prefix) => {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      const name = prefix + entry.name;
      if (entry.isDirectory()) walk(path, `${name}/`);
      else if (entry.isFile() && entry.name.endsWith('.tar.xz')) walk(unpack(path), `${name}:`);
      else if (entry.isFile() && isDockerfileName(entry.name)) found.push({ name, path });
    }
  };
  walk(directory.endsWith('.tar.xz') ? unpack(directory) : directory, '');
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function unpack(archive) {
  const folder = mkdtempSync(join(tmpdir(), 'rehull-corpus-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  execFileSync('tar', ['-xJf', archive, '-C', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  return folder;
}
