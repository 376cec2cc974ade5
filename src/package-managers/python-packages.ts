import { hasOption, type Option, optionValue } from '../shell/options.ts';
import type { Word } from '../shell/tree.ts';
import { textOf } from '../shell/word.ts';
import type { Invocation } from './package-manager.ts';
import { intoDirectory, optionTexts, readPackages, unknownValues } from './subcommands.ts';

/** Requirement specifiers (PEP 508); extras belong to the version. */
export const pythonPackages = {
  version: /\s*(?:\[|===?|~=|!=|<=?|>=?|@|;)/,
  path: /^(?:\.|\/|~|git\+|hg\+|svn\+|https?:|file:)|^[^=<>@;[]*\/|\.(?:whl|tar\.gz|tar\.bz2|zip)(?:\[[^\]]*\])?$/,
  name: (name: string) => name.trim(),
};

/** What `pip install` and `uv pip install` are told: requirement files, the project itself, packages. */
export function readPipInstall(options: readonly Option[], operands: readonly Word[]): Partial<Invocation> {
  const requirements = ['-r', '--requirement', '--requirements'];
  const editable = ['-e', '--editable'];
  const editables = options.flatMap(({ name, value }) =>
    value !== undefined && editable.includes(name) && textOf(value) !== undefined ? [value] : [],
  );
  const { packages, paths, unknown } = readPackages([...operands, ...editables], pythonPackages);
  const files = optionTexts(options, ...requirements);
  if (paths.some((path) => /^\.(?:\/)?(?:\[|$)/.test(textOf(path) ?? ''))) files.push('pyproject.toml');
  return {
    action: packages.length > 0 || (files.length === 0 && paths.length === 0) ? 'install' : 'restore',
    packages,
    paths,
    unknown: [...unknown, ...unknownValues(options, ...requirements, ...editable)],
    files,
    ...(hasOption(options, '--user') ? { where: 'user' as const } : {}),
    ...intoDirectory(options, '-t', '--target', '--prefix', '--root'),
    output: optionValue(options, '-w', '--wheel-dir', '-d', '--dest'),
  };
}
