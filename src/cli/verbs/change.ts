/** Writes what was said: one patch that fails when the Rollout has changed since, or new objects. */
import { Approval } from '../../api/approval.ts';
import { Freeze } from '../../api/freeze.ts';
import { Rollout } from '../../api/rollout.ts';
import type { KubeClient, WriteOptions } from '../../kube/client.ts';
import type { Facts } from '../operations/facts.ts';
import type { Change, Plan } from '../operations/plan.ts';

/** @param facts what the plan was made of; needed for what concerns a Rollout */
export interface Planned {
  readonly plan: Plan;
  readonly facts: Facts | undefined;
}

const fieldManager = 'kuberik-cli';

/** @returns the names of what was written, as kubectl prints them */
export async function write(
  client: KubeClient,
  { plan, facts }: Planned,
  options: Pick<WriteOptions, 'dryRun' | 'signal'>,
): Promise<readonly string[]> {
  const { change } = plan;
  const how = { ...options, fieldManager };
  if (change.kind === 'unfreeze') {
    await client.remove(Freeze, { namespace: '', name: change.name }, options);
    return [`freeze.kuberik.com/${change.name}`];
  }
  if (change.kind === 'freeze') {
    const { apiVersion, kind } = Freeze;
    const { metadata } = await client.create(
      Freeze,
      { apiVersion, kind, metadata: { name: change.name }, spec: change.spec },
      how,
    );
    return [`freeze.kuberik.com/${metadata.name}`];
  }
  if (facts === undefined) throw new Error(`${plan.operation}: there is no Rollout to write to`);
  const { namespace = 'default', name } = facts.rollout.metadata;
  if (change.kind === 'decide') {
    const names: string[] = [];
    for (const approval of change.approvals) {
      const { apiVersion, kind } = Approval;
      const metadata = { name: '', generateName: approvalName(approval), namespace };
      const made = await client.create(Approval, { apiVersion, kind, metadata, ...approval }, how);
      names.push(`approval.kuberik.com/${made.metadata.name}`);
    }
    return names;
  }
  await client.patch(Rollout, { namespace, name }, { type: 'merge', body: patchOf(change, facts.rollout) }, how);
  return [`rollout.kuberik.com/${name}`];
}

/** Both forms of the pin are one; the version of the object makes the patch fail when it is not what was read. */
function patchOf({ annotations, pin }: Extract<Change, { kind: 'request' }>, rollout: Rollout): object {
  const { resourceVersion } = rollout.metadata;
  const older = rollout.spec.releasesImagePolicy.wantedVersion !== undefined;
  return {
    metadata: { ...(resourceVersion !== undefined && { resourceVersion }), annotations },
    ...(pin !== undefined && {
      spec: { wantedVersion: pin, ...(older && { releasesImagePolicy: { wantedVersion: null } }) },
    }),
  };
}

// https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names
/** The API server cuts what is too long and adds five characters. */
function approvalName({ spec }: Pick<Approval, 'spec'>): string {
  const version = (spec.version ?? '').toLowerCase().replaceAll(/[^a-z0-9.-]/g, '-');
  const name = `${spec.gateRef.name}-${version}`.slice(0, 57).replaceAll(/[-.]{2,}/g, '-');
  return `${name.replace(/[-.]+$/, '')}-`;
}
