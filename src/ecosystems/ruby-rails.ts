import type { BuildView, Launch } from './ecosystem.ts';
import { launch } from './ruby-launch.ts';

/*
 * The script `bin/docker-entrypoint` that `rails new` writes (Rails 7.1 to 8.1): it preloads jemalloc, prepares the
 * database where the server is started, and execs. The hardened Ruby is built with jemalloc (definition: --with-jemalloc).
 */

const harmless: readonly RegExp[] = [
  /^set -e$/,
  /^rm -f (\/rails\/|\.\/)?tmp\/pids\/server\.pid$/,
  /^if \[ -z "\$\{LD_PRELOAD\+x\}" \](?: && \[ -f [\w./-]+ \])?; then$/,
  /^(export )?LD_PRELOAD=.*libjemalloc.*$/,
  /^export LD_PRELOAD$/,
];
const isServer =
  /^if \[ "\$\{(?:@: -2:1|1)\}" == "\.\/bin\/rails" \] && \[ "\$\{(?:@: -1:1|2)\}" == "server" \]; then$/;
const prepare = /^(?:\.\/)?bin\/rails db:(prepare|migrate)$/;
const start = /^exec "\$(?:\{@\}|@)"$/;

/** What the entrypoint script of Rails does, in a line of Ruby; undefined for every other script. */
export function railsEntrypoint(text: string, argv: readonly string[], view: BuildView): Launch | undefined {
  let task: string | undefined;
  let open = 0;
  let conditional = false;
  let started = false;
  for (const raw of text.split('\n')) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    if (started) return undefined;
    if (isServer.test(line)) {
      open++;
      conditional = true;
    } else if (line === 'fi' && open > 0) open--;
    else if (prepare.test(line) && conditional && open > 0) task = `db:${prepare.exec(line)![1]}`;
    else if (start.test(line) && open === 0) started = true;
    else if (harmless.some((pattern) => pattern.test(line))) open += line.startsWith('if ') ? 1 : 0;
    else return undefined;
  }
  if (!started || task === undefined) return undefined;
  const program = launch(argv.slice(1), view, 0);
  if (program === undefined || 'refusal' in program) return undefined;
  const line = `system('ruby', 'bin/rails', '${task}', exception: true) if ARGV.last(2) == %w[bin/rails server]; exec(*ARGV)`;
  const rest = program.argv.map((word) => (word === './bin/rails' ? 'bin/rails' : word));
  return {
    argv: ['ruby', '-e', line, '--', ...rest],
    environment: program.environment,
    entrypoint: 4,
    why: `${argv[0]} prepares the database and starts what it is given, which a line of Ruby does without a shell`,
  };
}
