/** The judges of the soak themselves: a history that is as it must be, and for each of them one that is not. */
import { describe, expect, test } from 'vitest';
import type { Application } from './fleet.ts';
import type { Change, Stored } from './history.ts';
import { differences, unsettled } from './oracles/convergence.ts';
import { Oracles } from './oracles/oracles.ts';

const start = Date.parse('2026-03-02T06:00:00Z');
const app: Application = {
  name: 'app',
  namespace: 'team',
  kustomization: 'app',
  variable: 'VERSION',
  isReal: false,
  check: 'none',
  flagGate: true,
  manualGate: true,
  denied: new Set([start / 60_000 + 10]),
  timezone: 'UTC',
  spec: {},
};

type Fields = Readonly<Record<string, unknown>>;

interface Deployment {
  readonly id: number;
  readonly tag: string;
  /** Seconds after the start. */
  readonly at: number;
  readonly trigger?: string;
  readonly bake?: string;
  readonly more?: Fields;
}

const seconds = (at: number): string => new Date(start + at * 1000).toISOString().replace('.000', '');

/** Oldest first in what is told here, newest first on the wire. */
function history(deployments: readonly Deployment[]): unknown[] {
  return deployments
    .map(({ id, tag, at, trigger = 'Automatic', bake = 'Succeeded', more }) => {
      return { id, version: { tag }, timestamp: seconds(at), trigger, bakeStatus: bake, ...more };
    })
    .toReversed();
}

/** Tells the oracles one thing after the other; a change is seen in the second in which it is made. */
class Telling {
  readonly oracles = new Oracles([app]);
  #revision = 0;

