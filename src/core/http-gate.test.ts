import { describe, expect, it } from 'vitest';
import { DEPLOY } from '../api/annotations.ts';
import { Rollout } from '../api/rollout.ts';
import { type GateVerdict, RolloutGate, type RolloutGateStatus } from '../api/rollout-gate.ts';
import { parseDigest, parseTag } from '../api/tag.ts';
import { readyChange } from './condition.ts';
import { answeredStatus, askedVersions, dueVersions, faultyStatus, MOST_ASKED, nextDue } from './http-gate.ts';

const now = Temporal.Instant.from('2026-01-05T12:00:00Z');
const digest = (letter: string) => parseDigest(`sha256:${letter.repeat(64)}`);
const version = (tag: string, letter?: string) => ({
  tag: parseTag(tag),
  ...(letter !== undefined && { digest: digest(letter) }),
});

function rollout(candidates: readonly object[], requested?: string, available: readonly object[] = []): Rollout {
  return Rollout.parse({
    apiVersion: Rollout.apiVersion,
    kind: Rollout.kind,
    metadata: { name: 'app', ...(requested !== undefined && { annotations: { [DEPLOY]: requested } }) },
    spec: { releasesImagePolicy: { name: 'app' } },
    status: { releaseCandidates: candidates, availableReleases: available },
  });
}

function gate(status?: RolloutGateStatus, generation = 2): RolloutGate {
  return RolloutGate.parse({
    apiVersion: RolloutGate.apiVersion,
    kind: RolloutGate.kind,
    metadata: { name: 'change', generation },
    spec: { rolloutRef: { name: 'app' }, class: 'http', http: { url: 'https://example.com' } },
    ...(status !== undefined && { status }),
  });
}

function verdict(tag: string, more: Partial<GateVerdict> = {}): GateVerdict {
  return { tag: parseTag(tag), allowed: false, timestamp: '2026-01-05T11:00:00Z', ...more };
}

describe('versions that are asked about', () => {
  const many = Array.from({ length: MOST_ASKED + 3 }, (_, index) => version(`v1.${index}`));
  it.each([
    ['no Rollout', undefined, [], 0],
    ['no candidate', rollout([]), [], 0],
    ['candidates', rollout([version('v2'), version('v1')]), ['v2', 'v1'], 0],
    ['too many', rollout(many), many.slice(0, MOST_ASKED).map(({ tag }) => tag), 3],
    ['one that is asked for', rollout([version('v2')], 'v0'), ['v0', 'v2'], 0],
    ['one that is asked for, and a candidate', rollout([version('v2'), version('v1')], 'v1'), ['v2', 'v1'], 0],
    ['what is no tag', rollout([version('v2')], 'v0 please'), ['v2'], 0],
  ])('%s', (_what, given, expected, leftOut) => {
    const asked = askedVersions(given);
    expect([asked.versions.map(({ tag }) => tag), asked.leftOut]).toEqual([expected, leftOut]);
  });

  it('have the digest that is known of them', () => {
    expect(askedVersions(rollout([], 'v0', [version('v0', 'a')])).versions).toEqual([version('v0', 'a')]);
  });
});

describe('what is due', () => {
  it.each([
    ['nothing was said', [], true],
    ['of another version', [verdict('v2', { allowed: true })], true],
    ['of another digest', [verdict('v1', { allowed: true, digest: digest('b') })], true],
    ['allowed', [verdict('v1', { allowed: true })], false],
    ['allowed, with the digest', [verdict('v1', { allowed: true, digest: digest('a') })], false],
    ['allowed, whatever else it says', [verdict('v1', { allowed: true, retryAt: '2026-01-05T11:00:00Z' })], false],
    ['refused until now', [verdict('v1', { retryAt: '2026-01-05T12:00:00Z' })], true],
    ['refused until later', [verdict('v1', { retryAt: '2026-01-05T12:00:01Z' })], false],
    ['refused for good', [verdict('v1')], false],
  ])('%s', (_what, verdicts, expected) => {
    expect(dueVersions({ verdicts }, [version('v1', 'a')], now).length === 1).toBe(expected);
  });

  it('next, of what waits', () => {
    const retries = ['2026-01-05T11:00:00Z', '2026-01-05T12:30:00Z', '2026-01-05T12:10:00Z'];
    const verdicts = [...retries.map((retryAt) => verdict('v1', { retryAt })), verdict('v2', { allowed: true })];
    expect(nextDue({ verdicts }, now)?.toString()).toBe('2026-01-05T12:10:00Z');
    expect(nextDue({}, now)).toBeUndefined();
  });
});

