/** Writes down what a real kube-apiserver answers to the table. Run: `npx node test/conformance/record.ts` */
import { startRealServer } from './real-server.ts';
import { writeRecorded } from './recorded.ts';
import { askAll } from './session.ts';
import { requestTable } from './table/table.ts';

await using real = await startRealServer('conformance-record');
writeRecorded(await askAll(real.server, requestTable));
