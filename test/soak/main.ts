/**
 * `node test/soak/main.ts --minutes 10`: 200 Rollouts on a real control plane, while API server, etcd and controller are
 * killed. Ends with 1 when anything is wrong, and tells the history of what is.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { soak } from './soak.ts';
import { summaryText, violationText } from './summary.ts';

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rollouts: { type: 'string', default: '200' },
    seed: { type: 'string' },
    json: { type: 'string' },
    output: { type: 'string', short: 'o', default: 'text' },
  },
});

const positive = (text: string, name: string): number => {
  const number = Number(text);
  if (number > 0) return number;
  throw new Error(`--${name} ${text}: write a number above 0`);
};
const seed = values.seed === undefined ? Math.floor(Math.random() * 1_000_000) : Number(values.seed);
const begun = performance.now();
const tell = (line: string): void => {
  const at = Math.round((performance.now() - begun) / 1000);
  process.stderr.write(`${String(at).padStart(5)} s  ${line}\n`);
};

const say = (text: string): void => void process.stdout.write(`${text}\n`);

tell(`seed ${seed}`);
const { summary, storyOf } = await soak({
  seed,
  rollouts: positive(values.rollouts, 'rollouts'),
  seconds: positive(values.minutes, 'minutes') * 60,
  restSeconds: 60,
  tell,
});
const json = JSON.stringify(summary, undefined, 2);
if (values.json !== undefined) writeFileSync(values.json, `${json}\n`);
say(values.output === 'json' ? json : summaryText(summary));
for (const violation of summary.violations) say(`  ${violationText(violation)}`);
for (const rollout of new Set(summary.violations.map((violation) => violation.rollout))) {
  if (rollout !== '') say([`${rollout}:`, ...storyOf(rollout).map((line) => `  ${line}`)].join('\n'));
}
process.exitCode = summary.violations.length === 0 ? 0 : 1;
