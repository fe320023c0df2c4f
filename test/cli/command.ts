/** `cli` runs the verbs of the command against a whole sandbox. Here: one command line, as a process would run it. */
import { writeFileSync } from 'node:fs';
import type { CliContext } from '../../src/cli/context.ts';
import type { ExitCode } from '../../src/cli/errors.ts';
import { createPaint } from '../../src/cli/paint.ts';
import { runCli } from '../../src/cli/program.ts';
import { systemClock } from '../../src/kube/clock.ts';

export interface Run {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

export interface Going {
  readonly ended: Promise<Run>;
  readonly out: () => string;
  readonly stop: () => void;
}

/** @param words as a shell would split them @param more what a terminal has */
export function start(words: readonly string[], more: Partial<CliContext> = {}): Going {
  let out = '';
  let err = '';
  const stop = new AbortController();
  const ended = runCli(words, {
    clock: systemClock,
    zone: 'UTC',
    paint: createPaint(false),
    width: 120,
    live: false,
    out: (text) => {
      out += text;
    },
    note: (text) => {
      err += text;
    },
    signal: stop.signal,
    ...more,
  }).then((code) => ({ code, out, err }));
  return {
    ended,
    out: () => out,
    stop: () => {
      stop.abort(new Error('the test stops it'));
    },
  };
}

/** Splits at spaces; what is in double quotes stays together. */
export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}

/** A kubeconfig for a server that asks for no credentials. */
export function openKubeconfig(path: string, server: string): string {
  const config = {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: 'c', cluster: { server } }],
    users: [{ name: 'u', user: {} }],
    contexts: [{ name: 'c', context: { cluster: 'c', user: 'u', namespace: 'default' } }],
    'current-context': 'c',
  };
  writeFileSync(path, JSON.stringify(config));
  return path;
}
