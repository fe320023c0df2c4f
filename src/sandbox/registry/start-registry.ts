/**
 * The sandbox's OCI registry: the whole distribution specification on one port, in memory or in a directory. It stands
 * where a real registry would, for `make demo` and for tests, and any registry client can push to it.
 * https://github.com/opencontainers/distribution-spec/blob/main/spec.md
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../kube/clock.ts';
import { createBlobHandlers } from './blobs.ts';
import { createMemoryFiles, openDirectory } from './content-files.ts';
import { type Answer, type Call, json, toCall } from './exchange.ts';
import { createGuard, type RegistryCredentials } from './guard.ts';
import { createManifestHandlers } from './manifests.ts';
import { Refusal } from './refusal.ts';
import { createRoutes } from './routes.ts';
import { openStore } from './store.ts';
import { createUploads } from './uploads.ts';

/** An answer in place of the registry's own; `reset` closes the connection without one. */
type RegistryFault =
  | 'reset'
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: string };

export interface StartRegistryOptions {
  readonly clock: Clock;
  /** Default: any free one. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Everything is kept here, and found again at the next start. Default: in memory. */
  readonly dataDir?: string;
  /** Default: anybody may read and write. */
  readonly credentials?: RegistryCredentials;
  /** Asked before each request; may also keep it waiting. */
  readonly faults?: (request: {
    readonly method: string;
    readonly path: string;
    readonly userAgent: string;
  }) => RegistryFault | undefined | Promise<RegistryFault | undefined>;
  /** Called with `host/repository` after each manifest that was pushed, as a registry's webhook would be. */
  readonly onPush?: (repository: string) => void;
}

interface RequestRecord {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly status: number;
}

export interface RunningRegistry extends AsyncDisposable {
  readonly url: string;
  /** `127.0.0.1:<port>`, as it stands before a repository's name. */
  readonly host: string;
  /** The latest 10,000, oldest first. */
  readonly requests: readonly RequestRecord[];
  close(): Promise<void>;
}

const mostRecords = 10_000;
const largestBlob = 512 * 1024 * 1024;

export async function startRegistry(options: StartRegistryOptions): Promise<RunningRegistry> {
  const { clock, host = '127.0.0.1', port = 0 } = options;
  const files = options.dataDir === undefined ? createMemoryFiles() : await openDirectory(options.dataDir);
  const store = await openStore(files);
  const blobs = createBlobHandlers(store, createUploads(clock, largestBlob), largestBlob);
  const findRoute = createRoutes(blobs, createManifestHandlers(store));
  const requests: RequestRecord[] = [];
  let url = '';
  let address = '';
  const guard = options.credentials && createGuard(options.credentials, clock, () => url);

  async function answerTo(call: Call): Promise<Answer> {
    try {
      if (call.url.pathname === '/token' && guard) return await guard.issueToken(call);
      const { repository, handle } = findRoute(call.url);
      guard?.admit(call, repository);
      const answer = await handle(call);
      const isManifest = call.url.pathname.includes('/manifests/');
      if (call.method === 'PUT' && answer.status === 201 && isManifest) options.onPush?.(`${address}/${repository}`);
      return answer;
    } catch (error) {
      return refuse(error);
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const method = request.method ?? 'GET';
    const path = request.url ?? '/';
    const fault = await options.faults?.({ method, path, userAgent: request.headers['user-agent'] ?? '' });
    if (fault === 'reset') {
      request.socket.destroy();
      return;
    }
    const answer = fault
      ? { status: fault.status, ...(fault.headers && { headers: fault.headers }), body: Buffer.from(fault.body ?? '') }
      : await answerTo(toCall(request));
    requests.push({ method, path, status: answer.status });
    if (requests.length > mostRecords) requests.shift();
    const length =
      answer.status === 204 || answer.status === 304 ? {} : { 'content-length': `${answer.body?.length ?? 0}` };
    response.writeHead(answer.status, {
      'docker-distribution-api-version': 'registry/2.0',
      ...length,
      ...answer.headers,
    });
    response.end(method === 'HEAD' ? undefined : answer.body);
    // What a refused client still sends is not read into the next request.
    if (!request.complete) request.resume();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch(() => {
      // The client went away, or sent what is no HTTP.
      request.socket.destroy();
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, resolve);
  });
  const listening = server.address();
  const bound = typeof listening === 'object' && listening !== null ? listening.port : port;
  address = `${host}:${bound}`;
  url = `http://${address}`;

  async function close(): Promise<void> {
    server.closeAllConnections();
    await new Promise<void>((resolve) => {
      server.close(() => {
        resolve();
      });
    });
  }

  return { url, host: address, requests, close, [Symbol.asyncDispose]: close };
}

function refuse(error: unknown): Answer {
  if (error instanceof Refusal) {
    return json(error.status, { errors: [{ code: error.code, message: error.message }] }, error.headers);
  }
  return json(500, { errors: [{ code: 'UNKNOWN', message: error instanceof Error ? error.message : 'unknown' }] });
}
