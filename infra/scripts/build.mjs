#!/usr/bin/env node
// Checks types and compiles to dist/, which is emptied first, so that no test of a file that is gone runs.
import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
rmSync(fileURLToPath(new URL('../dist', import.meta.url)), { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [createRequire(import.meta.url).resolve('typescript/bin/tsc'), '-p', root], { stdio: 'inherit' });
process.exitCode = status ?? 1;
