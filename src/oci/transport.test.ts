import { describe, expect, it, test, vi } from 'vitest';
import { connect, failure, serve } from './testing/connect.ts';
import { startScriptedServer } from './testing/scripted-server.ts';

const found = { body: '{"tags":["1.0.0"]}' };

describe('an answer', () => {
  test.each([
    [400, 'KBK_OCI_INVALID_RESPONSE', false, 1],
    [401, 'KBK_OCI_UNAUTHORIZED', false, 1],
    [403, 'KBK_OCI_UNAUTHORIZED', false, 1],
    [404, 'KBK_OCI_NOT_FOUND', false, 1],
    [429, 'KBK_OCI_RATE_LIMITED', true, 1],
    [500, 'KBK_OCI_UNAVAILABLE', true, 2],
    [503, 'KBK_OCI_UNAVAILABLE', true, 2],
    [418, 'KBK_OCI_INVALID_RESPONSE', false, 1],
  ])('%i is %s, retryable %s, after %i requests', async (status, code, retryable, requests) => {
    const body = JSON.stringify({ errors: [{ code: 'SOME_CODE', message: 'some words' }] });
    const server = await serve(() => ({ status, body }));
    const { tags } = connect();
    const error = await failure(tags(server.host));
    expect(error).toMatchObject({ code, retryable, reference: `${server.host}/me/app`, retryAt: undefined });
    expect(String(error)).toContain(`answered ${status} (SOME_CODE: some words)`);
    expect(server.seen).toHaveLength(requests);
  });

  it('that is a reset is asked for once more', async () => {
    let requests = 0;
    const server = await serve(() => {
      requests += 1;
      return requests === 1 ? 'reset' : found;
    });
    const { tags, clock } = connect();
    expect(await tags(server.host)).toEqual(['1.0.0']);
    expect(clock.slept).toEqual([500]);
  });

  it('that never comes ends with the time-out, and not before', async () => {
    const server = await serve(() => 'silence');
    const { tags, clock } = connect({ timeout: 5000 });
    const error = failure(tags(server.host));
    await vi.waitFor(() => {
      expect(server.seen).toHaveLength(1);
    });
    clock.advance(5000);
    // The second try; the back-off has moved the clock by itself.
    await vi.waitFor(() => {
      expect(server.seen).toHaveLength(2);
    });
    clock.advance(4999);
    expect(server.seen).toHaveLength(2);
    clock.advance(1);
    expect(await error).toMatchObject({ code: 'KBK_OCI_UNAVAILABLE', message: expect.stringContaining('within 5 s') });
  });

  it('is not waited for when the caller leaves', async () => {
    const server = await serve(() => 'silence');
    const { tags } = connect();
    const leaving = new AbortController();
    const error = failure(tags(server.host, {}, leaving.signal));
    await vi.waitFor(() => {
      expect(server.seen).toHaveLength(1);
    });
    leaving.abort(new Error('shutting down'));
    expect(await error).toMatchObject({ name: 'OciError', retryable: true });
  });

  it('from nobody says so', async () => {
    const server = await startScriptedServer(() => found);
    await server[Symbol.asyncDispose]();
    const { tags } = connect();
    const error = await failure(tags(server.host));
    expect(error).toMatchObject({ code: 'KBK_OCI_UNAVAILABLE', message: expect.stringContaining('ECONNREFUSED') });
  });
});

describe('Retry-After', () => {
  it('is handed on, and nothing is asked before', async () => {
    const server = await serve(() => ({ status: 429, headers: { 'retry-after': '120' } }));
    const { tags, clock } = connect();
    const retryAt = clock.now().add({ seconds: 120 });
    expect(await failure(tags(server.host))).toMatchObject({ code: 'KBK_OCI_RATE_LIMITED', retryAt });
    clock.advance(119_999);
    expect(await failure(tags(server.host))).toMatchObject({ code: 'KBK_OCI_RATE_LIMITED', retryAt });
    expect(server.seen).toHaveLength(1);
    clock.advance(1);
    await failure(tags(server.host));
    expect(server.seen).toHaveLength(2);
  });

  it('of one access does not hold up another', async () => {
    const server = await serve(({ headers }) =>
      headers.authorization === undefined ? { status: 429, headers: { 'retry-after': '120' } } : found,
    );
    const { tags } = connect();
    await failure(tags(server.host));
    expect(await tags(server.host, { credentials: { registryToken: 'x' } })).toEqual(['1.0.0']);
  });

  it('that is short is waited for', async () => {
    let requests = 0;
    const server = await serve(() => {
      requests += 1;
      return requests === 1 ? { status: 503, headers: { 'retry-after': '2' } } : found;
    });
    const { tags, clock } = connect();
    expect(await tags(server.host)).toEqual(['1.0.0']);
    expect(clock.slept[0]).toBeGreaterThanOrEqual(2000);
  });

  test.each([
    ['Thu, 01 Jan 2026 00:01:00 GMT', '2026-01-01T00:01:00Z'],
    ['99999999999', '2026-01-01T01:00:00Z'],
    ['Thu, 01 Jan 2099 00:00:00 GMT', '2026-01-01T01:00:00Z'],
    ['soon', undefined],
  ])('%s', async (value, instant) => {
    const server = await serve(() => ({ status: 429, headers: { 'retry-after': value } }));
    const { tags } = connect();
    expect(await failure(tags(server.host))).toMatchObject({
      retryAt: instant === undefined ? undefined : Temporal.Instant.from(instant),
    });
  });
});

test('a slow registry does not hold up another one, nor more than its own requests', async () => {
  const slow = await serve(() => 'silence');
  const quick = await serve(() => found);
  const { registry, tags } = connect({ concurrencyPerHost: 2 });
  const leaving = new AbortController();
  const waiting = Array.from({ length: 10 }, (_, index) =>
    failure(registry.listTags(`${slow.host}/me/app${index}`, {}, leaving.signal)),
  );
  expect(await tags(quick.host)).toEqual(['1.0.0']);
  await vi.waitFor(() => {
    expect(slow.seen).toHaveLength(2);
  });
  leaving.abort();
  for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ name: 'OciError' });
  expect(slow.seen).toHaveLength(2);
});
