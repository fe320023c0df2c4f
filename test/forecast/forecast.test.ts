/** What is forecast is what then happens: the same inputs for `forecast` and for the production controllers. */
import { expect, it } from 'vitest';
import { Freeze } from '../../src/api/freeze.ts';
import type { HistoryEntry } from '../../src/api/rollout.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { observeForecast } from '../../src/controllers/rollout/observe-forecast.ts';
import { TargetFaults } from '../../src/controllers/rollout/target-faults.ts';
import { assume, versionOf } from '../../src/core/forecast/assumptions.ts';
import { type Forecast, forecast } from '../../src/core/forecast/forecast.ts';
import { createReleaseMemory } from '../../src/integrations/flux/release-memory.ts';
import { cases, GRID, HOURS, START } from './cases.ts';
import { assumptionOf, carryOut, populate } from './population.ts';
import { type Reality, startReality } from './reality.ts';

const count = Number(process.env['KUBERIK_FORECAST_CASES'] ?? 1000);
const END = START.add({ hours: HOURS });
const HOLD = 'hold';

const nameOf = (index: number): string => `case-${index}`;

/** Kept from deploying anything until every forecast is made. */
async function hold({ client }: Reality): Promise<void> {
  const { apiVersion, kind } = Freeze;
  await client.create(Freeze, {
    apiVersion,
    kind,
    metadata: { name: HOLD },
    spec: { reason: 'the forecasts are made' },
  });
}

async function forecastOf(reality: Reality, namespace: string, one: (typeof all)[number]): Promise<Forecast> {
  const { manager, registry, clock } = reality;
  const { reader } = manager;
  const rollout = await reader.get(Rollout, { namespace, name: 'app' });
  const assumption = assumptionOf(one);
  const version = assumption && versionOf(assumption);
  const memory = createReleaseMemory();
  const considered = version === undefined ? [] : [version];
  const options = {
    reader,
    live: reader,
    registry,
    memory,
    clock,
    defaultFailurePolicy: 'Rollback',
    considered,
  } as const;
  const held = await observeForecast(options, new TargetFaults(), rollout!, new AbortController().signal);
  const input = assume(held, { if: 'unfreeze', name: HOLD }, clock.now());
  return forecast(assumption === undefined ? input : assume(input, assumption, clock.now()), clock.now(), END);
}

function told({ timeline }: Forecast): string[] {
  return timeline
    .filter(({ kind }) => !['Gate', 'Freeze', 'BakeStarted', 'BakeRetried'].includes(kind))
    .map(({ at, kind, version }) => `${at.toString()} ${kind} ${version ?? ''}`)
    .toSorted();
}

function happened(history: readonly HistoryEntry[], before: readonly HistoryEntry[]): string[] {
  const known = new Map(before.map((entry) => [entry.id, entry]));
  const lines = history.flatMap((entry) => {
    const former = known.get(entry.id);
    const kind = entry.trigger === 'Rollback' ? 'Rollback' : 'Deployment';
    const ended = entry.bakeStatus !== former?.bakeStatus && entry.bakeStartTime !== undefined;
    const outcome = entry.bakeStatus === 'Failed' || (entry.bakeStatus === 'Succeeded' && ended);
    return [
      ...(former === undefined ? [`${entry.timestamp} ${kind} ${entry.version.tag}`] : []),
      ...(outcome && entry.bakeStatus !== former?.bakeStatus
        ? [`${entry.bakeEndTime ?? ''} Bake${entry.bakeStatus ?? ''} ${entry.version.tag}`]
        : []),
    ];
  });
  return lines.toSorted();
}

const all = cases(count);

/** The grid on which things are due, and what is foretold beside it. */
function instantsOf(forecasts: readonly Forecast[]): readonly Temporal.Instant[] {
  const instants = new Map<bigint, Temporal.Instant>();
  const add = (at: Temporal.Instant): void => void instants.set(at.epochNanoseconds, at);
  for (let at = START.add(GRID); Temporal.Instant.compare(at, END) <= 0; at = at.add(GRID)) add(at);
  for (const { timeline } of forecasts)
    for (const { at } of timeline) if (at.epochNanoseconds > START.epochNanoseconds) add(at);
  return [...instants.values()].sort(Temporal.Instant.compare);
}

it(`what is forecast happens, in ${count} cases`, { timeout: 600_000 }, async () => {
  await using reality = await startReality(START);
  await hold(reality);
  for (let from = 0; from < all.length; from += 32) {
    const batch = all.slice(from, from + 32);
    await Promise.all(batch.map((one, index) => populate(reality, nameOf(from + index), one)));
  }
  reality.start();
  await reality.rest();

  const forecasts = await Promise.all(all.map((one, index) => forecastOf(reality, nameOf(index), one)));
  const before = new Map<string, readonly HistoryEntry[]>();
  for (const { metadata, status } of await reality.manager.reader.list(Rollout)) {
    before.set(metadata.namespace ?? '', status?.history ?? []);
  }
  await Promise.all(all.map((one, index) => carryOut(reality, nameOf(index), one)));
  await reality.client.remove(Freeze, { namespace: '', name: HOLD });
  await reality.rest();
  for (const at of instantsOf(forecasts)) await reality.advanceTo(at);

  const wrong: string[] = [];
  let events = 0;
  for (const [index, one] of all.entries()) {
    const namespace = nameOf(index);
    const rollout = await reality.manager.reader.get(Rollout, { namespace, name: 'app' });
    const real = happened(rollout?.status?.history ?? [], before.get(namespace) ?? []);
    const foretold = told(forecasts[index]!);
    events += real.length;
    const condition = rollout?.status?.conditions?.find(({ type }) => type === 'Progressing');
    const standing = forecasts[index]!.reasons[0]?.code;
    const agrees = JSON.stringify(real) === JSON.stringify(foretold) && condition?.reason === standing;
    if (!agrees)
      wrong.push(
        JSON.stringify(
          { namespace, one, real, foretold, condition, standing: forecasts[index]!.reasons },
          undefined,
          2,
        ),
      );
  }
  expect(wrong.slice(0, 3)).toEqual([]);
  // It is no agreement about nothing.
  expect(events).toBeGreaterThan(count / 2);
});
