/**
 * `apiserver` is a Kubernetes API server in memory, good enough for real kubectl and client-go: this file starts one.
 * Requests come in by `http/`, change objects by `write/`, land in `store.ts`; `control/` does what follows by itself.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Clock, systemClock } from '../../kube/clock.ts';
import { Authorizer } from './authorization/authorizer.ts';
import type { User } from './authorization/question.ts';
import { DefinitionController } from './control/definitions.ts';
import { GarbageCollector } from './control/garbage.ts';
import { NamespaceController } from './control/namespaces.ts';
import { WorkQueue } from './control/queue.ts';
import { RoleAggregator } from './control/roles.ts';
import { inMemory, onDisk } from './disk.ts';
import type { Fault, Intercept } from './faults.ts';
import { RequestHandler } from './http/server.ts';
import { install, installDefaults } from './install.ts';
import { Registry } from './registry.ts';
import type { Core } from './write/operation.ts';

export interface ApiServerOptions {
  /** Default: the system's. */
  readonly clock?: Clock;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default `127.0.0.1`. */
  readonly host?: string;
  /** Keep everything in this directory between runs. Default: memory alone. */
  readonly dataDir?: string;
  /** CustomResourceDefinitions to install, or to bring up to date, before the first request. */
  readonly crds?: readonly unknown[];
  /** Further objects to install, or to bring up to date, before the first request: cluster-scoped ones. */
  readonly objects?: readonly unknown[];
  /** Users by bearer token; what they may do is in roles. Default: no token is asked for and everybody is an administrator. */
  readonly tokens?: Readonly<Record<string, User>>;
  /** With `tokens`: whoever comes without one is an administrator still. Default false. */
  readonly open?: boolean;
  /** Past events kept for each resource; older watches answer 410. Default 10,000. */
  readonly eventWindow?: number;
  /** Called when a request has been answered (a watch: when it has ended). */
  readonly requestLog?: (entry: RequestLogEntry) => void;
  /** Faults for tests. */
  readonly intercept?: Intercept;
  /** In [0, 1), for generated names. Default `Math.random`. */
  readonly random?: () => number;
  /** Default: random. */
  readonly uid?: () => string;
}

export interface RequestLogEntry {
  readonly method: string;
  /** With the query. */
  readonly url: string;
  readonly status: number;
  readonly userAgent: string;
}

export interface ApiServer {
  readonly url: string;
  readonly port: number;
  /** A kubeconfig (YAML) for this server. @param token one of `tokens` */
  kubeconfig(token?: string): string;
  /** Requests answered since the start, by method (`GET`, ...; a watch counts as `WATCH` when it opens). */
  readonly requests: ReadonlyMap<string, number>;
  /** Forgets past events: open watches go on, older ones and continue tokens answer 410. */
  compact(): void;
  /** Cuts every open connection, as a network or a restart would. */
  disconnect(): void;
  close(): Promise<void>;
}

/** @throws ApiFailure when one of `crds` is refused; the system's error when the port or the directory cannot be had */
export async function startApiServer(options: ApiServerOptions = {}): Promise<ApiServer> {
  const { clock = systemClock, host = '127.0.0.1', eventWindow = 10_000 } = options;
  const durable = options.dataDir === undefined ? inMemory(eventWindow) : await onDisk(options.dataDir, eventWindow);
  const core: Core = {
    store: durable.store,
    registry: new Registry(),
    clock,
    random: options.random ?? Math.random,
    uid: options.uid ?? randomUUID,
  };
  const queue = control(core);
  installDefaults(core);
  for (const object of [...(options.crds ?? []), ...(options.objects ?? [])]) install(core, object);
  await durable.flushed();

  const running = new Running(core, options, () => durable.flushed());
  await running.listen(options.port ?? 0, host);
  const port = running.port;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url,
    port,
    requests: running.requests,
    kubeconfig: (token) => kubeconfig(url, token),
    compact: () => {
      core.store.compact();
    },
    disconnect: () => {
      running.disconnect();
    },
    close: async () => {
      queue.close();
      await running.close();
      await durable.close();
    },
  };
}

