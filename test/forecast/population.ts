/** Puts cases into the world, one namespace each, and carries out what somebody does there. */
import { Approval } from '../../src/api/approval.ts';
import { Freeze } from '../../src/api/freeze.ts';
import { HealthCheck } from '../../src/api/health-check.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { RolloutSchedule } from '../../src/api/rollout-schedule.ts';
import { parseTag } from '../../src/api/tag.ts';
import type { Assumption } from '../../src/core/forecast/assumptions.ts';
import type { Case } from './cases.ts';
import { anyOf, type Reality } from './reality.ts';

const namespaceType = anyOf('v1', 'Namespace', 'namespaces', false);
const repositoryType = anyOf('image.toolkit.fluxcd.io/v1', 'ImageRepository', 'imagerepositories');
const policyType = anyOf('image.toolkit.fluxcd.io/v1', 'ImagePolicy', 'imagepolicies');
const kustomizationType = anyOf('kustomize.toolkit.fluxcd.io/v1', 'Kustomization', 'kustomizations');

export const imageOf = (namespace: string): string => `registry.example/${namespace}`;
const labels = (namespace: string) => ({ case: namespace });

/** Everything of one case; nothing is decided before the controllers run. */
export async function populate(
  { client, push, verdicts, clock }: Reality,
  namespace: string,
  one: Case,
): Promise<void> {
  const named = (name: string, more: object = {}) => ({ name, namespace, ...more });
  const create = (type: { apiVersion: string; kind: string }, name: string, spec: object, more: object = {}) =>
    client.create(type as typeof policyType, {
      apiVersion: type.apiVersion,
      kind: type.kind,
      metadata: named(name, more),
      spec,
    });
  const status = async (type: { apiVersion: string; kind: string }, name: string, value: object): Promise<void> => {
    const patch = { type: 'merge', body: { status: value } } as const;
    await client.patch(type as typeof policyType, { namespace, name }, patch, { subresource: 'status' });
  };
  await client.create(namespaceType, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
  const image = imageOf(namespace);
  push(image, ...one.tags);
  await create(repositoryType, 'app', { image, interval: '1h' });
  await create(policyType, 'app', { imageRepositoryRef: { name: 'app' }, policy: { semver: { range: '>=0.0.0' } } });
  await seen({ client, clock } as Reality, namespace, one.tags);

  const newest = one.history[0]?.tag;
  const annotations = { 'rollout.kuberik.com/substitute.VERSION.from': 'app' };
  const target = {
    interval: '1h',
    path: './',
    prune: true,
    sourceRef: { kind: 'OCIRepository', name: 'app' },
    postBuild: { substitute: { VERSION: newest } },
  };
  await create(kustomizationType, 'app', target, { annotations });

  if (one.check !== undefined) {
    verdicts.set(namespace, one.check);
    await create(HealthCheck, 'app', { class: 'test' }, { labels: labels(namespace) });
    const longAgo = clock.now().subtract({ hours: 48 }).toString();
    await status(HealthCheck, 'app', { status: one.check, lastChangeTime: longAgo });
  }
  for (const [index, spec] of one.gates.entries()) {
    await create(RolloutGate, `gate-${index}`, { rolloutRef: { name: 'app' }, ...spec });
    if (spec.class !== 'manual') continue;
    for (const [number, approval] of one.approvals.entries()) {
      await create(Approval, `approval-${index}-${number}`, { gateRef: { name: `gate-${index}` }, ...approval });
    }
  }
  for (const [index, spec] of one.schedules.entries()) {
    await create(RolloutSchedule, `schedule-${index}`, { rolloutSelector: {}, ...spec });
  }
  if (one.freeze !== null) {
    const freeze = {
      reason: 'test',
      rolloutSelector: { matchLabels: labels(namespace) },
      ...(one.freeze && { until: one.freeze }),
    };
    const { apiVersion, kind } = Freeze;
    await client.create(Freeze, { apiVersion, kind, metadata: { name: namespace }, spec: freeze });
  }
  const { wantedVersion, ...rest } = JSON.parse(JSON.stringify(one.spec));
  const spec = {
    releasesImagePolicy: { name: 'app' },
    versionHistoryLimit: 100,
    ...(one.check && { healthCheckSelector: { matchLabels: labels(namespace) } }),
    ...(wantedVersion && { wantedVersion }),
    ...rest,
  };
  await create(Rollout, 'app', spec, { labels: labels(namespace) });
  const before = (hours: number) => clock.now().subtract({ hours }).toString();
  const history = one.history.map(({ tag, bakeStatus }, index) => ({
    id: one.history.length - index,
    version: { tag },
    timestamp: before(24 * (index + 1)),
    trigger: 'Automatic',
    bakeStatus,
    ...(bakeStatus === 'InProgress' && { timestamp: clock.now().toString(), bakeStartTime: clock.now().toString() }),
  }));
  await status(Rollout, 'app', { history, availableReleases: history.map(({ version }) => version).toReversed() });
}

/** What Flux writes after a scan. */
async function seen({ client }: Reality, namespace: string, tags: readonly string[]): Promise<void> {
  const key = { namespace, name: 'app' };
  const image = imageOf(namespace);
  const scan = { status: { lastScanResult: { revision: tags.join(','), tagCount: tags.length } } };
  await client.patch(repositoryType, key, { type: 'merge', body: scan }, { subresource: 'status' });
  const latest = { status: { latestRef: { name: image, tag: tags.at(-1) } } };
  await client.patch(policyType, key, { type: 'merge', body: latest }, { subresource: 'status' });
}

/** The same as an assumption; undefined when this case has nothing that it could be done to. */
export function assumptionOf({ deed, gates, tags, spec }: Case): Assumption | undefined {
  const manual = gates.findIndex((gate) => gate.class === 'manual');
  const flag = gates.findIndex((gate) => gate.class === undefined);
  switch (deed.do) {
    case 'nothing':
      return undefined;
    case 'approve':
      return manual === -1 ? undefined : { if: 'approve', gate: `gate-${manual}` };
    case 'open':
      return flag === -1 ? undefined : { if: 'open', gate: `gate-${flag}` };
    case 'unpin':
      return spec.wantedVersion === undefined ? undefined : { if: 'unpin' };
    case 'push':
      return tags.includes(deed.tag) ? undefined : { if: 'push', tag: parseTag(deed.tag) };
    default:
      return tags.includes(deed.tag) ? { if: deed.do, tag: parseTag(deed.tag) } : undefined;
  }
}

/** Does what the assumption says. */
export async function carryOut(reality: Reality, namespace: string, one: Case): Promise<void> {
  const { client, push } = reality;
  const assumption = assumptionOf(one);
  const key = { namespace, name: 'app' };
  const annotate = async (name: string, value: string): Promise<void> => {
    const annotations = { [`rollout.kuberik.com/${name}`]: value, 'rollout.kuberik.com/deploy-user': 'somebody' };
    await client.patch(Rollout, key, { type: 'merge', body: { metadata: { annotations } } });
  };
  const pin = async (wantedVersion: string | null): Promise<void> => {
    await client.patch(Rollout, key, { type: 'merge', body: { spec: { wantedVersion } } });
  };
  switch (assumption?.if) {
    case undefined:
    case 'unfreeze':
      return;
    case 'approve': {
      const gate = { namespace, name: assumption.gate };
      for (const { metadata, spec } of await reality.manager.reader.list(Approval, { namespace })) {
        if (spec.gateRef.name !== gate.name || spec.decision === 'Approve') continue;
        await client.remove(Approval, { namespace, name: metadata.name });
      }
      for (const version of one.tags) {
        for (const by of ['approver-1', 'approver-2']) {
          const { apiVersion, kind } = Approval;
          const spec = { gateRef: { name: gate.name }, version: parseTag(version), decision: 'Approve', by } as const;
          await client.create(Approval, {
            apiVersion,
            kind,
            metadata: { namespace, name: `${gate.name}.${version}.${by}` },
            spec,
          });
        }
      }
      return;
    }
    case 'open':
      return client.remove(RolloutGate, { namespace, name: assumption.gate });
    case 'push':
      push(imageOf(namespace), assumption.tag);
      return seen(reality, namespace, [...one.tags, assumption.tag]);
    case 'unpin':
      return pin(null);
    case 'pin':
      return pin(assumption.tag);
    case 'deploy':
      return annotate('deploy', assumption.tag);
    case 'force':
      return annotate('force-deploy', assumption.tag);
    case 'rollback':
      return annotate('rollback', assumption.tag ?? '');
  }
}
