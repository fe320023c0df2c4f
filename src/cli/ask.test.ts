import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { askYesOrNo } from './ask.ts';

function terminal() {
  return { input: new PassThrough(), output: new PassThrough() };
}

const never = new AbortController().signal;

it.each([
  ['y\n', true],
  ['Yes\n', true],
  [' y \n', true],
  ['\n', false],
  ['n\n', false],
  ['yellow\n', false],
])('%j is %s', async (answer, yes) => {
  const streams = terminal();
  const asked = askYesOrNo(streams, 'Go on? [y/N] ', never);
  streams.input.write(answer);
  expect(await asked).toBe(yes);
  expect(String(streams.output.read())).toContain('Go on? [y/N] ');
});

it('takes the end of the input for no', async () => {
  const streams = terminal();
  const asked = askYesOrNo(streams, 'Go on?', never);
  streams.input.end();
  expect(await asked).toBe(false);
});

it('ends with the signal', async () => {
  const stop = new AbortController();
  const asked = askYesOrNo(terminal(), 'Go on?', stop.signal);
  stop.abort();
  await expect(asked).rejects.toThrow('aborted');
});
