/** What a real kube-apiserver answered to the table (`record.ts`) is what ours answers. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ApiServer, startApiServer } from '../start.ts';
import { ask, type RecordedAnswer } from './ask.ts';
import { requestTable } from './table.ts';

const recorded = JSON.parse(readFileSync(new URL('recorded.json', import.meta.url), 'utf8')) as Record<
  string,
  RecordedAnswer
>;

describe('request table', () => {
  let server: ApiServer;
  const answers = new Map<string, RecordedAnswer>();

  // Rows build upon each other, so all are asked in their order before any is judged.
  beforeAll(async () => {
    server = await startApiServer();
    for (const row of requestTable) answers.set(row.name, await ask(server.url, row, undefined));
  });
  afterAll(() => server.close());

  it('has a name of its own for every row', () => {
    expect(new Set(requestTable.map((row) => row.name)).size).toBe(requestTable.length);
    expect(Object.keys(recorded)).toEqual(requestTable.map((row) => row.name));
  });

  it.each(requestTable)('$name', (row) => {
    const ours = answers.get(row.name);
    const real = recorded[row.name];
    if (row.codeOnly === true) expect(ours?.code).toBe(real?.code);
    else expect(ours).toEqual(real);
  });
});
