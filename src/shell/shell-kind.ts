/** What reads the text of a shell form. */
export type ShellKind = 'posix' | 'powershell' | 'cmd' | 'other';

/**
 * Which kind of shell a SHELL instruction names: `["/bin/bash", "-o", "pipefail", "-c"]` is `posix`, as is a shell that
 * another program starts (`["conda", "run", "-n", "web", "/bin/bash", "-c"]`).
 */
export function shellKind(argv: readonly string[]): ShellKind {
  for (const argument of argv) {
    const name = argument
      .slice(Math.max(argument.lastIndexOf('/'), argument.lastIndexOf('\\')) + 1)
      .toLowerCase()
      .replace(/\.exe$/, '');
    if (/^(?:ba|da|a|k|mk|z)?sh$/.test(name)) return 'posix';
    if (name === 'powershell' || name === 'pwsh') return 'powershell';
    if (name === 'cmd') return 'cmd';
  }
  return 'other';
}
