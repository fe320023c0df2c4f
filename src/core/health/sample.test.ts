import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NoDataPolicy, SampleResult } from '../../api/health-check.ts';
import { type Conclusion, conclude, type Known, type Look, type SamplePolicy } from './sample.ts';

const start = Temporal.Instant.from('2026-01-05T12:00:00Z');
const once: SamplePolicy = { failureThreshold: 1, successThreshold: 1, noDataPolicy: 'Hold' };
const letters: Record<string, SampleResult> = { h: 'Healthy', u: 'Unhealthy', n: 'NoData' };

function look(result: SampleResult, seconds: number, more: Partial<Look> = {}): Look {
  return { time: start.add({ seconds }), result, message: `it was ${result}`, ...more };
}

/** What each of these looks comes to, one every 30 s; only news is written, as it is in the status. */
function run(looks: readonly Look[], policy: SamplePolicy): { conclusions: Conclusion[]; writes: number } {
  let known: Known | undefined;
  let writes = 0;
  const conclusions = looks.map((one) => {
    const conclusion = conclude(known, one, policy);
    if (!conclusion.isNews) return conclusion;
    writes++;
    const { status, sample } = conclusion;
    known = structuredClone({ status, sample });
    return conclusion;
  });
  return { conclusions, writes };
}

function statuses(row: string, policy: Partial<SamplePolicy>): string {
  const looks = Array.from(row, (letter, index) => look(letters[letter] ?? 'NoData', index * 30));
  return run(looks, { ...once, ...policy })
    .conclusions.map(({ status }) => status[0])
    .join('');
}

it('a look is kept as it was, with the number that was seen where there is one', () => {
  const { sample, message } = conclude(undefined, look('Healthy', 0, { value: '0.2', message: 'fast' }), once);
  expect(message).toBe('fast');
  expect(sample).toEqual({ time: '2026-01-05T12:00:00Z', result: 'Healthy', value: '0.2', message: 'fast', count: 1 });
  expect(conclude(undefined, look('Healthy', 0), once).sample).not.toHaveProperty('value');
});

describe('what looks come to', () => {
  it.each([
    ['one is enough', 'huhu', {}, 'HUHU'],
    ['no data holds', 'hnhun', {}, 'HPHUP'],
    ['failures in a row', 'huuhuuu', { failureThreshold: 3 }, 'HHHHHHU'],
    ['failures in a row, from the start', 'uuu', { failureThreshold: 3 }, 'PPU'],
    ['successes in a row, from the start', 'hhuhhh', { successThreshold: 3 }, 'PPUUUH'],
    ['both', 'uuhuuhh', { failureThreshold: 2, successThreshold: 2 }, 'PUUUUUH'],
    ['no data ends a row', 'huunuuu', { failureThreshold: 3 }, 'HHHPPPU'],
    ['no data is failure', 'hnn', { noDataPolicy: 'Unhealthy', failureThreshold: 2 }, 'HHU'],
    ['no data is failure, beside others', 'hun', { noDataPolicy: 'Unhealthy', failureThreshold: 2 }, 'HHU'],
    ['no data is success', 'nhn', { noDataPolicy: 'Healthy', successThreshold: 2 }, 'PHH'],
  ] as const)('%s: %s', (_what, row, policy, expected) => {
    expect(statuses(row, policy)).toBe(expected);
  });

  const policies = fc.record({
    failureThreshold: fc.integer({ min: 1, max: 4 }),
    successThreshold: fc.integer({ min: 1, max: 4 }),
    noDataPolicy: fc.constantFrom(...NoDataPolicy),
  });

  it('is a failure or a success only after as many in a row', () => {
    fc.assert(
      fc.property(policies, fc.array(fc.constantFrom(...SampleResult), { maxLength: 30 }), (policy, results) => {
        const counted = results.map((one) =>
          one === 'NoData' && policy.noDataPolicy !== 'Hold' ? policy.noDataPolicy : one,
        );
        const ends = (one: SampleResult, times: number, end: number): boolean =>
          end >= times && counted.slice(end - times, end).every((each) => each === one);
        let before = 'Pending';
        run(
          results.map((result, index) => look(result, index * 30)),
          policy,
        ).conclusions.forEach(({ status }, index) => {
          const expected = ends('NoData', 1, index + 1)
            ? 'Pending'
            : ends('Unhealthy', policy.failureThreshold, index + 1)
              ? 'Unhealthy'
              : ends('Healthy', policy.successThreshold, index + 1)
                ? 'Healthy'
                : before;
          expect(status).toBe(expected);
          before = expected;
        });
      }),
    );
  });
});

