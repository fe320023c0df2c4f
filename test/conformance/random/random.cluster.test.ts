/** A real kube-apiserver and the sandbox answer what nobody thought of alike. At length: `main.ts`. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { playRounds } from './rounds.ts';
import { startBoth } from './servers.ts';

/** Everywhere the same, and ones that nobody has seen. */
const fixed = Array.from({ length: 40 }, (_, index) => index + 1);
const first = 1_000_000 + Math.floor(Math.random() * 1_000_000_000);
const budget = { abreast: 4, seconds: 40, shrinks: 60, failures: 3 };

function* seeds(): Generator<number> {
  yield* fixed;
  for (let seed = first; ; seed += 1) yield seed;
}

describe('random requests', () => {
  const parts = new AsyncDisposableStack();
  let servers: Awaited<ReturnType<typeof startBoth>>;

  beforeAll(async () => {
    servers = parts.use(await startBoth('conformance-random'));
  }, 300_000);
  afterAll(() => parts.disposeAsync());

  it('are answered by the sandbox as by a real server', async () => {
    const { failures, sequences, requests } = await playRounds(servers, seeds(), budget);
    process.stdout.write(`${sequences} sequences with ${requests} requests, seeds from ${first}\n`);
    expect(failures.join('\n\n')).toBe('');
    // However slow the machine is.
    expect(sequences).toBeGreaterThan(4);
  }, 600_000);
});