describe('the status', () => {
  const asked = () => askedVersions(rollout([version('v2', 'a')]));
  const answer = { version: version('v2', 'a'), at: now, retryAt: now.add({ milliseconds: 60_500 }) };
  const next = (status: RolloutGateStatus | undefined, answers: readonly object[] = []) =>
    answeredStatus(
      gate(status),
      asked(),
      answers.map((one) => ({ ...answer, ...one })),
      'https://example.com/',
      now,
    );

  it('is the same when nothing was said, and asks again in whole seconds, never early', () => {
    const first = next(undefined, [{ allowed: false }]);
    expect(first.verdicts?.[0]?.retryAt).toBe('2026-01-05T12:01:01Z');
    expect(next(first)).toEqual(first);
  });

  it('of an older spec counts for nothing', () => {
    const allowed = next(undefined, [{ allowed: true }]);
    expect(next({ ...allowed, observedGeneration: 1 }).verdicts).toEqual([]);
  });

  it('keeps why it failed until the version was answered', () => {
    const failed = next(undefined, [{ reason: 'SecretNotFound', message: 'no Secret' }]);
    expect(next(failed).conditions).toEqual(failed.conditions);
    expect(next(failed, [{ allowed: false }]).conditions).toMatchObject([{ status: 'True', reason: 'Answered' }]);
  });

  const allowed = () => next(undefined, [{ allowed: true }]);
  const refused = () => next(undefined, [{ allowed: false }]);
  const unanswered = () => next(undefined, [{}]);
  const otherwise = () => next(undefined, [{ message: 'other' }]);
  const invalid = () => faultyStatus(gate(), { reason: 'InvalidSpec', message: '' }, now);

  it.each([
    ['answers', () => undefined, allowed, undefined],
    ['fails', () => undefined, unanswered, 'Warning Unreachable'],
    ['goes on failing', unanswered, otherwise, undefined],
    ['fails otherwise', unanswered, invalid, 'Warning InvalidSpec'],
    ['answers again', unanswered, refused, 'Normal Answered'],
  ])('that %s: %#', (_what, earlier, later, expected) => {
    const [before, after] = [earlier(), later()];
    const change = readyChange(before?.conditions, after.conditions);
    expect(change && `${change.type} ${change.reason}`).toBe(expected);
  });
});

