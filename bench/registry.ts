/** Stands before a real registry, counts what it is asked for, and can make each answer wait. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Agent, request } from 'undici';

export interface RegistryCounts {
  readonly tagLists: number;
  readonly manifests: number;
  readonly others: number;
}

export interface CountingRegistry extends AsyncDisposable {
  /** `host:port`, plain HTTP. */
  readonly host: string;
  /** Of the real one, for pushing. */
  readonly upstream: string;
  /** Since the last call. */
  readonly take: () => RegistryCounts;
}

/** @param delay milliseconds added to each answer */
export async function countRequests(upstream: string, delay: number): Promise<CountingRegistry> {
  const agent = new Agent({ connections: 64 });
  const none = { tagLists: 0, manifests: 0, others: 0 };
  let counts = { ...none };

  const pass = async (asked: IncomingMessage, answer: ServerResponse): Promise<void> => {
    const { url = '/', method = 'GET', headers } = asked;
    counts[kindOf(url)] += 1;
    if (delay > 0) await sleep(delay);
    const { accept = '*/*' } = headers;
    const passed = await request(`http://${upstream}${url}`, {
      method: method === 'HEAD' ? 'HEAD' : 'GET',
      headers: { accept },
      dispatcher: agent,
    });
    answer.writeHead(passed.statusCode, passed.headers);
    answer.end(Buffer.from(await passed.body.arrayBuffer()));
  };

  const server = createServer((asked, answer) => {
    pass(asked, answer).catch((error: unknown) => {
      answer.writeHead(502).end(String(error));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    upstream,
    take: () => {
      const taken = counts;
      counts = { ...none };
      return taken;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await agent.close();
    },
  };
}

function kindOf(url: string): keyof RegistryCounts {
  if (url.includes('/tags/list')) return 'tagLists';
  return url.includes('/manifests/') ? 'manifests' : 'others';
}
