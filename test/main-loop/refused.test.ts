/** What the API server refuses about gates, approvals, freezes and schedules: the fault is named before it is stored. */
import { describe, expect, test } from 'vitest';
import { Approval } from '../../src/api/approval.ts';
import type { KubeObject } from '../../src/api/meta.ts';
import { Colleague } from '../support/colleague.ts';
import { eitherWorld } from '../support/either-world.ts';
import { gate, object } from '../support/objects.ts';
import type { Space } from '../support/space.ts';

const world = eitherWorld();

type Fields = Readonly<Record<string, unknown>>;
type Row = readonly [title: string, spec: Fields, words: string];

const ours = 'kuberik.com/v1alpha1';
const http = (fields: Fields) => ({ class: 'http', http: { url: 'https://gates.example.com', ...fields } });
const manual = (approval: Fields) => ({ class: 'manual', approval });

const gates: readonly Row[] = [
  ['a class manual that asks a service', { class: 'manual', http: { url: 'https://a' } }, 'http is for class http'],
  ['approvals without the class', { approval: { required: 2 } }, 'approval is for class manual'],
  ['approvals of class http', { ...http({}), approval: {} }, 'approval is for class manual'],
  ['a class http that asks nobody', { class: 'http' }, 'class http needs http.url'],
  ['a service without a URL', { class: 'http', http: {} }, 'spec.http.url'],
  ['a URL of another kind', http({ url: 'ftp://gates.example.com' }), 'spec.http.url'],
  ['a URL without a host', http({ url: 'https:///check' }), 'spec.http.url'],
  ['a method that changes things', http({ method: 'DELETE' }), 'spec.http.method'],
  ['a time-out that is none', http({ timeout: 'soon' }), 'spec.http.timeout'],
  ['an interval that is none', http({ interval: '1 minute' }), 'spec.http.interval'],
  ['an expression as long as a book', http({ success: 't'.repeat(4097) }), 'spec.http.success'],
  ['nobody who is required', manual({ required: 0 }), 'spec.approval.required'],
  ['more people than there are', manual({ required: 101 }), 'spec.approval.required'],
  ['half a person', manual({ required: 1.5 }), 'spec.approval.required'],
  ['somebody else who may not', manual({ notBy: 'author' }), 'spec.approval.notBy'],
  ['an expiry that is none', manual({ expiresAfter: 'tomorrow' }), 'spec.approval.expiresAfter'],
  ['a class without a name', { class: '' }, 'spec.class'],
  ['a class with too long a name', { class: 'c'.repeat(64) }, 'spec.class'],
  ['an end that is no time', { validUntil: 'tomorrow' }, 'spec.validUntil'],
];

const decision = { gateRef: { name: 'qa' }, version: 'v1.1.0', decision: 'Approve' };
const approvals: readonly Row[] = [
  ['about no version', { version: null }, 'say which version: set version, digest or both'],
  ['about a tag that cannot be one', { version: 'not a tag' }, 'spec.version'],
  ['about a digest that cannot be one', { digest: 'sha256:abc' }, 'spec.digest'],
  ['that decides nothing', { decision: 'Maybe' }, 'spec.decision'],
  ['for no gate', { gateRef: {} }, 'spec.gateRef.name'],
  ['with a reason as long as a book', { reason: 'r'.repeat(1025) }, 'spec.reason'],
  ['by nobody', { by: null }, 'spec.by'],
  ['by somebody else', { by: 'bob' }, 'spec.by must be your own user name, alice, not bob'],
];

const freezes: readonly Row[] = [
  ['without a reason', { until: '2040-01-01T00:00:00Z' }, 'spec.reason'],
  ['with an empty reason', { reason: '' }, 'spec.reason'],
  ['with a reason as long as a book', { reason: 'r'.repeat(1025) }, 'spec.reason'],
  ['with an end that is no time', { reason: 'x', until: 'friday' }, 'spec.until'],
  [
    'with a selector that selects nothing',
    { reason: 'x', rolloutSelector: { matchExpressions: [{ key: 'app', operator: 'In', values: [] }] } },
    'In and NotIn need at least one value',
  ],
  [
    'with an operator that is none',
    { reason: 'x', namespaceSelector: { matchExpressions: [{ key: 'app', operator: 'Is' }] } },
    'operator',
  ],
  ['with a selector of another form', { reason: 'x', rolloutSelector: { matchLabels: ['a'] } }, 'matchLabels'],
];

