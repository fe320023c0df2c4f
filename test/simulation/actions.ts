/** What people do in a world: drawn before it begins, carried out when it is time. A new kind is a row in `actions/`. */
import { KubeError } from '../../src/kube/errors.ts';
import type { Matter } from './actions/action.ts';
import { holdKinds } from './actions/holds.ts';
import { releaseKinds } from './actions/releases.ts';
import { requestKinds } from './actions/requests.ts';
import { upheavalKinds } from './actions/upheavals.ts';
import { type Application, keyTextOf } from './application.ts';
import { type Draw, pick } from './chance.ts';
import type { Span } from './span.ts';
import { bad, tagOf, type Version } from './versions.ts';
import type { SimulatedWorld } from './world.ts';

export const actionKinds = { ...releaseKinds, ...requestKinds, ...holdKinds, ...upheavalKinds } as const;

export interface Action extends Matter {
  readonly do: keyof typeof actionKinds;
}

const weighted = Object.entries(actionKinds).flatMap(([name, { weight }]) =>
  Array.from({ length: weight }, () => name as Action['do']),
);

function drawAction(draw: Draw, at: number, app: number, newest: number): Action {
  const kind = pick(draw, weighted);
  const salt = Math.floor(draw() * 1000);
  if (kind === 'push') return { at, do: kind, app, salt, ...drawVersion(draw, newest + 1) };
  return { at, do: kind, app, salt, minor: Math.max(0, newest - Math.floor(draw() * 3)) };
}

function drawVersion(draw: Draw, minor: number): Version {
  const form = pick(draw, ['prerelease', 'odd', ...Array.from({ length: 12 }, () => 'release' as const)] as const);
  const isGood = draw() < 0.6;
  return {
    minor,
    ...(form !== 'release' && { form }),
    ...(!isGood && { behaviour: pick(draw, bad) }),
  };
}

/** After this share of the calm, everything that the last fault led to is over. */
const calmShare = 0.4;
/** Until everybody knows of what was pushed. */
const longestScan = 90_000;

/** People make up their minds: nothing is held back any more, and a good release comes. */
function closingActions(applications: readonly Application[], newest: readonly number[], span: Span): Action[] {
  return applications.flatMap(({ manualGate, flagGate }, app) => {
    const minor = newest[app]! + 1;
    const kinds: readonly Action['do'][] = [
      'thaw',
      ...(flagGate ? (['open'] as const) : []),
      'resume',
      'drop-requests',
      'push',
      ...(manualGate ? (['approve-by-all'] as const) : []),
    ];
    const steps = kinds.map((kind, index): Action => {
      return { at: span.closing + index * span.closingStep, do: kind, app, minor, salt: 0 };
    });
    const last = steps.at(-1)?.at ?? span.closing;
    // What went wrong after that may have failed even a good release: the next one comes when nothing does any more.
    const calm = Math.round(span.calm + (span.rest - span.calm) * calmShare);
    const finals = ['get-going', 'push', ...(manualGate ? (['approve-by-all'] as const) : [])] as const;
    return [
      ...steps,
      { at: last + longestScan, do: 'get-going', app, minor, salt: 0 },
      ...finals.map((kind, index): Action => {
        return { at: calm + index * span.closingStep, do: kind, app, minor: minor + 1, salt: 0 };
      }),
    ];
  });
}

/** The first release of each comes at once; the last actions open everything, and bring a good release. */
export function drawActions(draw: Draw, span: Span, applications: readonly Application[]): Action[] {
  const actions: Action[] = applications.map((_, app) => ({ at: 0, do: 'push', app, minor: 0, salt: 0 }));
  const newest = applications.map(() => 0);
  const [fewest, most] = span.actions;
  const count = fewest + Math.floor(draw() * (most - fewest + 1));
  const instant = (): number => Math.floor(span.begin + draw() * (span.closing - span.begin) * 0.95);
  const times = Array.from({ length: count }, instant).toSorted((a, b) => a - b);
  for (const at of times) {
    const app = Math.floor(draw() * applications.length);
    const action = drawAction(draw, at, app, newest[app]!);
    if (action.do === 'push') newest[app] = action.minor;
    actions.push(action);
  }
  return [...actions, ...closingActions(applications, newest, span)];
}

/** Does each at its time; what the API server refuses is a person's own mistake. */
export function schedule(world: SimulatedWorld, actions: readonly Action[]): void {
  const { clock, api, setting } = world;
  const closing = actions.filter(({ at, do: kind }) => at >= setting.span.closing && kind !== 'push');
  const begin = clock.milliseconds;
  for (const action of actions) {
    clock.after(action.at, () => {
      attempt(world, action);
    });
  }
  // Whoever restores a backup applies what is missing in it, and does again what was to stay.
  api.onRestored(() => {
    clock.after(restoring, () => {
      attemptTo(world, world.makeMissing());
      for (const action of closing) if (begin + action.at <= clock.milliseconds) attempt(world, action);
    });
  });
}

const restoring = 10_000;

function attempt(world: SimulatedWorld, action: Action): void {
  const { journal, setting, known } = world;
  const app = setting.applications[action.app]!;
  const what = action.do === 'push' ? tagOf(action) : known(app, action.minor);
  journal.note('people', `${action.do} ${keyTextOf(app)} ${what}`);
  attemptTo(world, actionKinds[action.do].carryOut(world, action, app));
}

function attemptTo({ journal }: SimulatedWorld, deed: Promise<void>): void {
  deed.catch((error: unknown) => {
    if (!(error instanceof KubeError)) throw error;
    journal.note('people', `refused: ${error.message}`);
  });
}
