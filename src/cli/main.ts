#!/usr/bin/env node
// The command's entry: where the process itself is read. Everything below gets it handed in.
import { isatty } from 'node:tty';
import { systemClock } from '../kube/clock.ts';
import { askYesOrNo } from './ask.ts';
import { createPaint, wantsColor } from './paint.ts';
import { runCli } from './program.ts';

const stop = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  // A second one ends the process at once.
  process.once(name, () => {
    stop.abort(new Error(`stopped by ${name}`));
  });
}
// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

// Not `process.stdout.isTTY`, which is undefined where there is no terminal, whatever its type says.
const isTerminal = isatty(1);

process.exitCode = await runCli(process.argv.slice(2), {
  clock: systemClock,
  zone: Temporal.Now.timeZoneId(),
  paint: createPaint(wantsColor(process.env, isTerminal)),
  width: isTerminal ? process.stdout.columns : 100,
  live: isTerminal,
  out: (text) => process.stdout.write(text),
  note: (text) => process.stderr.write(text),
  // Answers come from where questions can be seen.
  ...(isatty(0) &&
    isatty(2) && {
      ask: (question: string) => askYesOrNo({ input: process.stdin, output: process.stderr }, question, stop.signal),
    }),
  signal: stop.signal,
});
