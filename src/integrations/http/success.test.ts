import { describe, expect, it } from 'vitest';
import { compileSuccess, type HttpAnswer, type Success } from './success.ts';

function compiled(expression?: string): Success {
  const success = compileSuccess(expression);
  return typeof success === 'string' ? expect.unreachable(success) : success;
}

function answer(status: number, body: unknown = null, isGarbage = false): HttpAnswer {
  return { status, body, isGarbage };
}

describe('without an expression', () => {
  it.each([
    [answer(200, { allowed: true }), true],
    [answer(200, {}), true],
    [answer(204), true],
    [answer(200, { allowed: false }), false],
    [answer(403, { allowed: true }), false],
    [answer(404), false],
    [answer(302), false],
    [answer(200, null, true), 'its answer is no JSON'],
    [answer(200, ['allowed']), 'its answer is no JSON object'],
    [answer(200, 'ok'), 'its answer is no JSON object'],
    [answer(200, { allowed: 'false' }), '"allowed" in its answer is neither true nor false'],
    [answer(200, { allowed: null }), '"allowed" in its answer is neither true nor false'],
  ])('%j: %s', (given, expected) => {
    expect(compiled()(given)).toBe(expected);
  });
});

describe('an expression', () => {
  it.each([
    ['status == 200 && body.state == "open"', answer(200, { state: 'open' }), true],
    ['status == 200 && body.state == "open"', answer(200, { state: 'shut' }), false],
    ['status == 200', answer(200, null, true), true],
    ['body == null || body.ok', answer(200), true],
    ['has(body.ok) && body.ok', answer(200), false],
    ['body.?freeze.orValue(false) == false', answer(200, {}), true],
    ['body.count + 1 == 3 && body.rate > 0.5 && body.count < 2.5', answer(200, { count: 2, rate: 0.75 }), true],
    ['body.items.exists(one, one.name == "go")', answer(200, { items: [{ name: 'go' }] }), true],
    ['body.ok', answer(200, { ok: 1 }), 'success is neither true nor false for its answer'],
    ['body.ok', answer(200), 'success cannot be evaluated for its answer: no such key in ok'],
  ])('%s for %j: %s', (expression, given, expected) => {
    expect(compiled(expression)(given)).toBe(expected);
  });

  it.each([
    ['status ==', 'Unexpected token: EOF'],
    ['allowed', 'Unknown variable: allowed'],
    ['status', 'it is of type int, not bool'],
    ['status == "200"', 'no such overload: int == string'],
  ])('%s is none: %s', (expression, fault) => {
    expect(compileSuccess(expression)).toBe(fault);
  });

  it('that fails says where, and nothing of the answer', () => {
    const said = compiled('duration(body.wait) > duration("1s")')(answer(200, { wait: 'hunter2secret' }));
    expect(said).toBe('success cannot be evaluated for its answer: invalid duration in duration(body.wait)');
  });

  const hundred = `[${Array.from({ length: 100 }, (_, index) => index).join(',')}]`;
  it.each([
    ['loops', ['a', 'b', 'c', 'd', 'e'].reduceRight((inner, name) => `${hundred}.all(${name}, ${inner})`, 'true'), {}],
    ['backtracks', 'body.text.matches("^(a+)+$")', { text: `${'a'.repeat(40)}b` }],
  ])('that %s for ever is ended', (_what, expression, body) => {
    expect(compiled(expression)(answer(200, body))).toBe('success takes longer than 200 ms to evaluate');
  });
});
