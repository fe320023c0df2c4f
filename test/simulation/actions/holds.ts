/** What people hold back, and let go again: freezes, gates, approvals. */
import { Approval } from '../../../src/api/approval.ts';
import { Freeze } from '../../../src/api/freeze.ts';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { parseTag } from '../../../src/api/tag.ts';
import type { Application } from '../application.ts';
import { START } from '../chance.ts';
import { boardNameOf, flagNameOf } from '../names.ts';
import type { SimulatedWorld } from '../world.ts';
import { type ActionKind, type Matter, merge, oneOf } from './action.ts';

const members = ['carol', 'dave'] as const;

async function flag(world: SimulatedWorld, app: Application, passing: boolean): Promise<void> {
  if (!app.flagGate) return;
  await merge(world, RolloutGate, { namespace: app.namespace, name: flagNameOf(app) }, { spec: { passing } });
}

async function freeze({ people, setting }: SimulatedWorld, matter: Matter, app: Application): Promise<void> {
  const { apiVersion, kind } = Freeze;
  const selectors = [
    { rolloutSelector: { matchLabels: { app: app.name } } },
    {
      rolloutSelector: { matchLabels: { app: app.name } },
      namespaceSelector: { matchLabels: { team: app.namespace } },
    },
    { namespaceSelector: { matchLabels: { team: app.namespace } } },
    {},
  ];
  const ends = Math.floor(matter.at + (matter.salt / 1000) * (setting.span.closing - matter.at));
  const until = START.add({ milliseconds: ends }).toString({ smallestUnit: 'second' });
  const spec = { reason: 'an incident', ...oneOf(selectors, matter), ...(matter.salt % 3 === 0 && { until }) };
  const metadata = { name: `${app.namespace}-${app.name}-${matter.at}` };
  await people.create(Freeze, { apiVersion, kind, metadata, spec });
}

async function decide(
  { people, known }: SimulatedWorld,
  { minor, at }: Matter,
  app: Application,
  by: string,
  decision: 'Approve' | 'Reject',
): Promise<void> {
  if (!app.manualGate) return;
  const { apiVersion, kind } = Approval;
  const { namespace, name } = app;
  const spec = { gateRef: { name: boardNameOf(app) }, version: parseTag(known(app, minor)), decision, by };
  await people.create(Approval, {
    apiVersion,
    kind,
    metadata: { namespace, name: `${name}-${minor}-${by}-${at}` },
    spec,
  });
}

export const holdKinds = {
  freeze: { weight: 1, carryOut: freeze },
  thaw: {
    weight: 2,
    async carryOut({ people }) {
      for (const item of (await people.list(Freeze)).items) {
        const { name } = Freeze.parse(item).metadata;
        await people.remove(Freeze, { namespace: '', name });
      }
    },
  },
  close: { weight: 2, carryOut: (world, _matter, app) => flag(world, app, false) },
  open: { weight: 3, carryOut: (world, _matter, app) => flag(world, app, true) },
  approve: {
    weight: 3,
    carryOut: (world, matter, app) => decide(world, matter, app, oneOf(members, matter), 'Approve'),
  },
  reject: {
    weight: 1,
    carryOut: (world, matter, app) => decide(world, matter, app, oneOf(members, matter), 'Reject'),
  },
  /** Somebody takes back what was decided about a version. */
  'take-back': {
    weight: 1,
    async carryOut({ people, known }, { minor }, app) {
      const { namespace } = app;
      const { items } = await people.list(Approval, { namespace });
      for (const { metadata, spec } of items.map((item) => Approval.parse(item))) {
        if (spec.gateRef.name !== boardNameOf(app) || spec.version !== known(app, minor)) continue;
        await people.remove(Approval, { namespace, name: metadata.name });
      }
    },
  },
  'approve-by-all': {
    weight: 0,
    async carryOut(world, matter, app) {
      for (const by of members) await decide(world, matter, app, by, 'Approve');
    },
  },
} as const satisfies Record<string, ActionKind>;
