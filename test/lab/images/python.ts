import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bash } from '../command.ts';
import { put, unpack } from '../debian/root-filesystem.ts';
import type { Making } from './contents.ts';
import { pythonPackages } from './python-packages.ts';

export const PYTHON = '3.13';

/** Debian's Python below another prefix, laid out as its makers do: site-packages, and pip with it. */
export async function makePython(making: Making): Promise<void> {
  const prefix = making.isSource ? '/usr/local' : '/usr';
  const packages = await making.apt.alone([
    ...['', '-minimal', '-venv', '-dev'].map((part) => `python${PYTHON}${part}`),
    ...['', '-minimal', '-stdlib', '-dev'].map((part) => `libpython${PYTHON}${part}`),
    ...['python3-pip', 'python3-pip-whl'],
  ]);
  const parts = mkdtempSync(join(tmpdir(), 'rehull-lab-python-'));
  try {
    await unpack(packages, parts);
    await bash(LAY_OUT, [parts, making.root, prefix, PYTHON], 120);
  } finally {
    rmSync(parts, { recursive: true, force: true });
  }
  if (making.definition.variant === 'dev') await usePythonIndex(making);
}

/** pip finds its packages in a folder of the image: there is no index in the lab. */
export async function usePythonIndex({ apt, cache, root }: Making): Promise<void> {
  cpSync(await pythonPackages(apt, cache), join(root, INDEX), { recursive: true });
  put(root, '/etc/pip.conf', `[global]\nno-index = true\nfind-links = ${INDEX}\ndisable-pip-version-check = true\n`);
}

const INDEX = '/usr/local/share/lab-python-packages';

const LAY_OUT = `
parts=$1 prefix=$3 version=$4 to=$2$3
mkdir -p "$to/bin" "$to/lib" "$to/include"
rm -rf "$to/lib/python$version" "$to/include/python$version"
cp -a "$parts/usr/lib/python$version" "$to/lib/"
cp -aL "$parts/usr/bin/python$version" "$to/bin/"
for name in python3 python; do ln -sf "python$version" "$to/bin/$name"; done
triplet=$(cd "$parts/usr/lib"; ls -d *-linux-gnu)
cp -a "$parts/usr/lib/$triplet/"libpython$version.so* "$to/lib/"
ln -sf "libpython$version.so.1" "$to/lib/libpython$version.so"
cp -a "$parts/usr/include/python$version" "$to/include/"
cp -a "$parts/usr/include/$triplet/python$version/pyconfig.h" "$to/include/python$version/"
lib=$to/lib/python$version
rm -rf "$lib"/EXTERNALLY-MANAGED "$lib"/config-*/*.a "$lib"/sitecustomize.py "$lib"/test "$lib"/__pycache__
mkdir -p "$lib/site-packages" "$lib/ensurepip/_bundled"
cp "$parts"/usr/share/python-wheels/pip-*.whl "$lib/ensurepip/_bundled/"
sed -i "s#^_WHEEL_PKG_DIR = .*#_WHEEL_PKG_DIR = '$prefix/lib/python$version/ensurepip/_bundled'#" "$lib/ensurepip/__init__.py"
# Debian's schemes for its own packages are undone
sed -i "s/'posix_local')/'posix_prefix')/; s/prefix_scheme = 'posix_local'/prefix_scheme = 'posix_prefix'/" "$lib/sysconfig/__init__.py"
sed -i "s#'/usr'#'$prefix'#g; s#'/usr/include#'$prefix/include#g; s#-I/usr/include#-I$prefix/include#g; s#'/usr/lib'#'$prefix/lib'#g" "$lib"/_sysconfigdata__*.py
# the module site is frozen into the interpreter and knows dist-packages only
printf 'import site, sys\\nif sys.prefix == sys.base_prefix: site.addsitedir("%s/lib/python%s/site-packages")\\n' "$prefix" "$version" > "$lib/sitecustomize.py"
cp -a "$parts"/usr/lib/python3/dist-packages/. "$lib/site-packages/"
find "$lib/site-packages" -name EXTERNALLY-MANAGED -delete
for name in pip pip3 "pip$version"; do
  printf '#!%s/bin/python3\\nimport sys\\nfrom pip._internal.cli.main import main\\nsys.exit(main())\\n' "$prefix" > "$to/bin/$name"
  chmod 755 "$to/bin/$name"
done`;