/** Starts what follows writes by itself. */
function control(core: Core): WorkQueue {
  const queue = new WorkQueue();
  const definitions = new DefinitionController(core, queue);
  const garbage = new GarbageCollector(core, queue);
  const namespaces = new NamespaceController(core, queue);
  const roles = new RoleAggregator(core, queue);
  core.store.subscribe((event) => {
    definitions.observe(event);
    garbage.observe(event);
    namespaces.observe(event);
    roles.observe(event);
  });
  return queue;
}

function kubeconfig(url: string, token: string | undefined): string {
  const user = token === undefined ? '{}' : `{token: ${JSON.stringify(token)}}`;
  return [
    'apiVersion: v1',
    'kind: Config',
    'current-context: sandbox',
    // Without it the client library for JavaScript refuses to speak plain HTTP.
    `clusters: [{name: sandbox, cluster: {server: "${url}", insecure-skip-tls-verify: true}}]`,
    'contexts: [{name: sandbox, context: {cluster: sandbox, user: sandbox, namespace: default}}]',
    `users: [{name: sandbox, user: ${user}}]`,
    '',
  ].join('\n');
}

class Running {
  readonly #clock: Clock;
  readonly #options: ApiServerOptions;
  readonly #server: Server;
  readonly #handler: RequestHandler;
  readonly #watches = new Set<Disposable>();
  readonly requests = new Map<string, number>();

  constructor(core: Core, options: ApiServerOptions, flushed: () => Promise<void>) {
    this.#clock = core.clock;
    this.#options = options;
    this.#handler = new RequestHandler({
      core,
      authorizer: new Authorizer(core.store),
      flushed,
      tokens: new Map(Object.entries(options.tokens ?? {})),
      open: options.tokens === undefined || options.open === true,
      opened: (watch, response) => {
        this.#watches.add(watch);
        response.on('close', () => this.#watches.delete(watch));
      },
    });
    this.#server = createServer((request, response) => void this.#serve(request, response));
    // Watches are silent for minutes; a client's own keep-alive outlives ours.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 120_000;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  async listen(port: number, host: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, resolve);
    });
  }

  disconnect(): void {
    this.#server.closeAllConnections();
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) watch[Symbol.dispose]();
    await new Promise<void>((resolve) => {
      this.#server.close(() => {
        resolve();
      });
      this.#server.closeAllConnections();
    });
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    this.#count(request);
    response.on('close', () => {
      this.#log(request, response);
    });
    const { method = 'GET', url = '/', headers } = request;
    const fault = this.#options.intercept?.({ method, url, headers });
    if (fault !== undefined && (await this.#fail(fault, response))) return;
    await this.#handler.handle(request, response);
  }

  /** True when the request is done with. */
  async #fail(fault: Fault, response: ServerResponse): Promise<boolean> {
    if (fault.delayMs !== undefined) await this.#clock.sleep(fault.delayMs, new AbortController().signal);
    if (fault.drop === 'before') {
      response.destroy();
      return true;
    }
    if (fault.answer !== undefined) {
      const { status, headers = {}, body = '' } = fault.answer;
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(body);
      return true;
    }
    // Served as ever, but the answer never leaves.
    if (fault.drop === 'after') muffle(response);
    return false;
  }

  #count(request: IncomingMessage): void {
    const watch = /[?&]watch=(true|1)\b/.test(request.url ?? '');
    const key = watch ? 'WATCH' : (request.method ?? 'GET');
    this.requests.set(key, (this.requests.get(key) ?? 0) + 1);
  }

  #log(request: IncomingMessage, response: ServerResponse): void {
    const { method = 'GET', url = '/', headers } = request;
    const userAgent = headers['user-agent'] ?? '';
    this.#options.requestLog?.({ method, url, status: response.statusCode, userAgent });
  }
}

function muffle(response: ServerResponse): void {
  const end = (): ServerResponse => {
    response.destroy();
    return response;
  };
  response.end = end;
}
