import { hasOption } from '../shell/options.ts';
import type { PackageManager } from './package-manager.ts';
import { defineManager } from './subcommands.ts';

const files = ['mix.exs', 'mix.lock'];

/** Elixir's build tool: everything that it makes lies below the project, or in the home folder. */
export const mix: PackageManager = defineManager({
  name: 'mix',
  programs: ['mix'],
  scope: 'language',
  values: '--only --path -r --require --warnings --env --target',
  runs: ['run', 'phx.server', 'cmd', 'do'],
  actions: {
    run: 'run phx.server ecto.migrate ecto.setup ecto.create cmd',
    build:
      'compile release do deps.get deps.compile deps.clean phx.digest assets.setup assets.build assets.deploy escript.build',
    configure: 'local.hex local.rebar archive.install hex.config hex.repo hex.organization',
    query: 'help hex.info deps.tree deps',
    other: 'test format credo dialyzer',
  },
  otherwise: 'build',
  describe: ({ options }) => ({ files, production: hasOption(options, '--only') }),
});