describe('what is said', () => {
  const say = (row: string, policy: Partial<SamplePolicy> = {}) => {
    const looks = Array.from(row, (letter, index) => look(letters[letter] ?? 'NoData', index * 30));
    return run(looks, { ...once, ...policy }).conclusions.at(-1);
  };

  it.each([
    ['h', {}, 'it was Healthy', undefined],
    ['n', {}, 'No data: it was NoData', 'it was NoData'],
    ['n', { noDataPolicy: 'Healthy' }, 'No data counts as healthy: it was NoData', undefined],
    ['u', { failureThreshold: 3 }, 'it was Unhealthy (1 of 3 unhealthy looks in a row)', undefined],
    [
      'nu',
      { failureThreshold: 3, noDataPolicy: 'Unhealthy' },
      'it was Unhealthy (2 of 3 unhealthy looks in a row)',
      undefined,
    ],
    ['hh', { successThreshold: 2 }, 'it was Healthy', undefined],
  ] as const)('of %s with %j', (row, policy, message, noData) => {
    expect(say(row, policy)).toMatchObject({ message });
    expect(say(row, policy)?.noData).toBe(noData);
  });
});

describe('what is written', () => {
  const hour = (message: (index: number) => string, policy = once, every = 10) =>
    run(
      Array.from({ length: 3600 / every }, (_, index) =>
        look('Healthy', index * every, { message: message(index), value: String(Math.sin(index)) }),
      ),
      policy,
    ).writes;

  it.each([
    ['took 9 ms', 'took 1234 ms', false],
    ['took 1.5 s', 'took 2 s', false],
    ['rate 1e-7', 'rate 12e+34', false],
    ['rate 1e7', 'rate -3.25e-12', false],
    ['took 9 ms', 'took 9 seconds', true],
    ['errors: 3', 'errors: none', true],
    ['took 1 ms', 'took ms', true],
  ])('after a minute "%s" and "%s" are different words: %j', (before, after, expected) => {
    const looks = [look('Healthy', 0, { message: before }), look('Healthy', 60, { message: after })];
    expect(run(looks, once).writes).toBe(expected ? 2 : 1);
  });

  it('is one for a verdict that was written otherwise, or at a time that nobody can read', () => {
    const { sample } = conclude(undefined, look('Healthy', 0), once);
    expect(conclude({ status: 'Pending', sample }, look('Healthy', 1), once).isNews).toBe(true);
    expect(conclude({ status: 'Healthy', sample }, look('Healthy', 1), once).isNews).toBe(false);
    const undated = { ...sample, time: 'yesterday' };
    expect(conclude({ status: 'Healthy', sample: undated }, look('Healthy', 1), once).isNews).toBe(true);
    const { message, ...wordless } = sample;
    const silent = look('Healthy', 60, { message: '' });
    expect(conclude({ status: 'Healthy', sample: wordless }, silent, once).isNews).toBe(false);
  });

  it('is a heartbeat alone while only numbers change', () => {
    expect(hour((index) => `the value ${Math.sin(index)} is below 3e-7`)).toBe(12);
  });

  it('is every look that counts, and no more of them', () => {
    expect(hour(() => 'x', { ...once, successThreshold: 3 })).toBe(3 + 11);
  });

  it('is another word for the same once a minute at most', () => {
    expect(hour((index) => 'ab'.repeat(index))).toBe(60);
  });

  it('is every change at once', () => {
    const looks = [look('Healthy', 0), look('Unhealthy', 1), look('NoData', 2), look('Healthy', 3)];
    expect(run(looks, once).writes).toBe(4);
  });
});
