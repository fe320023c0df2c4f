/** What people do to objects: change what they want, suspend, start over, and write what is not theirs to write. */
import { HealthCheck } from '../../../src/api/health-check.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import type { Application } from '../application.ts';
import { kustomizationType, repositoryType, sourceType } from '../kinds.ts';
import { sourceNameOf } from '../names.ts';
import type { SimulatedWorld } from '../world.ts';
import { type ActionKind, keyOfApp, merge, oneOf, startOver } from './action.ts';

const schedulesLabel = 'gate.kuberik.com/schedule-name';

async function suspendEach(world: SimulatedWorld, app: Application, suspend: boolean | null): Promise<void> {
  const key = { namespace: app.namespace, name: app.kustomization };
  await merge(world, kustomizationType, key, { spec: { suspend } });
  await merge(world, repositoryType, keyOfApp(app), { spec: { suspend } });
}

export const upheavalKinds = {
  /** Somebody changes their mind about how releases are deployed. */
  'change-spec': {
    weight: 2,
    carryOut(world, matter, app) {
      const { bakeTimes, deployTimeouts, retryInterval } = world.setting.span;
      const specs = [
        { bakeTime: oneOf(bakeTimes, matter) ?? null },
        { deployTimeout: oneOf(deployTimeouts, matter) ?? null },
        { failurePolicy: oneOf(['Rollback', 'Halt'], matter) },
        { releaseOrder: oneOf(['Newest', 'Sequential'], matter) },
        { retryPolicy: oneOf([null, { limit: 2, interval: retryInterval }], matter) },
        { versionHistoryLimit: 50, bakeTime: oneOf(bakeTimes, matter) ?? null },
      ];
      return merge(world, Rollout, keyOfApp(app), { spec: specs[Math.floor(matter.salt / 10) % specs.length] });
    },
  },
  suspend: {
    weight: 1,
    async carryOut(world, matter, app) {
      const key = { namespace: app.namespace, name: app.kustomization };
      const body = { spec: { suspend: true } };
      if (matter.salt % 2 === 0) await merge(world, kustomizationType, key, body);
      else await merge(world, repositoryType, keyOfApp(app), body);
    },
  },
  resume: { weight: 2, carryOut: (world, _matter, app) => suspendEach(world, app, null) },
  /** Somebody writes the version that we write. */
  meddle: {
    weight: 1,
    async carryOut(world, _matter, app) {
      const { namespace, name, kustomization, carriedBy } = app;
      const key = { namespace, name: carriedBy === 'source' ? sourceNameOf(app) : kustomization };
      const type = carriedBy === 'source' ? sourceType : kustomizationType;
      const substitute = { [world.variableOf(name)]: '0.0.1' };
      const spec = carriedBy === 'source' ? { ref: { tag: '0.0.1' } } : { postBuild: { substitute } };
      await merge(world, type, key, { spec });
    },
  },
  /** Somebody opens, or closes, what a schedule has closed or opened. */
  'overrule-schedule': {
    weight: 1,
    async carryOut({ people }, _matter, { namespace, name }) {
      const { items } = await people.list(RolloutGate, { namespace });
      for (const { metadata, spec } of items.map((item) => RolloutGate.parse(item))) {
        if (metadata.labels?.[schedulesLabel] === undefined || spec.rolloutRef.name !== name) continue;
        const body = { spec: { passing: spec.passing !== true, validUntil: null } };
        await people.patch(RolloutGate, { namespace, name: metadata.name }, { type: 'merge', body });
      }
    },
  },
  /** Somebody writes a status by hand. */
  scribble: {
    weight: 1,
    async carryOut({ people }, matter, app) {
      const body = {
        status: oneOf([{ conditions: [] }, { releaseCandidates: [], gatedReleaseCandidates: [] }], matter),
      };
      await people.patch(Rollout, keyOfApp(app), { type: 'merge', body }, { subresource: 'status' });
    },
  },
  /** Somebody takes the memory of a health check away. */
  'forget-health': {
    weight: 1,
    async carryOut({ people }, _matter, app) {
      if (app.check === 'none' || app.check === 'datadog') return;
      const body = { status: { status: null, message: null, lastChangeTime: null, lastErrorTime: null } };
      await people.patch(HealthCheck, keyOfApp(app), { type: 'merge', body }, { subresource: 'status' });
    },
  },
  recreate: {
    weight: 1,
    async carryOut(world, _matter, app) {
      for (const thing of world.thingsOf(app, 'rollout')) await startOver(world, thing);
    },
  },
  'start-over': {
    weight: 2,
    async carryOut(world, matter, app) {
      const roles = ['gate', 'gate', 'schedule', 'policy', 'check', 'source', 'edge', 'kustomization'] as const;
      const role = oneOf(roles, matter);
      if (role === 'kustomization') return startOver(world, world.kustomizationOf(app));
      // A monitor takes its check with it: that is another story.
      if (role === 'check' && app.check === 'datadog') {
        const name = `datadog-check-${app.name}`;
        return world.people.remove(HealthCheck, { namespace: app.namespace, name });
      }
      for (const thing of world.thingsOf(app, role)) await startOver(world, thing);
    },
  },
} as const satisfies Record<string, ActionKind>;
