/**
 * `conformance` holds the sandbox's API server to a real one: one table of requests is put to both. Here without the real
 * one, whose answers are recorded (`record.ts`); `live.cluster.test.ts` asks it anew.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../../src/sandbox/apiserver/start.ts';
import { readRecorded } from './recorded.ts';
import { type Answer, askAll } from './session.ts';
import { requestTable } from './table/table.ts';

const recorded = readRecorded();

describe('request table', () => {
  let server: ApiServer;
  let answers: ReadonlyMap<string, Answer>;

  // Rows build upon each other, so all are asked in their order before any is judged.
  beforeAll(async () => {
    server = await startApiServer();
    answers = await askAll(server, requestTable);
  }, 300_000);
  afterAll(() => server.close());

  it('has a name of its own for every row', () => {
    expect([...recorded.keys()]).toEqual(requestTable.map((row) => row.name));
  });

  it.each(requestTable)('$name', ({ name }) => {
    expect(answers.get(name)).toEqual(recorded.get(name));
  });
});
