/** Gates that another controller judges: what it says opens and closes them, what it has not said opens nothing. */
import { describe, expect, it } from 'vitest';
import type { RolloutGateStatus } from '../api/rollout-gate.ts';
import { parseTag } from '../api/tag.ts';
import { at, Scenario, T0 } from './testing/scenario.ts';

const verdict = (tag: string, allowed: boolean, more: object = {}) => {
  return { tag: parseTag(tag), allowed, timestamp: T0.toString(), ...more };
};
const current = { observedGeneration: 1 };

const table: readonly (readonly [string, RolloutGateStatus | undefined, string | undefined])[] = [
  ['no status', undefined, 'waits for the first answer of class change-board'],
  ['an empty status', {}, 'waits for the first answer of class change-board'],
  ['a message alone', { message: 'asking' }, 'waits for the first answer of class change-board: asking'],
  ['an older generation', { observedGeneration: 0, passing: true }, 'waits for the first answer'],
  ['passing', { passing: true }, undefined],
  ['passing, of this generation', { ...current, passing: true }, undefined],
  ['not passing', { passing: false, message: 'Friday' }, 'is closed by class change-board: Friday'],
  ['a list with it', { allowedVersions: ['1.1.0'] }, undefined],
  ['a list without it', { allowedVersions: ['1.0.5'] }, 'does not allow 1.1.0'],
  ['an empty list', { passing: true, allowedVersions: [] }, 'does not allow 1.1.0'],
  ['a verdict for it', { verdicts: [verdict('1.1.0', true)] }, undefined],
  [
    'a verdict against it',
    { passing: true, verdicts: [verdict('1.1.0', false, { message: 'no ticket' })] },
    'does not allow 1.1.0: no ticket',
  ],
  [
    'a verdict wins over the list',
    { allowedVersions: ['1.1.0'], verdicts: [verdict('1.1.0', false)] },
    'does not allow',
  ],
  ['a verdict about another', { passing: true, verdicts: [verdict('1.0.5', true)] }, 'has no answer about 1.1.0 yet'],
  ['not passing wins over a verdict', { passing: false, verdicts: [verdict('1.1.0', true)] }, 'is closed by class'],
  ['valid until later', { passing: true, validUntil: at('+1m') }, undefined],
  [
    'valid until now',
    { passing: true, validUntil: at('+0s') },
    'was answered until 2026-01-05T12:00:00Z and not since',
  ],
];

describe('a gate of a class of its own', () => {
  it.each(table)('%s', (_name, status, held) => {
    const world = new Scenario({ available: ['1.0.0', '1.1.0'], history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }] });
    const plan = world.gate('cab', { class: 'change-board' }, status).look();
    expect(world.tags[0]).toBe(held === undefined ? '1.1.0' : '1.0.0');
    if (held === undefined) return;
    expect(plan.reasons[0]?.message).toContain(`RolloutGate cab ${held}`);
    expect(plan.reasons[0]?.remedy).toContain('the controller of class change-board');
    expect(world.rollout.status?.gates?.[0]?.message).toContain(held);
  });

  it('says when a refusal is judged again', () => {
    const world = new Scenario({ available: ['1.0.0', '1.1.0'], history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }] });
    const status = { verdicts: [verdict('1.1.0', false, { retryAt: at('+5m') })] };
    const plan = world.gate('cab', { class: 'http' }, status).look();
    expect(plan.reasons[0]?.until?.toString()).toBe(at('+5m'));
  });

  it('holds a first deployment', () => {
    const world = new Scenario({ available: ['1.0.0'] }).gate('cab', { class: 'change-board' });
    world.look();
    expect(world.tags).toEqual([]);
    world.gate('cab', { class: 'change-board' }, { passing: true }).look();
    expect(world.tags).toEqual(['1.0.0']);
  });
});

describe('spec.validUntil', () => {
  const onFirst = { available: ['1.0.0', '1.1.0'], history: [{ tag: '1.0.0', bakeStatus: 'Succeeded' }] };

  it('A12: an open gate is believed until the transition that it was computed for, and no longer', () => {
    const stale = new Scenario(onFirst).gate('window', { passing: true, validUntil: at('+0s') });
    const plan = stale.look();
    expect(stale.tags).toEqual(['1.0.0']);
    expect(plan.reasons[0]?.message).toContain('was open until 2026-01-05T12:00:00Z and has not been evaluated since');
    const fresh = new Scenario(onFirst).gate('window', { passing: true, validUntil: at('+1s') });
    fresh.look();
    expect(fresh.tags[0]).toBe('1.1.0');
  });

  it('a closed gate stays closed, and says until when it is at least', () => {
    const world = new Scenario(onFirst).gate('window', { passing: false, validUntil: at('+1h') });
    expect(world.look().reasons[0]?.until?.toString()).toBe(at('+1h'));
    const plan = world.advance('+2h').look();
    expect(world.tags).toEqual(['1.0.0']);
    expect(plan.reasons[0]?.until).toBeUndefined();
  });
});