const rules = (...list: readonly Fields[]) => ({ rolloutSelector: {}, rules: list });
const schedules: readonly Row[] = [
  ['without a Rollout', { rules: [{ name: 'always' }] }, 'spec.rolloutSelector'],
  [
    'with a selector that selects nothing',
    {
      ...rules({ name: 'a' }),
      rolloutSelector: { matchExpressions: [{ key: 'app', operator: 'Exists', values: ['b'] }] },
    },
    'Exists and DoesNotExist take no values',
  ],
  ['without rules', rules(), 'spec.rules'],
  ['with a rule that says nothing', rules({}), 'the rule says nothing'],
  ['with an hour that no day has', rules({ timeRange: { start: '25:00', end: '26:00' } }), 'timeRange'],
  ['with a time of another form', rules({ timeRange: { start: '9:00', end: '17:00' } }), 'timeRange.start'],
  ['with half a window', rules({ timeRange: { start: '09:00' } }), 'timeRange.end'],
  ['with a day that no week has', rules({ daysOfWeek: ['Funday'] }), 'daysOfWeek'],
  ['with a day that no month has', rules({ dateRange: { start: '2025-02-30', end: '2025-03-01' } }), 'dateRange.start'],
  [
    'that ends before it starts',
    rules({ dateRange: { start: '2025-03-02', end: '2025-03-01' } }),
    'end is before start',
  ],
  ['that does something else', { ...rules({ name: 'a' }), action: 'Maybe' }, 'spec.action'],
];

/** What the API server says to each of them. */
function answersTo(space: Space, wholes: readonly KubeObject[]): Promise<readonly string[]> {
  const answers = wholes.map((whole) =>
    space.create(whole).then(
      () => `taken: ${whole.metadata.name}`,
      (error: unknown) => String(error),
    ),
  );
  return Promise.all(answers);
}

/** The words, if they are in the answer; else all of it, to be read in the report. */
function shown(answer: string | undefined, words: string): string {
  return answer?.includes(words) === true ? words : String(answer);
}

describe('refused', () => {
  test.concurrent.each([
    ['RolloutGate', gates, (name: string, spec: Fields) => gate(name, 'app', spec)],
    ['Freeze', freezes, (name: string, spec: Fields) => object(ours, 'Freeze', name, spec)],
    ['RolloutSchedule', schedules, (name: string, spec: Fields) => object(ours, 'RolloutSchedule', name, spec)],
  ] as const)('a %s', async (kind, rows, make) => {
    const space = await world().space(`refused-${kind.toLowerCase()}`);
    const name = (index: number): string => `${space.namespace}-${index}`;
    const wholes = rows.map(([, spec], index) => make(name(index), spec));
    const answers = await answersTo(space, wholes);
    const told = rows.map(([title, , words], index) => [title, shown(answers[index], words)]);
    expect(told).toEqual(rows.map(([title, , words]) => [title, words]));
  });

  test.concurrent('an Approval', async () => {
    const space = await world().space('refused-approval');
    const alice = await Colleague.of(space, 'alice', 'kuberik-approver');
    const told: (readonly [string, string])[] = [];
    for (const [title, fields, words] of approvals) {
      const all: Fields = { ...decision, by: 'alice', ...fields };
      const spec = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null));
      const whole = space.place(object(ours, 'Approval', 'a', spec), { ...Approval });
      const answer = await alice
        .act((client) => client.create(Approval, whole as Approval))
        .then(
          () => 'taken',
          (error: unknown) => String(error),
        );
      told.push([title, shown(answer, words)]);
    }
    expect(told).toEqual(approvals.map(([title, , words]) => [title, words]));
  });

  test.concurrent('what changes an Approval, in whoever hand', async () => {
    const space = await world().space('refused-change');
    const alice = await Colleague.of(space, 'alice', 'kuberik-approver');
    const name = await alice.decide('qa', { digest: `sha256:${'0'.repeat(64)}` as never, reason: 'tried it' });
    for (const spec of [{ decision: 'Reject' }, { reason: 'did not' }, { version: 'v1.1.0' }, { by: 'bob' }]) {
      await expect(space.patch(Approval, name, { spec })).rejects.toThrow(
        'an Approval never changes: create another one',
      );
    }
  });
});
