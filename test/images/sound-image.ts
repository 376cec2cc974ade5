import { elf } from './elf.ts';
import { folder, type Layer } from './saved-image.ts';

export const glibc = '/lib64/ld-linux-x86-64.so.2';
export const musl = '/lib/ld-musl-x86_64.so.1';

/** What every image here has: accounts and a temporary folder. */
export const ground: Layer = {
  'etc/passwd': 'root:x:0:0:root:/root:/sbin/nologin\nnonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n',
  'etc/group': 'root:x:0:\nnonroot:x:65532:\n',
  tmp: folder(0o1777),
  app: folder(0o755, 65532),
};

/** A program of glibc with libraries at depth one and two. */
export const sound: Layer = {
  ...ground,
  'lib64/ld-linux-x86-64.so.2': elf({}),
  'lib64/libc.so.6': elf({ defines: ['GLIBC_2.2.5', 'GLIBC_2.36'] }),
  'usr/lib/libone.so.1': elf({ needed: ['libtwo.so.1', 'libc.so.6'] }),
  'usr/lib/libtwo.so.1': elf({ needed: ['libc.so.6'] }),
  'usr/bin/server': elf({
    interpreter: glibc,
    needed: ['libone.so.1', 'libc.so.6'],
    needs: { 'libc.so.6': ['GLIBC_2.36'] },
  }),
};

export const config = { User: 'nonroot', WorkingDir: '/app', Entrypoint: ['/usr/bin/server'] };

/** The sound image without some of its files. */
export function without(...paths: readonly string[]): Layer {
  return Object.fromEntries(Object.entries(sound).filter(([path]) => !paths.includes(path)));
}
