/**
 * `node test/conformance/random/main.ts --seeds 1-1000`: plays sequences and compares; `--fresh 100` takes seeds that
 * nobody has seen, `--print 7` shows what a sequence asks.
 */
import { parseArgs } from 'node:util';
import { exceptions } from './exceptions.ts';
import { playRounds } from './rounds.ts';
import { startBoth } from './servers.ts';

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1-100' },
    fresh: { type: 'string' },
    failures: { type: 'string', default: '10' },
  },
});

/** Fewer sequences than this need not meet every exception. */
const enoughForEveryException = 1000;
const options = { abreast: 6, shrinks: 80, failures: Number(values.failures) };

const say = (text: string): void => void process.stdout.write(`${text}\n`);

function seedsOf(): number[] {
  const fresh = Number(values.fresh ?? 0);
  const [first = 1, last = first] = values.seeds.split('-').map(Number);
  const start = fresh > 0 ? Math.floor(Math.random() * 1_000_000_000) : first;
  return Array.from({ length: fresh > 0 ? fresh : last - first + 1 }, (_, index) => start + index);
}

const seeds = seedsOf();
await using servers = await startBoth('conformance-random');
const { sequences, requests, events, seconds, met, unrepeated, failures } = await playRounds(servers, seeds, options);
for (const failure of failures) say(`${failure}\n`);
say(
  `seeds ${seeds[0]} to ${seeds.at(-1)}: ${sequences} sequences, ${requests} requests, ${events} events of watches in ${seconds.toFixed(0)} s; ${failures.length} differ, ${unrepeated} did once`,
);
for (const [name, times] of met) say(`  exception met ${times} times: ${name}`);
const unmet = sequences < enoughForEveryException ? [] : exceptions.filter(({ name }) => met.get(name) === 0);
for (const { name } of unmet) say(`never met: ${name}; take it out`);
process.exitCode = failures.length > 0 || unmet.length > 0 ? 1 : 0;
