#!/usr/bin/env node
// A command line like Docker's without an engine: it notes how it is called, and answers as plan.json beside it says.
const { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

const folder = dirname(process.argv[1]);
const args = process.argv.slice(2);
const plan = JSON.parse(readFileSync(join(folder, 'plan.json'), 'utf8'));
appendFileSync(join(folder, 'calls.jsonl'), `${JSON.stringify(args)}\n`);

const last = args.at(-1);
const side = /-before-/.test(args.join(' ')) ? plan.before : plan.after;
const option = (name) => args.find((arg) => arg.startsWith(`--${name}=`))?.slice(name.length + 3);
const made = (kind) => join(folder, kind);
const make = (kind, name, value = {}) => {
  mkdirSync(made(kind), { recursive: true });
  writeFileSync(join(made(kind), name.replace(/[/:]/g, '_')), JSON.stringify(value));
};
const all = (kind) => (existsSync(made(kind)) ? readdirSync(made(kind)) : []);
const state = () => JSON.parse(readFileSync(join(made('containers'), last), 'utf8'));
const answer = (text, code = 0) => {
  process.stdout.write(text);
  process.exitCode = code;
};
const refuse = (text, code = 1) => {
  process.stderr.write(text);
  process.exitCode = code;
};
const remove = (kind) => {
  if (plan.keeps === kind) return refuse(`Error response: ${kind} is in use\n`);
  rmSync(join(made(kind), last.replace(/[/:]/g, '_')), { force: true });
};

const commands = {
  version: () => (plan.refuses === undefined ? answer('20.10\n') : refuse(plan.refuses)),
  'context inspect': () => answer('unix:///var/run/docker.sock\n'),
  build: () => {
    process.stdout.write(side.buildLog ?? '');
    writeFileSync(join(folder, 'context.json'), JSON.stringify(readdirSync(last)));
    if (plan.hangs === 'build') return void setTimeout(() => {}, 60_000);
    if (side.buildFails !== undefined) return refuse(side.buildFails);
    make('images', option('tag'));
  },
  'image inspect': () => answer(JSON.stringify([{ Id: 'sha256:1', Size: 5e6, Config: side.config ?? {} }])),
  'image save': () => (side.archive === undefined ? refuse('no space left\n') : answer(readFileSync(side.archive))),
  'image ls': () => answer(''),
  'image rm': () => remove('images'),
  'network create': () => make('networks', last),
  'network ls': () => answer(all('networks').join('\n')),
  'network rm': () => remove('networks'),
  'volume ls': () => answer(''),
  'container ls': () => answer(all('containers').join('\n')),
  'container rm': () => remove('containers'),
  'container create': () => make('containers', option('name'), { Running: false, ExitCode: 0 }),
  'container start': () => {
    if (side.startFails !== undefined) return refuse(side.startFails);
    make('containers', last, { Running: side.ends === undefined, ExitCode: side.ends ?? 0 });
  },
  'container inspect': () => {
    const Ports = { '80/tcp': [{ HostPort: `${side.port}` }], '8080/tcp': [{ HostPort: `${side.port}` }] };
    const State = { ...state(), Health: side.health };
    answer(JSON.stringify([{ State, NetworkSettings: { Ports: side.port === undefined ? {} : Ports } }]));
  },
  'container logs': () => answer(side.log ?? ''),
  'container diff': () => answer((side.writes ?? []).map((path) => `A ${path}\n`).join('')),
  'container cp': () => ((side.has ?? []).includes(args[2]?.split(':')[1]) ? answer('') : refuse('no such file\n')),
  'container exec': () => answer('said\n', side.execCode ?? 0),
  'container stop': () => make('containers', last, { Running: false, ExitCode: side.stopCode ?? 0 }),
};

const command = commands[args.slice(0, 2).join(' ')] ?? commands[args[0]];
if (command === undefined) refuse(`docker: unknown command ${args.join(' ')}\n`);
else command();
