/** What an operator does to etcd: throw its old revisions away. */
import { request } from 'undici';

/**
 * Compacts up to the present revision, through etcd's gRPC gateway: what is older can neither be listed nor watched from.
 * https://etcd.io/docs/v3.6/dev-guide/api_grpc_gateway/
 */
export async function compact(etcdUrl: string): Promise<number> {
  const ask = async (path: string, body: unknown): Promise<unknown> => {
    const answer = await request(`${etcdUrl}/v3/kv/${path}`, { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`etcd ${path}: ${answer.statusCode} ${text}`);
    return JSON.parse(text);
  };
  const { header } = (await ask('range', { key: btoa('none') })) as { header: { revision: string } };
  await ask('compaction', { revision: header.revision, physical: true });
  return Number(header.revision);
}
