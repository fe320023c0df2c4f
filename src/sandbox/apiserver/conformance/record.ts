/**
 * Records what a real kube-apiserver answers to the table.
 * Run: `npx node src/sandbox/apiserver/conformance/record.ts <address> <token>`, where NODE_EXTRA_CA_CERTS names the
 * server's certificate; the server must be fresh.
 */
import { writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ask, type RecordedAnswer } from './ask.ts';
import { requestTable } from './table.ts';

const [base, token] = process.argv.slice(2);
if (base === undefined) throw new Error('name the address of the API server');
const answers: Record<string, RecordedAnswer> = {};
for (const row of requestTable) {
  const answer = await ask(base, row, token);
  answers[row.name] = row.codeOnly === true ? { ...answer, body: undefined } : answer;
  // A definition's resource is served a moment after the definition is answered.
  if (row.name === 'create definition') await sleep(3000);
}
writeFileSync(new URL('recorded.json', import.meta.url), `${JSON.stringify(answers, undefined, 1)}\n`);
