/** What people do: a row for each kind. A new kind is a new row. */
import { Approval } from '../../src/api/approval.ts';
import { Freeze } from '../../src/api/freeze.ts';
import { Rollout } from '../../src/api/rollout.ts';
import { RolloutGate } from '../../src/api/rollout-gate.ts';
import { parseTag } from '../../src/api/tag.ts';
import { Kustomization } from '../../src/integrations/flux/kustomization.ts';
import { KubeError } from '../../src/kube/errors.ts';
import { type Application, type Draw, pick, tagOf } from './application.ts';
import type { Span } from './span.ts';
import type { SimulatedWorld } from './world.ts';

export interface Action {
  /** Milliseconds since the start. */
  readonly at: number;
  readonly do: keyof typeof actionKinds;
  /** Index of the application. */
  readonly app: number;
  /** The version that it is about is `1.<minor>.0`; one that crashes is `1.<minor>.666`. */
  readonly minor: number;
  readonly crashes?: boolean;
}

interface ActionKind {
  /** How often, compared with others. */
  readonly weight: number;
  carryOut(world: SimulatedWorld, action: Action, app: Application): Promise<void>;
}

const namespace = 'apps';

async function annotate({ people }: SimulatedWorld, { name }: Application, values: Record<string, string>) {
  const annotations = Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`rollout.kuberik.com/${key}`, value]),
  );
  await people.patch(Rollout, { namespace, name }, { type: 'merge', body: { metadata: { annotations } } });
}

async function pin({ people }: SimulatedWorld, { name }: Application, wantedVersion: string | null) {
  await people.patch(Rollout, { namespace, name }, { type: 'merge', body: { spec: { wantedVersion } } });
}

async function flag({ people }: SimulatedWorld, { name, flagGate }: Application, passing: boolean) {
  if (!flagGate) return;
  await people.patch(RolloutGate, { namespace, name: `flag-${name}` }, { type: 'merge', body: { spec: { passing } } });
}

export const actionKinds = {
  push: {
    weight: 10,
    carryOut: (world, action, { name }) => world.flux.push(name, tagOf(action)),
  },
  pin: { weight: 1, carryOut: (world, action, app) => pin(world, app, world.known(app.name, action.minor)) },
  unpin: { weight: 2, carryOut: (world, _action, app) => pin(world, app, null) },
  force: {
    weight: 1,
    carryOut: (world, { minor }, app) =>
      annotate(world, app, { 'force-deploy': world.known(app.name, minor), 'deploy-user': 'alice' }),
  },
  deploy: {
    weight: 1,
    carryOut: (world, { minor }, app) =>
      annotate(world, app, { deploy: world.known(app.name, minor), 'deploy-user': 'bob' }),
  },
  rollback: { weight: 1, carryOut: (world, _action, app) => annotate(world, app, { rollback: '' }) },
  retry: { weight: 1, carryOut: (world, _action, app) => annotate(world, app, { retry: 'true' }) },
  unblock: { weight: 1, carryOut: (world, _action, app) => annotate(world, app, { 'unblock-failed': 'true' }) },
  freeze: {
    weight: 1,
    async carryOut({ people }, { at }, { name }) {
      const { apiVersion, kind } = Freeze;
      const spec = { reason: 'an incident', rolloutSelector: { matchLabels: { app: name } } };
      await people.create(Freeze, { apiVersion, kind, metadata: { name: `${name}-${at}` }, spec });
    },
  },
  thaw: {
    weight: 2,
    async carryOut({ people }, _action, { name }) {
      for (const item of (await people.list(Freeze)).items) {
        const { metadata } = Freeze.parse(item);
        if (metadata.name.startsWith(`${name}-`)) await people.remove(Freeze, { namespace: '', name: metadata.name });
      }
    },
  },
  close: { weight: 2, carryOut: (world, _action, app) => flag(world, app, false) },
  open: { weight: 3, carryOut: (world, _action, app) => flag(world, app, true) },
  approve: {
    weight: 3,
    async carryOut({ people, known }, { minor, at }, { name, manualGate }) {
      if (!manualGate) return;
      const { apiVersion, kind } = Approval;
      const version = parseTag(known(name, minor));
      const spec = { gateRef: { name: `board-${name}` }, version, decision: 'Approve', by: 'carol' } as const;
      await people.create(Approval, {
        apiVersion,
        kind,
        metadata: { namespace, name: `${name}-${minor}-${at}` },
        spec,
      });
    },
  },
  meddle: {
    weight: 1,
    async carryOut({ people, variableOf }, _action, { name, kustomization }) {
      const body = { spec: { postBuild: { substitute: { [variableOf(name)]: '0.0.1' } } } };
      await people.patch(Kustomization, { namespace, name: kustomization }, { type: 'merge', body });
    },
  },
  recreate: {
    weight: 1,
    async carryOut(world, _action, app) {
      await world.people.remove(Rollout, { namespace, name: app.name });
      await world.wait(20_000);
      await world.createRollout(app);
    },
  },
} as const satisfies Record<string, ActionKind>;

function drawAction(draw: Draw, kind: Action['do'], at: number, app: number, newest: number): Action {
  if (kind === 'push') return { at, do: kind, app, minor: newest + 1, ...(draw() < 0.3 && { crashes: true }) };
  return { at, do: kind, app, minor: Math.max(0, newest - Math.floor(draw() * 3)) };
}

/** People make up their minds: nothing is held back any more, and a good release comes. */
function closingActions(applications: readonly Application[], newest: readonly number[], span: Span): Action[] {
  return applications.flatMap((_, app) => {
    const minor = newest[app]! + 1;
    const kinds = ['thaw', 'open', 'unpin', 'push', 'approve'] as const;
    return kinds.map((kind, index): Action => ({ at: span.closing + index * span.closingStep, do: kind, app, minor }));
  });
}

/** The first release of each comes at once; the last actions open everything, and bring a good release. */
export function drawActions(draw: Draw, span: Span, applications: readonly Application[]): Action[] {
  const actions: Action[] = applications.map((_, app) => ({ at: 0, do: 'push', app, minor: 0 }));
  const newest = applications.map(() => 0);
  const weighted = Object.entries(actionKinds).flatMap(([name, { weight }]) =>
    Array.from({ length: weight }, () => name as Action['do']),
  );
  const [fewest, most] = span.actions;
  const count = fewest + Math.floor(draw() * (most - fewest + 1));
  const instant = (): number => Math.floor(span.begin + draw() * (span.closing - span.begin) * 0.95);
  const times = Array.from({ length: count }, instant).toSorted((a, b) => a - b);
  for (const at of times) {
    const app = Math.floor(draw() * applications.length);
    const action = drawAction(draw, pick(draw, weighted), at, app, newest[app]!);
    if (action.do === 'push') newest[app] = action.minor;
    actions.push(action);
  }
  return [...actions, ...closingActions(applications, newest, span)];
}

/** Does each at its time; what the API server refuses is a person's own mistake. */
export function schedule(world: SimulatedWorld, actions: readonly Action[]): void {
  const { clock, journal, setting, known } = world;
  for (const action of actions) {
    clock.after(action.at, () => {
      const app = setting.applications[action.app]!;
      journal.note('people', `${action.do} ${app.name} ${known(app.name, action.minor)}`);
      actionKinds[action.do].carryOut(world, action, app).catch((error: unknown) => {
        if (!(error instanceof KubeError)) throw error;
        journal.note('people', `refused: ${error.message}`);
      });
    });
  }
}