  change(at: number, resource: string, name: string, object: Fields | undefined, namespace = 'team'): this {
    const stored =
      object === undefined
        ? undefined
        : ({
            ...object,
            metadata: { name, namespace, ...(object.metadata as Fields | undefined) },
          } as unknown as Stored);
    const change: Change = {
      revision: (this.#revision += 1),
      at: start + at * 1000,
      resource,
      namespace,
      name,
      object: stored,
    };
    this.oracles.see(change);
    return this;
  }

  /** Recorded when the newest was made. */
  rollout(deployments: readonly Deployment[], spec: Fields = {}, status: Fields = {}, at?: number): this {
    const metadata = { uid: 'u', creationTimestamp: seconds(-100) };
    const object = { metadata, spec, status: { history: history(deployments), ...status } };
    return this.change(at ?? deployments.at(-1)?.at ?? 0, 'rollouts', 'app', object);
  }

  gate(at: number, spec: Fields, name = 'flag'): this {
    return this.change(at, 'rolloutgates', name, { spec: { rolloutRef: { name: 'app' }, ...spec } });
  }

  freeze(at: number, isThere: boolean): this {
    const object = { spec: { rolloutSelector: { matchLabels: { app: 'app' } } } };
    return this.change(at, 'freezes', 'stop', isThere ? object : undefined, '');
  }

  target(at: number, tag: string): this {
    return this.change(at, 'kustomizations', 'app', { spec: { postBuild: { substitute: { VERSION: tag } } } });
  }

  told(at: number, name: string, tag: string, count = 1): this {
    const involvedObject = { kind: 'Rollout', uid: 'u', namespace: 'team', name: 'app' };
    const message = `Successfully deployed version ${tag}`;
    return this.change(at, 'events', name, { involvedObject, reason: 'DeploymentSucceeded', message, count });
  }
}

const one: Deployment = { id: 1, tag: '1.0.0', at: 10 };
const two: Deployment = { id: 2, tag: '1.1.0', at: 100 };
const three: Deployment = { id: 3, tag: '1.2.0', at: 200 };
const failed: Deployment = { ...two, tag: '1.1.666', bake: 'Failed' };
const back: Deployment = { id: 3, tag: '1.0.0', at: 200, trigger: 'Rollback', more: { rollbackOf: 2 } };
const first = (): Telling => new Telling().rollout([one]);

const right: readonly (readonly [string, () => Telling])[] = [
  ['one after the other', () => first().rollout([one, two]).rollout([one, two, three])],
  ['told and carried', () => first().target(11, '1.0.0').told(12, 'e1', '1.0.0')],
  [
    'an older record gives way',
    () => first().rollout([one, two], { versionHistoryLimit: 2 }).rollout([two, three], { versionHistoryLimit: 2 }),
  ],
  [
    'what one can go back to stays',
    () =>
      first()
        .rollout([one, failed])
        .rollout([one, { ...three, bake: 'Failed' }], { versionHistoryLimit: 2 }),
  ],
  ['a rollback to what was good', () => first().rollout([one, failed]).rollout([one, failed, back])],
  ['through an open gate', () => new Telling().gate(0, { passing: true }).rollout([one]).rollout([one, two])],
  ['a gate that was closed a moment ago', () => first().gate(90, { passing: false }).rollout([one, two])],
  [
    'a gate that was opened a moment ago',
    () => first().gate(20, { passing: false }).gate(99, { passing: true }).rollout([one, two]),
  ],
  [
    'forced past a gate',
    () =>
      first()
        .gate(20, { passing: false })
        .rollout([one, { ...two, trigger: 'Manual', more: { message: 'Manual deployment, with force deploy' } }]),
  ],
  [
    'approved',
    () =>
      first()
        .gate(20, { class: 'manual' })
        .change(30, 'approvals', 'a', { spec: { gateRef: { name: 'flag' }, version: '1.1.0' } })
        .rollout([one, two]),
  ],
  ['after a freeze', () => first().freeze(20, true).freeze(99, false).rollout([one, two])],
  ['before the minute that is denied', () => first().rollout([one, { ...two, at: 599 }])],
  ['the write for the one before comes late', () => first().rollout([one, two]).target(101, '1.0.0')],
];

const wrong: readonly (readonly [string, string, string | RegExp, () => Telling])[] = [
  ['an id is left out', 'I3', 'ids are 3,1', () => first().rollout([one, three])],
  [
    'an id comes again',
    'I3',
    'is new after 3',
    () =>
      first()
        .rollout([one, two, three])
        .rollout([one, two, three], {}, {}, 300)
        .rollout([{ ...three, id: 0 }]),
  ],
  ['an entry is altered', 'I3', 'entry 1 was "1.0.0', () => first().rollout([{ ...one, tag: '1.0.1' }, two])],
  [
    'an entry is made anew at another time',
    'I3',
    'entry 2 was',
    () =>
      first()
        .rollout([one, two])
        .rollout([one, { ...two, at: 101 }]),
  ],
  [
    'the record is lost',
    'I3',
    'is lost: 2 became 0 entries',
    () => first().rollout([one, two]).rollout([], {}, {}, 110),
  ],
  ['an entry is lost', 'I3', 'is lost', () => first().rollout([one, two]).rollout([two], {}, {}, 110)],
  [
    'more entries than are to be kept',
    'I3',
    '2 entries, the limit is 1',
    () => first().rollout([one, two], { versionHistoryLimit: 1 }),
  ],
  [
    'two are unfinished',
    'I2',
    'is unfinished below the newest',
    () =>
      first().rollout([
        { ...one, bake: 'InProgress' },
        { ...two, bake: 'Deploying' },
      ]),
  ],
  ['what runs is deployed again', 'I3', 'ran already', () => first().rollout([one, { ...two, tag: '1.0.0' }])],
  [
    'past a closed gate',
    'I1',
    'past the closed RolloutGate flag',
    () => first().gate(20, { passing: false }).rollout([one, two]),
  ],
  [
    'past a closed gate on request',
    'I1',
    'past the closed RolloutGate flag',
    () =>
      first()
        .gate(20, { passing: false })
        .rollout([one, { ...two, trigger: 'Manual', more: { message: 'Manual deployment' } }]),
  ],
  [
    'without an approval',
    'I1',
    'without an approval',
    () =>
      first()
        .gate(20, { class: 'manual' })
        .change(30, 'approvals', 'a', { spec: { gateRef: { name: 'flag' }, version: '1.0.0' } })
        .rollout([one, two]),
  ],
  ['during a freeze', 'I1', 'during Freeze stop', () => first().freeze(20, true).rollout([one, two])],
  [
    'rolled back during a freeze',
    'I1',
    'during Freeze stop',
    () => first().rollout([one, failed]).freeze(110, true).rollout([one, failed, back]),
  ],
  [
    'in a minute that is denied',
    'I1',
    'which its RolloutSchedule denies',
    () => first().rollout([one, { ...two, at: 620 }]),
  ],
  [
    'automatically past a pin',
    'I4',
    'while 1.0.0 is pinned',
    () => first().rollout([one, two], { wantedVersion: '1.0.0' }),
  ],
  [
    'automation undoes what a person decided',
    'I4',
    'is not newer',
    () => {
      const forced: Deployment = { ...three, tag: '1.0.0', trigger: 'Manual', more: { message: 'with force deploy' } };
      const known = { availableReleases: [{ tag: '1.0.0' }, { tag: '1.1.0' }] };
      return first()
        .rollout([one, two])
        .rollout([one, two, forced], {}, known)
        .rollout([one, two, forced, { ...two, id: 4, at: 300 }]);
    },
  ],
  [
    'a rollback to what never succeeded',
    'I5',
    'never succeeded here',
    () =>
      new Telling()
        .rollout([{ ...one, bake: 'Cancelled' }])
        .rollout([{ ...one, bake: 'Cancelled' }, failed])
        .rollout([{ ...one, bake: 'Cancelled' }, failed, back]),
  ],
  [
    'rolled back twice',
    'I5',
    'rolls #2 back a second time',
    () =>
      first()
        .rollout([one, failed])
        .rollout([one, failed, back])
        .rollout([one, failed, back, { ...back, id: 4, at: 300 }]),
  ],
  [
    'what failed is taken again',
    'I6',
    'failed here before',
    () =>
      first()
        .rollout([one, failed])
        .rollout([one, failed, { ...failed, id: 3, at: 200, bake: 'Deploying' }]),
  ],
  [
    'a target before its record',
    'I3',
    'was given 1.1.0, and the record says 1.0.0',
    () => first().target(50, '1.1.0').rollout([one, two]),
  ],
  [
    'a target of nobody',
    'I3',
    'and the record says 1.1.0 after 1.0.0',
    () => first().rollout([one, two]).target(120, '1.7.0'),
  ],
  ['told twice', 'I7', 'told 2 times, deployed 1 times', () => first().told(12, 'e1', '1.0.0').told(13, 'e2', '1.0.0')],
  ['told twice by one Event', 'I7', 'told 2 times, deployed 1 times', () => first().told(12, 'e1', '1.0.0', 2)],
  ['told before it is recorded', 'I7', 'told 1 times, deployed 0 times', () => first().told(12, 'e1', '1.1.0')],
];

test.each(right)('nothing is said of: %s', (_, tell) => {
  expect(tell().oracles.violations).toEqual([]);
});

test.each(wrong)('caught: %s', (_, invariant, message, tell) => {
  const { oracles } = tell();
  expect(oracles.violations).toContainEqual(
    expect.objectContaining({ invariant, rollout: 'team/app', message: expect.stringMatching(message) as string }),
  );
  expect(oracles.storyOf('team/app').join('\n')).toContain(`VIOLATION ${invariant}`);
});

describe('at the end', () => {
  const upToDate = { conditions: [{ type: 'Progressing', reason: 'UpToDate', message: 'up to date' }] };

  test.each([
    ['all is as it should be', [one], upToDate, '1.0.0', undefined],
    ['another release', [one], upToDate, '1.1.0', 'has #1 1.0.0 Automatic Succeeded instead of 1.1.0'],
    ['it still bakes', [{ ...one, bake: 'InProgress' }], upToDate, '1.0.0', 'instead of 1.0.0'],
    ['it says that it waits', [one], {}, '1.0.0', 'runs 1.0.0, and says nothing'],
  ])('%s', (_, deployments, status, release, message) => {
    const { ledger } = new Telling().rollout(deployments, {}, status).target(20, '1.0.0').oracles;
    const said = unsettled(app, ledger, release);
    if (message === undefined) expect(said).toBeUndefined();
    else expect(said).toContain(message);
  });

  test('a target that does not carry the release, and a Rollout that is not there', () => {
    const { ledger } = first().rollout([one], {}, upToDate).target(20, '1.7.0').oracles;
    expect(unsettled(app, ledger, '1.0.0')).toBe('records 1.0.0, and Kustomization app carries 1.7.0');
    expect(unsettled({ ...app, name: 'other' }, ledger, '1.0.0')).toBe('is not there');
  });

  test('what is held and what was seen', () => {
    const { ledger } = first().oracles;
    const held = (resourceVersion: string) => ({ metadata: { namespace: 'team', name: 'app', resourceVersion } });
    expect(differences([held('1')], 'rollouts', ledger)).toEqual([]);
    expect(differences([held('2')], 'rollouts', ledger)).toEqual(['team/app is at 2, seen at 1']);
    expect(differences([], 'rollouts', ledger)).toEqual(['0 rollouts are there, and 1 were seen']);
  });
});
