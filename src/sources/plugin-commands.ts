/*
 * Commands that install plug-ins of servers, and where they put them. Source: the documentation of each server, as known
 * in general.
 */

interface PluginCommand {
  readonly program: RegExp;
  /** the word that has to follow, where the program does other things, too */
  readonly verb?: RegExp;
  readonly writes: string;
  /** the option that names another folder */
  readonly option?: string;
}

const COMMANDS: readonly PluginCommand[] = [
  { program: /^elasticsearch-plugin$/, verb: /^install$/, writes: '/usr/share/elasticsearch/plugins' },
  { program: /^opensearch-plugin$/, verb: /^install$/, writes: '/usr/share/opensearch/plugins' },
  { program: /^kibana-plugin$/, verb: /^install$/, writes: '/usr/share/kibana/plugins' },
  // it changes the Gemfile beside the gems that it installs
  { program: /^logstash-plugin$/, verb: /^(install|update|remove)$/, writes: '/usr/share/logstash' },
  { program: /^rabbitmq-plugins$/, verb: /^(enable|disable|set)$/, writes: '/etc/rabbitmq/enabled_plugins' },
  {
    program: /^grafana(-cli)?$/,
    verb: /^install$/,
    writes: '/var/lib/grafana/plugins',
    option: '--pluginsDir',
  },
  { program: /^kc\.sh$/, verb: /^build$/, writes: '/opt/keycloak/lib' },
  { program: /^jenkins-plugin-cli$/, writes: '/usr/share/jenkins/ref/plugins', option: '--plugin-download-directory' },
];

/** The path that a command puts a server's plug-ins into; undefined for other commands. */
export function pluginTarget(argv: readonly (string | undefined)[]): string | undefined {
  const program = argv[0]?.slice(argv[0].lastIndexOf('/') + 1) ?? '';
  const command = COMMANDS.find((each) => each.program.test(program));
  if (command === undefined) return undefined;
  const words = argv.slice(1);
  if (command.verb !== undefined && !words.some((word) => word !== undefined && command.verb!.test(word)))
    return undefined;
  const { option } = command;
  if (option === undefined) return command.writes;
  const at = words.findIndex((word) => word === option || word?.startsWith(`${option}=`));
  if (at === -1) return command.writes;
  const value = words[at] === option ? words[at + 1] : words[at]!.slice(option.length + 1);
  return value?.startsWith('/') === true ? value : undefined;
}
