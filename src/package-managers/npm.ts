import { isGlobal, leavesDevelopmentOut, nodePackages } from './node-packages.ts';
import type { Invocation, PackageManager } from './package-manager.ts';
import { type Call, defineManager, intoDirectory, readPackages } from './subcommands.ts';

const npmFiles = ['package.json', 'package-lock.json'];

function describe(call: Call, action: Invocation['action']): Partial<Invocation> {
  const { subcommand, options, operands } = call;
  const common: Partial<Invocation> = {
    ...intoDirectory(options, '--prefix', '-C'),
    ...(isGlobal(options) ? { where: 'global' } : {}),
    production: leavesDevelopmentOut(options),
  };
  switch (action) {
    case 'install': {
      const given = readPackages(operands, nodePackages);
      if (operands.length > 0) return { ...common, ...given };
      return { ...common, action: 'restore', files: npmFiles };
    }
    case 'restore':
      return { ...common, files: npmFiles };
    case 'remove':
      return subcommand === 'prune' ? common : { ...common, ...readPackages(operands, nodePackages) };
    case 'run':
      return { ...common, program: runs.has(subcommand) ? operands : [subcommandWord(call), ...operands] };
    default:
      return common;
  }
}

const runs: ReadonlySet<string> = new Set(['run', 'run-script', 'rum', 'urn', 'exec', 'x']);

/** `npm start` is `npm run start`. */
function subcommandWord({ subcommand, command }: Call) {
  return command.words.find((word) => word.value === subcommand) ?? command.words[0]!;
}

/** npm. */
export const npm: PackageManager = defineManager({
  name: 'npm',
  programs: ['npm'],
  scope: 'language',
  values:
    '--prefix -C --registry -w --workspace --omit --include --only --cache --loglevel --userconfig --globalconfig --tag ' +
    '--otp --access --before --script-shell --shell --maxsockets --fetch-timeout --fetch-retries --depth --location ' +
    '--install-strategy --cafile --ca --proxy --https-proxy --noproxy --node-options --cpu --os --libc --package ' +
    '--save-prefix --audit-level --fetch-retry-mintimeout --fetch-retry-maxtimeout --target --arch --dist-url --also',
  actions: {
    install: 'install i in ins inst insta instal isnt isnta isntal isntall add install-test it link ln',
    restore: 'ci clean-install ic install-clean cit install-ci-test clean-install-test',
    remove: 'uninstall un unlink remove rm r prune',
    upgrade: 'update up upgrade udpate',
    run: 'run run-script rum urn start stop test t tst restart exec x',
    build: 'pack rebuild rb',
    clean: 'cache',
    configure: 'config c set get init create pkg login adduser token team',
    query:
      'list ls ll la view info show v outdated audit explain why search root prefix bin help help-search ping version',
  },
  describe,
});
