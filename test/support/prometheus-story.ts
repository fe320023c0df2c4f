/** What happens in the tests of the classes that ask Prometheus. */
import { expect } from 'vitest';
import { HealthCheck } from '../../src/api/health-check.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { Rollout } from '../../src/api/rollout.ts';
import type { EitherPrometheus } from './either-prometheus.ts';
import { FIRING_ABOVE } from './errors.ts';
import { eventually } from './eventually.ts';
import type { Front } from './front.ts';
import { object } from './objects.ts';
import type { Space } from './space.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The check `judge`, which looks every second. */
export function judgeOf(
  healthClass: 'prometheus-alert' | 'prometheus-query',
  options: Fields,
  more: Fields = {},
): KubeObject {
  const field = healthClass === 'prometheus-alert' ? 'prometheusAlert' : 'prometheusQuery';
  const spec = { class: healthClass, interval: '1s', [field]: options, ...more };
  return object('kuberik.com/v1alpha1', 'HealthCheck', 'judge', spec, { labels: { app: 'app' } });
}

/** The alerts of a namespace. */
export function matching({ namespace }: Space): { readonly matchers: readonly string[] } {
  return { matchers: [`namespace=${namespace}`, 'severity=~"critical|page"'] };
}

/** The error rate of the application of a namespace. */
export function query({ namespace }: Space): string {
  return `errors{namespace="${namespace}"}`;
}

/** The error rate from now on, as Prometheus and its rules know it. */
export async function errsAt(
  { errors, url }: EitherPrometheus,
  space: Space,
  value: number,
  app?: string,
): Promise<void> {
  errors.set(space.namespace, value, app);
  await eventually(async () => {
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(query(space))}`);
    expect(await answer.text()).toContain(`"${value}"]`);
    // Rules are evaluated at times of their own.
    expect((await firingIn(url, space)) !== undefined).toBe(value > FIRING_ABOVE);
  });
}

/** The alert that fires in a namespace. */
export async function firingIn(url: string, { namespace }: Space): Promise<FiringAlert | undefined> {
  const answer = await fetch(`${url}/api/v1/alerts`);
  const { alerts } = ((await answer.json()) as { data: { alerts: readonly FiringAlert[] } }).data;
  return alerts.find(({ state, labels }) => state === 'firing' && labels.namespace === namespace);
}

interface FiringAlert {
  readonly state: string;
  readonly activeAt: string;
  readonly labels: Readonly<Record<string, string>>;
}

/** Pushes a version that has time to show what it does, and waits until it is deployed. */
export async function release(space: Space, tag: string, name = 'app'): Promise<void> {
  await space.patch(Rollout, name, { spec: { bakeTime: '10m' } });
  await space.push(tag);
  await eventually(async () => {
    const [entry] = await space.entries(name);
    expect(entry?.version.tag).toBe(tag);
    // What Prometheus sees in the second of the deployment may be from before it.
    expect(space.world.clock.now().epochMilliseconds).toBeGreaterThan(Date.parse(entry?.timestamp ?? '') + 1000);
  });
}

/** The newest deployment has baked for long enough. */
export function enough(space: Space, name = 'app'): Promise<unknown> {
  return space.patch(Rollout, name, { spec: { bakeTime: '1s' } });
}

/** Waits until a check says so. */
export async function judged(space: Space, status: string, words: string, name = 'judge'): Promise<void> {
  await eventually(async () => {
    const message = expect.stringContaining(words) as string;
    expect((await space.get(HealthCheck, name)).status).toMatchObject({ status, message });
  });
}

/** Waits until it was asked several times from now on. */
export async function looks(front: Front): Promise<void> {
  const before = front.answered;
  await eventually(() => {
    expect(front.answered).toBeGreaterThan(before + 4);
  });
}

export async function rolledBack(space: Space, bad: string, good: string, name = 'app'): Promise<void> {
  await eventually(async () => {
    const [newest, failed] = await space.history(name);
    expect(newest).toMatch(new RegExp(`^${good} \\w+ Rollback$`));
    expect(failed).toBe(`${bad} Failed Automatic`);
  });
}
