import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onLeash, TooSlowError } from '../http/leash.ts';
import { canonicalMatchers, type LabelMatcher, matchesAll, parseMatchers } from './matchers.ts';

function parsed(text: string): readonly LabelMatcher[] {
  const matchers = parseMatchers(text);
  if (typeof matchers === 'string') throw new Error(matchers);
  return matchers;
}

describe('what is written', () => {
  test.each([
    ['', ''],
    ['  ', ''],
    ['{}', ''],
    ['app=my-app,severity=critical', 'app="my-app",severity="critical"'],
    [' app = my-app , severity = critical ', 'app="my-app",severity="critical"'],
    ['{app="my-app",severity="critical",}', 'app="my-app",severity="critical"'],
    ['severity=~"critical|page"', 'severity=~"critical|page"'],
    ['severity=~critical|page', 'severity=~"critical|page"'],
    ['team!="web, api"', 'team!="web, api"'],
    ['a!~"x{1,2}"', 'a!~"x{1,2}"'],
    ['a=', 'a=""'],
    ['a=""', 'a=""'],
    ['a="say \\"hi\\", \\\\o/"', 'a="say \\"hi\\", \\\\o/"'],
    ['a="two\\nlines"', 'a="two\\nlines"'],
    ['a="5\\", wide",b=1', 'a="5\\", wide",b="1"'],
    ['a=~"\\d+"', 'a=~"\\\\d+"'],
    ['b=1,a=2,b=1', 'a="2",b="1"'],
    ['job:rule=x', 'job:rule="x"'],
  ])('%s', (text, canonical) => {
    expect(canonicalMatchers(parsed(text))).toBe(canonical);
  });
});

describe('what cannot be read is named, with what is wrong and an example', () => {
  test.each([
    ['severity', '"severity" is no matcher, the label severity is not followed by =, !=, =~ or !~'],
    ['a=b,,c=d', '"" is no matcher, there is nothing between two commas'],
    [',', '"" is no matcher, there is nothing between two commas'],
    ['=x', '"=x" is no matcher, it has no name of a label'],
    ['a=b,9=x', '"9=x" is no matcher, it has no name of a label'],
    ['a-b=x', '"a-b=x" is no matcher, the label a is not followed by'],
    ['a==x', 'a value that begins with = must be in double quotes'],
    ['a="x', '"a="x" is no matcher, its quote does not end'],
    ['a="x"y', 'there is something after its quote, where a comma is missing'],
    ["a='x'", 'a value with quotes in it must be in double quotes'],
    ['a=~"("', 'its regular expression cannot be read (error parsing regexp: missing closing ): `(`)'],
    ['a=~"x)|(y"', 'its regular expression cannot be read'],
    ['a=~"(?=x)"', 'its regular expression cannot be read'],
    [`a=~"${'x'.repeat(1001)}"`, 'its regular expression is longer than 1000 characters'],
  ])('%s', (text, fault) => {
    const said = parseMatchers(text);
    expect(said).toContain(fault);
    expect(said).toMatch(/: write for example app=my-app,severity=~"critical\|page"$/);
  });
});

describe('what matches', () => {
  const labels = { alertname: 'Errors', app: 'my-app', severity: 'critical', note: 'two\nlines' };
  test.each([
    ['', true],
    ['app=my-app,severity=critical', true],
    ['app=my-app,severity=page', false],
    ['app=my', false],
    ['app!=my-app', false],
    ['app!=other', true],
    ['severity=~"critical|page"', true],
    ['severity=~"crit"', false],
    ['severity=~"crit.*"', true],
    ['severity=~"page|crit"', false],
    ['severity!~"crit"', true],
    ['severity!~"critical|page"', false],
    ['severity=~"(?i)CRITICAL"', true],
    ['absent=', true],
    ['absent!=""', false],
    ['absent=~".*"', true],
    ['absent=~".+"', false],
    ['absent!~".+"', true],
    ['note="two\\nlines"', true],
    // A name that every object has is no label.
    ['constructor=', true],
    ['toString=~".+"', false],
  ])('%s: %s', (text, expected) => {
    expect(matchesAll(parsed(text), labels)).toBe(expected);
  });
});

test('any value is matched by itself in quotes, and by nothing else', () => {
  const quoted = (value: string): string =>
    `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
  const text = fc.string({ unit: fc.oneof(fc.constantFrom('"', '\\', ',', '\n'), fc.string({ unit: 'binary' })) });
  fc.assert(
    fc.property(text, text, (value, other) => {
      const [equal, unequal] = parsed(`a=${quoted(value)},b!=${quoted(value)}`);
      expect(equal?.value).toBe(value);
      expect(equal?.matches(other)).toBe(value === other);
      expect(unequal?.matches(other)).toBe(value !== other);
    }),
  );
});

test('whatever is written is matchers or a fault', () => {
  const piece = fc.constantFrom('a', '=', '!', '~', '"', '\\', ',', '{', '}', ' ', '(', '.*', "'", '\n', 'app=x');
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const matchers = parseMatchers(pieces.join(''));
      if (typeof matchers === 'string') return;
      // What was understood is understood again as the same.
      expect(canonicalMatchers(parsed(canonicalMatchers(matchers)))).toBe(canonicalMatchers(matchers));
    }),
  );
});

test('nobody holds up the controller with a regular expression', () => {
  const matchers = parsed('a=~"((((x{0,10}){0,10}){0,10})){0,1}"');
  const texts = Array.from({ length: 1000 }, (_, index) => `${'x'.repeat(20_000)}${index}`);
  const started = performance.now();
  expect(() => onLeash(50, () => texts.filter((a) => matchesAll(matchers, { a })))).toThrow(TooSlowError);
  expect(performance.now() - started).toBeLessThan(5_000);
});

test('what runs on the leash gives what it gives, and throws what it throws', () => {
  expect(onLeash(1_000, () => [1, 2])).toEqual([1, 2]);
  expect(() =>
    onLeash(1_000, () => {
      throw new RangeError('of its own');
    }),
  ).toThrow(new RangeError('of its own'));
});
