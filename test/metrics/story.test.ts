/** `metrics` is what Prometheus sees. This file: a story of good and bad releases, read where Prometheus reads it. */
import { request } from 'undici';
import { expect, test } from 'vitest';
import { metricSections } from '../../src/api/metrics.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { pushImage } from '../../src/oci/push.ts';
import { listen, metricsRoutes } from '../../src/server/http-server.ts';
import { type RunningControllers, startControllers } from '../support/controllers.ts';
import { eventually } from '../support/eventually.ts';
import { deploymentManifests, gate } from '../support/objects.ts';
import type { Space } from '../support/space.ts';
import { sharedWorld } from '../support/world.ts';

const world = sharedWorld({ controllers: false });

/** Values by name and labels, without namespace and rollout. */
type Scraped = ReadonlyMap<string, number>;

async function scrape({ manager }: RunningControllers): Promise<Scraped> {
  await using server = await listen({ host: '127.0.0.1', port: 0 }, metricsRoutes(manager.metrics.registry));
  const { statusCode, body } = await request(`http://127.0.0.1:${server.port}/metrics`);
  expect(statusCode).toBe(200);
  const lines = (await body.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => {
      const at = line.lastIndexOf(' ');
      const series = line.slice(0, at).replace(/namespace="[^"]*",rollout="app",?/, '');
      return [series.replace('{}', ''), Number(line.slice(at + 1))];
    }),
  );
}

/** What is not zero of a family. */
function family(scraped: Scraped, name: string): Record<string, number> {
  const all = [...scraped].filter(([series, value]) => value !== 0 && series.startsWith(name));
  return Object.fromEntries(all.map(([series, value]) => [series.slice(name.length), value]));
}

/** A release that was made a while ago. */
async function release(space: Space, tag: string, minutes: number, outcome?: string): Promise<void> {
  const annotations = {
    'org.opencontainers.image.created': world().clock.now().subtract({ minutes }).toString(),
    ...(outcome !== undefined && { 'sandbox.kuberik.com/outcome': outcome }),
  };
  const content = { repository: space.image(), tag, files: { version: tag }, annotations };
  await pushImage(world().transport, content, new AbortController().signal);
}

test('good releases, a bad one, a restart: every fact is counted once', async () => {
  const space = await world().space('story');
  await using before = startControllers(world());
  await space.application({}, deploymentManifests(space.image()));
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await release(space, 'v1.1.0', 10, 'crash');
  await space.reaches(['v1.0.0 Succeeded Rollback', 'v1.1.0 Failed Automatic', 'v1.0.0 Succeeded Automatic']);
  await release(space, 'v1.2.0', 90);
  const history = [
    'v1.2.0 Succeeded Automatic',
    'v1.0.0 Succeeded Rollback',
    'v1.1.0 Failed Automatic',
    'v1.0.0 Succeeded Automatic',
  ];
  await space.reaches(history);

  const told = await scrape(before);
  expect(family(told, 'kuberik_rollout_deployments_total')).toEqual({
    '{trigger="Automatic",result="Succeeded"}': 2,
    '{trigger="Automatic",result="Failed"}': 1,
    '{trigger="Rollback",result="Succeeded"}': 1,
  });
  expect(family(told, 'kuberik_rollout_rollbacks_total')).toEqual({ '{trigger="Rollback"}': 1 });
  // v1.0.0 does not say when it was made; v1.1.0 did not succeed.
  expect(family(told, 'kuberik_rollout_lead_time_seconds_count')).toEqual({
    '{until="Deployed"}': 2,
    '{until="Succeeded"}': 1,
  });
  expect(told.get('kuberik_rollout_lead_time_seconds_bucket{le="3600",until="Deployed"}')).toBe(1);
  expect(told.get('kuberik_rollout_lead_time_seconds_bucket{le="14400",until="Deployed"}')).toBe(2);
  const entries = await space.entries();
  const millis = (text = ''): number => Temporal.Instant.from(text).epochMilliseconds;
  const restored = (millis(entries[1]?.bakeEndTime) - millis(entries[2]?.bakeEndTime)) / 1000;
  expect(told.get('kuberik_rollout_time_to_restore_seconds_sum')).toBe(restored);
  expect(told.get('kuberik_rollout_time_to_restore_seconds_count')).toBe(1);
  expect(told.get('kuberik_rollout_bake_seconds_count')).toBe(
    entries.filter(({ bakeStartTime }) => bakeStartTime !== undefined).length,
  );
  expect(family(told, 'kuberik_rollout_info')).toEqual({ '{version="v1.2.0"}': 1 });
  expect(family(told, 'kuberik_rollout_bake_status')).toEqual({ '{status="Succeeded"}': 1 });
  expect(told.get('kuberik_controller_leading')).toBe(1);
  const names = new Set(metricSections.flatMap(({ metrics }) => metrics.map(({ name }) => name)));
  const unknown = [...told.keys()].map((series) => series.replace(/\{.*/, ''));
  expect(unknown.filter((name) => !names.has(name) && !names.has(name.replace(/_(bucket|sum|count)$/, '')))).toEqual(
    [],
  );

  await before.stop();
  await using after = startControllers(world());
  await eventually(async () => {
    expect((await scrape(after)).get('kuberik_rollout_deployments_total{trigger="Manual",result="Failed"}')).toBe(0);
  });
  const again = await scrape(after);
  for (const name of [
    'deployments_total',
    'rollbacks_total',
    'lead_time_seconds_',
    'time_to_restore_',
    'bake_seconds_',
  ]) {
    expect(family(again, `kuberik_rollout_${name}`)).toEqual({});
  }
  expect(family(again, 'kuberik_rollout_info')).toEqual({ '{version="v1.2.0"}': 1 });

  await space.guard(gate('hold', 'app', { passing: false }));
  await release(space, 'v1.3.0', 1);
  await eventually(async () => {
    const blocked = await scrape(after);
    expect(blocked.get('kuberik_rollout_blocked_seconds_total{reason="WaitingForGates"}')).toBeGreaterThan(0.2);
    const since = blocked.get('kuberik_rollout_blocked_since_timestamp_seconds{reason="WaitingForGates"}') ?? 0;
    expect(Math.abs(since - Date.now() / 1000)).toBeLessThan(30);
  });
  await space.remove(Rollout, 'app');
  await eventually(async () => {
    expect(family(await scrape(after), 'kuberik_rollout_')).toEqual({});
  });
  expect([...(await scrape(after)).keys()].filter((series) => series.startsWith('kuberik_rollout_'))).toEqual([]);
});
