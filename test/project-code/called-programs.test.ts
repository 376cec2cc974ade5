import { expect, test } from 'vitest';
import { calledPrograms } from '../../src/project-code/called-programs.ts';
import { readCode } from '../../src/project-code/code-files.ts';
import { writtenPaths } from '../../src/project-code/written-paths.ts';
import { pageProject } from '../pages/page.ts';

const said = (language: string, text: string): string[] =>
  calledPrograms(language, [{ path: 'a', text }]).map(
    ({ line, program, shell }) => `${line} ${program ?? '-'}${shell ? ' sh' : ''}`,
  );

test.each([
  ['node', "import { exec } from 'node:child_process';\nexec('git log');", ['2 git sh']],
  ['node', "const cp = require('child_process');\ncp.execSync(`tar xf ${file}`);", ['2 tar sh']],
  ['node', "import { spawn } from 'child_process';\nspawn('ffmpeg', args, { shell: true });", ['2 ffmpeg sh']],
  ['node', "import { spawn } from 'child_process';\nspawn(process.execPath, ['worker.js']);", []],
  ['node', "import { execFile } from 'child_process';\nexecFile('./bin/tool');", []],
  ['node', "import { fork } from 'child_process';\nconst m = /a/.exec('b');\nregex.exec(text);", []],
  ['node', "const m = pattern.exec('git');\nfunction exec(x) {}", []],
  ['node', "import { execa } from 'execa';\nawait execa('git', ['log']);", ['2 git']],
  ['python', 'import os\nos.system("convert a b")', ['2 convert sh']],
  ['python', 'import subprocess\nsubprocess.run(["/usr/bin/git", "log"])', ['2 git']],
  ['python', 'import subprocess\nsubprocess.run(\n    cmd,\n    shell=True,\n)', ['2 - sh']],
  ['python', 'import subprocess\nsubprocess.run(cmd)\nsubprocess.run([sys.executable, "-V"])', []],
  ['python', 'import subprocess\nrun(["git"], shell=False)\n# os.system("git")', []],
  ['python', 'import subprocess\nsubprocess.run(f"git log {x}", shell=True); other(shell=True)', ['2 git sh']],
  ['ruby', 'rev = `git rev-parse HEAD`', ['1 git']],
  ['ruby', 'system("convert", from, to)\nsystem("ls | wc -l")', ['1 convert', '2 ls sh']],
  ['php', "<?php\n$x = shell_exec('pdftotext a');\n$pdo->exec('CREATE TABLE a');\ncurl_exec($c);", ['2 pdftotext sh']],
  ['java', 'Process p = Runtime.getRuntime().exec("git log");', ['1 git']],
  ['java', 'new ProcessBuilder("sh", "-c", text).start();', ['1 sh']],
  ['java', 'Runtime.getRuntime().exec(new String[]{"convert", a});', ['1 convert']],
  ['go', 'import "os/exec"\nexec.CommandContext(ctx, "git", "log")', ['2 git']],
  ['go', 'tx.Exec("DELETE")\nexec.Command("git")', []],
  [
    'dotnet',
    'var i = new ProcessStartInfo { FileName = "ffmpeg" };\nProcess.Start("git", "log");',
    ['1 ffmpeg', '2 git'],
  ],
  ['rust', 'use std::process::Command;\nCommand::new("git");', ['2 git']],
  ['rust', 'use clap::Command;\nCommand::new("git");', []],
])('%s: %s', (language, text, expected) => {
  expect(said(language, text)).toEqual(expected);
});

test('an endless line and a call without an end take no time', () => {
  const text = `import os\n${'os.system('.repeat(30_000)}\n${'os.system("a'.repeat(20)}`;
  const before = performance.now();
  calledPrograms('python', [{ path: 'a', text }]);
  expect(performance.now() - before).toBeLessThan(500);
});

test('tests, dependencies and what a build makes are not read', () => {
  const paths = ['app/a.py', 'app/test_a.py', 'tests/b.py', 'venv/c.py', 'node_modules/d.py', 'app/deep/e.py', 'f.txt'];
  const project = pageProject(new Map(paths.map((path) => [path, 'x'])));
  expect(readCode(project, ['.'], /\.py$/).map(({ path }) => path)).toEqual(['app/a.py', 'app/deep/e.py']);
  expect(readCode(project, ['tests/b.py', './app/'], /\.py$/).map(({ path }) => path)).toEqual([
    'tests/b.py',
    'app/a.py',
    'app/deep/e.py',
  ]);
});

test.each([
  ['os.MkdirAll("/data/a", 0o755)', ['/data/a folder']],
  ['f, err := os.Create("out.log")', ['out.log']],
  ['os.Create(filepath.Join(dir, name))', ['-']],
  ['os.Create(filepath.Join(os.TempDir(), name))', []],
  ['os.OpenFile("a.log", os.O_APPEND|os.O_CREATE, 0o644)', ['a.log']],
  ['os.OpenFile("a.log", os.O_RDONLY, 0)', []],
  ['sql.Open("sqlite3", "file:/data/x.db?mode=rwc")', ['/data/x.db']],
  ['sql.Open("sqlite", ":memory:")', []],
  ['sql.Open("postgres", url)', []],
  ['// os.Create("a")', []],
])('Go writes: %s', (text, expected) => {
  const found = writtenPaths([{ path: 'main.go', text }]);
  expect(found.map(({ target, folder }) => `${target ?? '-'}${folder ? ' folder' : ''}`)).toEqual(expected);
});
