/** `prometheus` has what only a real Prometheus and a real Alertmanager show: killed in the middle, and silences. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { alertRules, Errors } from '../../support/errors.ts';
import { eventually } from '../../support/eventually.ts';
import {
  enough,
  errsAt,
  firingIn,
  judged,
  judgeOf,
  matching,
  release,
  rolledBack,
} from '../../support/prometheus-story.ts';
import { startAlertmanager } from '../control-plane/alertmanager.ts';
import { obtain } from '../control-plane/obtain.ts';
import type { Part } from '../control-plane/part.ts';
import { startPrometheus } from '../control-plane/prometheus.ts';
import { Run } from '../control-plane/run.ts';
import { sharedCluster } from '../support/cluster.ts';

const cluster = sharedCluster();
const parts = new AsyncDisposableStack();
/** One that lives, and tells an Alertmanager of its alerts. */
let living: { readonly url: string; readonly errors: Errors; readonly alertmanager: string };
/** One to be killed. */
let mortal: { readonly url: string; readonly errors: Errors; readonly part: Part };

beforeAll(async () => {
  const obtained = await obtain();
  const errors = parts.use(await Errors.start());
  const [first, second] = [
    parts.use(await Run.create('prometheus-parts')),
    parts.use(await Run.create('prometheus-killed')),
  ];
  const alertmanager = await startAlertmanager(first, obtained);
  const options = { targets: [errors.host], rules: alertRules };
  const [one, other] = await Promise.all([
    startPrometheus(first, obtained, { ...options, alertmanagers: [alertmanager.host] }),
    startPrometheus(second, obtained, options),
  ]);
  living = { url: one.url, errors, alertmanager: alertmanager.url };
  mortal = { ...other, errors };
});
afterAll(() => parts.disposeAsync());

test.concurrent('a Prometheus that dies in the middle of a bake holds the deployment, and what it forgot fails nothing', async () => {
  const space = await cluster().space('killed');
  // It fires since before the deployment, which a Prometheus that was restarted does not say any more.
  await errsAt(mortal, space, 1);
  const existing = '1 alert was active before the deployment: HighErrorRate';
  await space.put(judgeOf('prometheus-alert', { ...matching(space), url: mortal.url }));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  await release(space, 'v1.1.0');
  await judged(space, 'Healthy', existing);
  const since = (await firingIn(mortal.url, space))?.activeAt ?? '';
  await mortal.part.kill();
  await judged(space, 'Pending', `No data: ${mortal.url}/: connect ECONNREFUSED`);
  expect((await space.history())[0]).toMatch(/^v1\.1\.0 (Deploying|InProgress) Automatic$/);
  await mortal.part.start();
  await eventually(async () => {
    const alert = await firingIn(mortal.url, space);
    expect(Date.parse(alert?.activeAt ?? '')).toBeGreaterThan(Date.parse(since));
  });
  await judged(space, 'Healthy', existing);
  await enough(space);
  await space.reaches(['v1.1.0 Succeeded Automatic', 'v1.0.0 Succeeded Automatic']);
});

test.concurrent('Alertmanager: what it lists is rolled back, unless somebody silenced it', async () => {
  const space = await cluster().space('alertmanager');
  await errsAt(living, space, 0);
  const url = living.alertmanager;
  await space.put(judgeOf('prometheus-alert', { ...matching(space), url, api: 'Alertmanager' }));
  await space.application();
  await space.reaches(['v1.0.0 Succeeded Automatic']);
  const silence = await silenceOf(url, space.namespace);
  await release(space, 'v1.1.0');
  await errsAt(living, space, 1);
  await eventually(async () => {
    expect(await listed(url, space.namespace)).toEqual(['suppressed']);
  });
  await judged(space, 'Healthy', 'no matching alert is firing');
  expect((await space.history())[0]).toMatch(/^v1\.1\.0 (Deploying|InProgress) Automatic$/);
  await fetch(`${url}/api/v2/silence/${silence}`, { method: 'DELETE' });
  await rolledBack(space, 'v1.1.0', 'v1.0.0');
  const [, failed] = await space.entries();
  const message = expect.stringContaining('1 alert is firing: HighErrorRate') as string;
  expect(failed?.failedHealthChecks).toMatchObject([{ name: 'judge', message }]);
});

/** @returns its id */
async function silenceOf(url: string, namespace: string): Promise<string> {
  const now = Temporal.Now.instant();
  const body = {
    matchers: [{ name: 'namespace', value: namespace, isRegex: false, isEqual: true }],
    startsAt: now.toString(),
    endsAt: now.add({ hours: 1 }).toString(),
    createdBy: 'a person',
    comment: 'it is known',
  };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}/api/v2/silences`, { method: 'POST', headers, body: JSON.stringify(body) });
  return ((await answer.json()) as { silenceID: string }).silenceID;
}

/** The states of the alerts of a namespace. */
async function listed(url: string, namespace: string): Promise<readonly string[]> {
  const answer = await fetch(`${url}/api/v2/alerts?filter=namespace="${namespace}"`);
  return ((await answer.json()) as { status: { state: string } }[]).map(({ status }) => status.state);
}
