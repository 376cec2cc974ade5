#!/usr/bin/env node
import metadata from '../../../package.json' with { type: 'json' };
import { installedCore } from './installed-core.ts';
import { processIo } from './io.ts';
import { run } from './program.ts';

const code = await run(process.argv.slice(2), processIo(), installedCore, metadata.version);
// never process.exit(): it would cut off what a pipe has not taken yet
process.exitCode = Math.max(code, Number(process.exitCode ?? 0));
