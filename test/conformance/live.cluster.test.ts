/** A real kube-apiserver answers the table as it is recorded, and as the sandbox answers it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startApiServer } from '../../src/sandbox/apiserver/start.ts';
import { startRealServer } from './real-server.ts';
import { readRecorded } from './recorded.ts';
import { type Answer, askAll } from './session.ts';
import { requestTable } from './table/table.ts';

const recorded = readRecorded();

describe('request table, live', () => {
  const parts = new AsyncDisposableStack();
  let real: ReadonlyMap<string, Answer>;
  let sandbox: ReadonlyMap<string, Answer>;

  beforeAll(async () => {
    const { server } = parts.use(await startRealServer('conformance'));
    const own = await startApiServer();
    parts.defer(() => own.close());
    [real, sandbox] = await Promise.all([askAll(server, requestTable), askAll(own, requestTable)]);
  }, 300_000);
  afterAll(() => parts.disposeAsync());

  it.each(requestTable)('$name', ({ name }) => {
    expect(sandbox.get(name), 'the sandbox answers as the real server').toEqual(real.get(name));
    expect(recorded.get(name), 'recorded.json is up to date').toEqual(real.get(name));
  });
});
