/** The controllers without one of their rights: they say which, go on with everything else, and heal when they get it. */
import { expect, test } from 'vitest';
import { HealthCheck } from '../../../src/api/health-check.ts';
import type { KubeObject } from '../../../src/api/meta.ts';
import { eventually } from '../../support/eventually.ts';
import {
  configManifests,
  fills,
  healthCheck,
  imagePolicy,
  imageRepository,
  kustomization,
  ociRepository,
  rollout,
} from '../../support/objects.ts';
import { connectionTo } from '../control-plane/control-plane.ts';
import { type Cluster, openClusterAt } from '../support/cluster.ts';
import type { ClusterSpace } from '../support/space.ts';
import { Candidate } from './support/candidate.ts';
import { ownPlane } from './support/plane.ts';
import { ClusterRole } from './support/settings.ts';

const plane = ownPlane('runtime-denied', { flux: true, install: true });
const role = { namespace: '', name: 'kuberik-controller' };
const user = 'system:serviceaccount:kuberik-system:kuberik-controller';
/** Milliseconds: a kind that may not be read is asked for every 30 s; and a busy machine. */
const healing = 90_000;

interface Role extends KubeObject {
  readonly rules: readonly { readonly apiGroups: string[]; readonly resources: string[]; readonly verbs: string[] }[];
}

interface Running extends AsyncDisposable {
  readonly candidate: Candidate;
  /** Status and body of `/readyz`. */
  ready(): Promise<readonly [number, string]>;
}

async function startWithout(resource: string): Promise<Running & { grant: () => Promise<void> }> {
  const { client } = plane().admin;
  const found: KubeObject = await client.get(ClusterRole, role);
  const { rules } = found as Role;
  const allow = async (allowed: Role['rules']): Promise<void> => {
    await client.patch(ClusterRole, role, { type: 'merge', body: { rules: allowed } });
  };
  const left = rules.map((rule) => ({ ...rule, resources: rule.resources.filter((each) => each !== resource) }));
  await allow(left.filter((rule) => rule.resources.length > 0));
  const running = await start(`without-${resource}`);
  const grant = (): Promise<void> => allow(rules);
  const end = async (): Promise<void> => {
    await running[Symbol.asyncDispose]();
    await grant();
  };
  return { ...running, grant, [Symbol.asyncDispose]: end };
}

async function start(name: string): Promise<Running> {
  const address = `127.0.0.1:${await plane().run.port()}`;
  const candidate = await Candidate.start(plane(), name, [`--health-probe-bind-address=${address}`]);
  return {
    candidate,
    async ready() {
      const answer = await fetch(`http://${address}/readyz?verbose`);
      return [answer.status, await answer.text()];
    },
    [Symbol.asyncDispose]: () => candidate[Symbol.asyncDispose](),
  };
}

/** An application that nobody judges. */
async function unjudged(cluster: Cluster): Promise<ClusterSpace> {
  const space = await cluster.space('unjudged');
  await space.pushManifests(configManifests());
  await space.push('v1.0.0');
  await space.put(
    imageRepository('app', space.image()),
    imagePolicy('app'),
    ociRepository('app', space.image('manifests')),
    kustomization('app', { targetNamespace: space.namespace }, fills('app')),
    rollout('app'),
  );
  return space;
}

const versions = async (space: ClusterSpace): Promise<readonly string[]> =>
  (await space.entries()).map(({ version }) => version.tag);

async function deploys(space: ClusterSpace, ...tags: readonly string[]): Promise<void> {
  await eventually(async () => {
    expect(await versions(space)).toEqual(tags);
  }, healing);
}

async function saysWhatItMayNot(running: Running, kind: string, resource: string): Promise<void> {
  await eventually(async () => {
    const [status, text] = await running.ready();
    expect(status).toBe(503);
    expect(text).toContain(`[-]watches: ${kind} cannot be read: list ${kind}: ${resource}.kuberik.com is forbidden:`);
    expect(text).toContain(`User "${user}" cannot list resource "${resource}" in API group "kuberik.com"`);
  });
  expect(running.candidate.log).toContain(`"kind":"${kind}","msg":"starting without this kind: it cannot be read yet"`);
}

async function isReady(running: Running): Promise<void> {
  await eventually(async () => {
    expect(await running.ready()).toEqual([200, 'ok']);
  }, healing);
}

test('without health checks, Rollouts that have none go on; those that are judged wait, and are healed by the right', async () => {
  await using running = await startWithout('healthchecks');
  await using cluster = openClusterAt(connectionTo(plane()));
  await saysWhatItMayNot(running, 'HealthCheck', 'healthchecks');
  const judged = await cluster.space('judged');
  const [free] = await Promise.all([unjudged(cluster), judged.application({ bakeTime: '1s' })]);
  await deploys(free, 'v1.0.0');
  await free.push('v1.1.0');
  await deploys(free, 'v1.1.0', 'v1.0.0');
  await eventually(() => {
    expect(running.candidate.log).toMatch(
      new RegExp(`"object":"${judged.namespace}/app","err":"list HealthCheck: healthchecks.kuberik.com is forbidden`),
    );
  });
  expect(await judged.says('Ready', 'False', 'HealthCheckListFailed')).toContain(
    'healthchecks.kuberik.com is forbidden',
  );
  expect(await versions(judged)).toEqual([]);
  await running.grant();
  await judged.reaches(['v1.0.0 Succeeded Automatic'], 'app', healing);
  await isReady(running);
});

test('without gates nothing is deployed, checks are judged all the same, and the right heals it though there is no gate', async () => {
  await using running = await startWithout('rolloutgates');
  await using cluster = openClusterAt(connectionTo(plane()));
  await saysWhatItMayNot(running, 'RolloutGate', 'rolloutgates');
  const space = await unjudged(cluster);
  await space.put(healthCheck('app'));
  await eventually(async () => {
    expect((await space.get(HealthCheck)).status?.status).toBeDefined();
  });
  await eventually(() => {
    const failures = running.candidate.log
      .split('\n')
      .filter(
        (line) =>
          line.includes(`"object":"${space.namespace}/app"`) && line.includes('rolloutgates.kuberik.com is forbidden'),
      );
    // By now the next try is most of a minute away.
    expect(failures.length).toBeGreaterThan(13);
  }, 120_000);
  const said = 'nothing is deployed until the controller is given the right';
  expect(await space.says('Progressing', 'False', 'GateListFailed')).toContain(said);
  expect(await versions(space)).toEqual([]);
  await running.grant();
  await isReady(running);
  const healed = performance.now();
  await deploys(space, 'v1.0.0');
  expect(performance.now() - healed).toBeLessThan(20_000);
});