describe('the whole status', () => {
  const where = 'https://example.com/';
  const two = [version('v2', 'a'), version('v1')];
  const at = (minutes: number) => now.add({ minutes });
  const of = (
    answers: Parameters<typeof answeredStatus>[2],
    { leftOut = 0, before = undefined as RolloutGateStatus | undefined, versions = two } = {},
  ): RolloutGateStatus => answeredStatus(gate(before), { versions, leftOut }, answers, where, now);
  const ready = (status: 'True' | 'False', reason: string, message: string) => ({
    type: 'Ready',
    status,
    observedGeneration: 2,
    lastTransitionTime: '2026-01-05T12:00:00Z',
    reason,
    message,
  });
  const seen = { timestamp: '2026-01-05T12:00:00Z' };
  const yes = (one: (typeof two)[number]) => ({ version: one, allowed: true, at: now, retryAt: at(1) });
  const no = (one: (typeof two)[number], message?: string) => ({
    ...yes(one),
    allowed: false,
    ...(message !== undefined && { message }),
  });
  const silent = (one: (typeof two)[number], more: object = {}) => ({ version: one, at: now, retryAt: at(1), ...more });

  it('of versions that are allowed', () => {
    expect(of([yes(two[0]!), { ...yes(two[1]!), message: 'low risk' }])).toEqual({
      observedGeneration: 2,
      verdicts: [
        { tag: 'v2', digest: digest('a'), allowed: true, ...seen },
        { tag: 'v1', allowed: true, message: 'low risk', ...seen },
      ],
      conditions: [ready('True', 'Answered', 'https://example.com/ answers')],
    });
  });

  it('of a version that is refused, and why it waits', () => {
    const refused = of([no(two[0]!, 'too risky')], { leftOut: 4 });
    expect(refused).toEqual({
      observedGeneration: 2,
      message: 'https://example.com/ refuses v2: too risky; asked again 2026-01-05T12:01:00Z',
      verdicts: [
        {
          tag: 'v2',
          digest: digest('a'),
          allowed: false,
          message: 'too risky',
          ...seen,
          retryAt: '2026-01-05T12:01:00Z',
        },
      ],
      conditions: [
        ready('True', 'Answered', 'https://example.com/ answers; 4 older candidates wait until these are decided'),
      ],
    });
    expect(of([no(two[0]!)]).message).toBe(
      'https://example.com/ refuses v2: no reason given; asked again 2026-01-05T12:01:00Z',
    );
    const forGood = { ...refused, verdicts: [verdict('v2', { digest: digest('a') })] };
    expect(of([], { before: forGood }).message).toBe('https://example.com/ refuses v2: no reason given');
  });

  it('of a version about which there is no answer', () => {
    expect(of([silent(two[0]!, { message: 'HTTP 503', reason: 'SecretNotFound' }), yes(two[1]!)])).toEqual({
      observedGeneration: 2,
      message: 'v2: HTTP 503; asked again 2026-01-05T12:01:00Z',
      verdicts: [
        {
          tag: 'v2',
          digest: digest('a'),
          allowed: false,
          failed: true,
          message: 'HTTP 503',
          ...seen,
          retryAt: '2026-01-05T12:01:00Z',
        },
        { tag: 'v1', allowed: true, ...seen },
      ],
      conditions: [ready('False', 'SecretNotFound', 'HTTP 503')],
    });
    expect(of([silent(two[0]!)]).conditions).toEqual([ready('False', 'Unreachable', where)]);
  });

  it('tells what failed last, not what was answered meanwhile', () => {
    const before = of([silent(two[0]!, { message: 'HTTP 503', reason: 'SecretNotFound' })]);
    expect(of([yes(two[1]!)], { before }).conditions).toEqual([ready('False', 'SecretNotFound', 'HTTP 503')]);
    expect(of([yes(two[1]!), silent(two[0]!, { message: 'HTTP 500' })], { before }).conditions).toEqual([
      ready('False', 'Unreachable', 'HTTP 500'),
    ]);
    const unsaid = { ...before, conditions: [] };
    expect(of([], { before: unsaid }).conditions).toEqual([ready('False', 'Unreachable', 'HTTP 503')]);
    const answered = { ...before, conditions: [ready('True', 'Answered', 'x')] };
    expect(of([], { before: answered }).conditions).toEqual([ready('False', 'Unreachable', 'HTTP 503')]);
  });

  it('of nothing to ask about', () => {
    expect(of([], { versions: [] })).toEqual({
      observedGeneration: 2,
      verdicts: [],
      conditions: [ready('True', 'Answered', 'no version is to be asked about')],
    });
  });

  it('of a gate that cannot ask, and of one without a generation', () => {
    const fault = { reason: 'InvalidSpec', message: 'spec.http.url: no' } as const;
    expect(faultyStatus(gate(), fault, now)).toEqual({
      observedGeneration: 2,
      passing: false,
      message: 'spec.http.url: no',
      conditions: [ready('False', 'InvalidSpec', 'spec.http.url: no')],
    });
    const { generation, ...metadata } = gate().metadata;
    expect(faultyStatus({ ...gate(), metadata }, fault, now)).not.toHaveProperty('observedGeneration');
  });

  it('asks about what a person asks for, of a Rollout that has no status yet', () => {
    const { status, ...fresh } = rollout([], 'v0');
    expect(askedVersions(fresh).versions).toEqual([{ tag: 'v0' }]);
  });
});
