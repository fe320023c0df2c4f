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
  const asked = askedVersions(rollout([version('v2', 'a')]));
  const answer = { version: version('v2', 'a'), at: now, retryAt: now.add({ milliseconds: 60_500 }) };
  const next = (status: RolloutGateStatus | undefined, answers: readonly object[] = []) =>
    answeredStatus(
      gate(status),
      asked,
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

  it.each([
    ['answers', undefined, next(undefined, [{ allowed: true }]), undefined],
    ['fails', undefined, next(undefined, [{}]), 'Warning Unreachable'],
    ['goes on failing', next(undefined, [{}]), next(undefined, [{ message: 'other' }]), undefined],
    [
      'fails otherwise',
      next(undefined, [{}]),
      faultyStatus(gate(), { reason: 'InvalidSpec', message: '' }, now),
      'Warning InvalidSpec',
    ],
    ['answers again', next(undefined, [{}]), next(undefined, [{ allowed: false }]), 'Normal Answered'],
  ])('that %s: %#', (_what, before, after, expected) => {
    const change = readyChange(before?.conditions, after.conditions);
    expect(change && `${change.type} ${change.reason}`).toBe(expected);
  });
});
