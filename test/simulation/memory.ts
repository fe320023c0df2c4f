/**
 * `node --expose-gc test/simulation/memory.ts SEED`: what controllers that ran for a month without a restart hold in memory
 * more than ones that have just started over the same objects, in bytes, as JSON. The world, which remembers everything, is
 * in the same heap: the difference is the controllers' alone.
 */
import { ok } from 'node:assert/strict';
import { planOf } from './plan.ts';
import { run } from './run.ts';

const [seed = '1'] = process.argv.slice(2);
const { gc } = globalThis;
ok(gc !== undefined, 'wants --expose-gc');

function heap(): number {
  gc?.();
  return process.memoryUsage().heapUsed;
}

const plan = { ...planOf(Number(seed), 'month'), faults: [] };
let [old, fresh] = [0, 0];
const { deployments, violations } = await run(plan, {
  async atEnd({ clock }, controllers) {
    old = heap();
    controllers.kill();
    controllers.start();
    await clock.runUntil(clock.milliseconds + 60_000);
    fresh = heap();
  },
});
process.stdout.write(`${JSON.stringify({ deployments, violations, grownBy: old - fresh, old })}\n`);
