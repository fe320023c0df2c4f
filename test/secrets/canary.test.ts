/** Credentials are used in every way, and nobody but whom they are for ever sees them. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Counter } from 'prom-client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KubeObject } from '../../src/api/meta.ts';
import type { ResourceType } from '../../src/api/resource-type.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { createLogger } from '../../src/cli/log.ts';
import { createPaint } from '../../src/cli/paint.ts';
import { systemClock } from '../../src/kube/clock.ts';
import type { Logger } from '../../src/kube/logger.ts';
import { openKubeconfig, start, wordsOf } from '../cli/command.ts';
import type { Space } from '../support/space.ts';
import { startWorld, type World } from '../support/world.ts';
import { Canaries } from './canary.ts';
import { type Channels, leaksIn, objectsIn, told } from './channels.ts';
import { HostileService } from './hostile-service.ts';
import { type Planted, Planting } from './planting.ts';
import { commandLines, settled } from './settled.ts';

const canaries = new Canaries();
const parts = new AsyncDisposableStack();
const folder = mkdtempSync(join(tmpdir(), 'kuberik-secrets-'));
let log = '';
let logger: Logger;
let world: World;
let service: HostileService;
let space: Space;
let planted: Planted;

beforeAll(async () => {
  const write = (line: string): void => {
    log += line;
  };
  logger = createLogger({ clock: systemClock, level: 'debug', format: 'json', paint: createPaint(false), write });
  world = parts.use(await startWorld({ logger }));
  service = parts.use(await HostileService.start(world.registryHost));
  service.token = canaries.plant('issued token', true);
  space = await world.space('canaries');
  planted = await new Planting(space, canaries, service).plant();
  await settled(space, planted, everythingIsSent);
}, 180_000);
afterAll(async () => {
  await parts.disposeAsync();
  rmSync(folder, { recursive: true });
});

/** What each command prints, and what it says when it fails. */
async function commands(): Promise<Channels> {
  const kubeconfig = openKubeconfig(join(folder, 'config'), world.sandbox.api.url);
  const printed = new Map<string, string>();
  for (const line of commandLines(planted)) {
    const { out, err } = await start(['-n', space.namespace, '--kubeconfig', kubeconfig, ...wordsOf(line)]).ended;
    printed.set(`kuberik ${line}`, `${out}\n${err}`);
  }
  return printed;
}

async function everything(): Promise<Channels> {
  const read = async (path: string): Promise<unknown> => (await fetch(`${world.sandbox.api.url}${path}`)).json();
  return new Map([
    ['log', log],
    ['metrics', await world.sandbox.metrics.registry.metrics()],
    ['requests', world.requests.map(({ method, url, userAgent }) => `${method} ${url} ${userAgent}`).join('\n')],
    ['requests of the registry', JSON.stringify(world.registryRequests)],
    ...(await objectsIn(read)),
    ...(await commands()),
  ]);
}

/** To whom it is for. */
function everythingIsSent(): void {
  const missing = [...planted.sent].flatMap(([path, names]) => {
    const seen = canaries.nameOf(service.sentTo(path));
    return names.filter((name) => !seen.includes(name)).map((name) => `${name}: ${path}`);
  });
  expect(missing).toEqual([]);
  expect(canaries.nameOf(service.sentTo(`v2/${space.namespace}/token/`))).toContain('issued token');
}

test('every credential was sent to whom it is for, and is nowhere else', async () => {
  everythingIsSent();
  const channels = await everything();
  expect(channels.size).toBeGreaterThan(planted.gates.length + planted.checks.length + planted.rollouts.length);
  expect(told(leaksIn(canaries, channels))).toEqual([]);
});

/** Each would be a leak of its own: the same search finds every one of them. */
const leaks: Readonly<Record<string, (secret: string) => unknown>> = {
  'a log line': (secret) => {
    logger.info({ url: `https://example.com/?token=${encodeURIComponent(secret)}` }, 'asked');
  },
  'a stack at debug level': (secret) => {
    logger.debug({ error: new Error(`refused: ${secret}`) }, 'failed');
  },
  'a metric': (secret) => {
    const leaky = new Counter({ name: 'leaky_total', help: 'Leaks.', labelNames: ['who'], registers: [registry()] });
    leaky.inc({ who: secret });
  },
  'a request': (secret) =>
    fetch(`${world.sandbox.api.url}/api/v1/pods?labelSelector=a%3D${encodeURIComponent(secret)}`),
  'a status': (secret) => statusOf(Rollout, 'checked', { message: `{"authorization": ${JSON.stringify(secret)}}` }),
  'an annotation': (secret) =>
    space.patch(RolloutGate, 'gate-ok', { metadata: { annotations: { 'example.com/a': secret } } }),
  'an Event': (secret) => {
    const { namespace } = space;
    const involvedObject = { apiVersion: 'v1', kind: 'Pod', namespace, name: 'a' };
    const event = { apiVersion: 'v1', kind: 'Event', metadata: { name: 'leaky', namespace }, involvedObject };
    return space.client.create(Event, {
      ...event,
      message: secret.slice(0, 20),
      reason: 'Leaky',
      type: 'Normal',
    });
  },
  'another object': (secret) =>
    space.put({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'leaky' }, data: { secret } }),
};

const Event: ResourceType = {
  ...{ apiVersion: 'v1', kind: 'Event', plural: 'events', namespaced: true },
  parse: (event) => event as KubeObject,
};

const registry = () => world.sandbox.metrics.registry;

function statusOf(type: ResourceType, name: string, condition: { readonly message: string }): Promise<unknown> {
  const whole = {
    type: 'Leaky',
    status: 'True',
    reason: 'Leaky',
    lastTransitionTime: '2026-11-21T12:00:00Z',
    ...condition,
  };
  const body = { status: { conditions: [whole] } };
  const key = { namespace: space.namespace, name };
  return space.client.patch(type, key, { type: 'merge', body }, { subresource: 'status' });
}

test('whatever is let out is found', async () => {
  const others = new Canaries();
  for (const [name, leak] of Object.entries(leaks)) await leak(others.plant(name));
  const found = leaksIn(others, await everything());
  expect([...new Set(found.map(({ canary }) => canary))].sort()).toEqual(Object.keys(leaks).sort());
  // Commands show what is in a status.
  expect(found.map(({ channel }) => channel)).toContain('kuberik get rollouts -o json');
});
