/**
 * A service that repeats what it was sent, in every way that comes to mind: gates, probes and Prometheus ask it at
 * `/<anything>/<mode>`, and as a registry it stands before a real one. It remembers what it has seen, so that a test can
 * tell that a secret was really sent.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { request as ask } from 'undici';

type Answer = (echo: string, response: ServerResponse, elsewhere: string) => void;

function json(status: number, body: (echo: string) => unknown): Answer {
  return (echo, response) => {
    response.writeHead(status, {
      'content-type': 'application/json',
      'x-echo': encodeURIComponent(echo).slice(0, 4000),
    });
    response.end(JSON.stringify(body(echo)));
  };
}

const said = (echo: string) => ({
  allowed: false,
  message: echo,
  error: echo,
  errors: [{ code: 'DENIED', message: echo }],
});
/** So that a message which is cut first, and then looked through, keeps a half of what it was sent. */
const straddles = (cut: number): Answer =>
  json(403, (echo) => said(`${'.'.repeat(cut - 24)}${echo.slice(echo.indexOf(' ') + 1)}`));

const answers: Readonly<Record<string, Answer>> = {
  ok: json(200, () => ({ allowed: true, ready: true, status: 'success', data: { alerts: [] } })),
  refuses: json(200, said),
  unauthorized: json(401, said),
  forbidden: json(403, said),
  broken: json(500, said),
  teapot: json(418, said),
  'cut-at-200': straddles(200),
  'cut-at-300': straddles(300),
  'cut-at-512': straddles(512),
  /** What Prometheus says of a query, of alerts, of values. */
  prometheus: json(400, (echo) => ({ status: 'error', errorType: echo, error: echo })),
  alerts: json(200, (echo) => ({
    status: 'success',
    data: { alerts: [{ labels: { alertname: echo, app: echo }, annotations: {}, state: 'firing', value: '1' }] },
  })),
  values: json(200, (echo) => ({
    status: 'success',
    data: { resultType: 'vector', result: [{ metric: { __name__: echo, app: echo }, value: [1, '9'] }] },
  })),
  text: (echo, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end(echo),
  redirects: (echo, response, elsewhere) =>
    response.writeHead(302, { location: `${elsewhere}/forbidden?stolen=${encodeURIComponent(echo)}` }).end(),
  'redirects-as-user': (echo, response, elsewhere) =>
    response.writeHead(307, { location: elsewhere.replace('//', `//${encodeURIComponent(echo)}@`) }).end(),
  'redirects-here': (echo, response) =>
    response.writeHead(302, { location: `/forbidden?stolen=${encodeURIComponent(echo)}` }).end(),
  hangs: () => undefined,
  resets: (_echo, response) => response.destroy(),
  cut: (echo, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100000' });
    response.write(JSON.stringify(said(echo)).slice(0, -5), () => response.destroy());
  },
  huge: (echo, response) => response.end(echo.repeat(Math.ceil((1.5 * 1024 * 1024) / echo.length))),
};

export const modes: readonly string[] = Object.keys(answers);

export class HostileService implements AsyncDisposable {
  /** Everything that it was sent, by the path of the question. */
  readonly received = new Map<string, string>();
  /** What its token endpoint issues. */
  token = 'none';
  readonly #registry: string;
  readonly #server: Server;
  /** Where redirects lead. */
  readonly #elsewhere: Server;

  private constructor(registry: string) {
    this.#registry = registry;
    const listener = (request: IncomingMessage, response: ServerResponse): void => {
      this.#serve(request, response).catch(() => response.destroy());
    };
    this.#server = createServer(listener);
    this.#elsewhere = createServer(listener);
  }

  /** @param registry `host:port` of the one behind it */
  static async start(registry: string): Promise<HostileService> {
    const service = new HostileService(registry);
    for (const server of [service.#server, service.#elsewhere]) {
      await new Promise<void>((resolve) => {
        server.listen(0, '127.0.0.1', resolve);
      });
    }
    return service;
  }

  get host(): string {
    return `127.0.0.1:${portOf(this.#server)}`;
  }

  url(path: string): string {
    return `http://${this.host}/${path}`;
  }

  /** What came to any path that begins so. */
  sentTo(path: string): string {
    return [...this.received].flatMap(([at, sent]) => (at.startsWith(`/${path}`) ? [sent] : [])).join('\n');
  }

  async #serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? '/', 'http://service');
    const { authorization = '', 'user-agent': agent = '' } = request.headers;
    const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString();
    const sent = [authorization, decoded, JSON.stringify(request.headers), request.url, body].join(' ');
    const isRegistry = url.pathname.startsWith('/v2/');
    if (isRegistry && !agent.startsWith('kuberik')) {
      await this.#pass(url, request, response);
      return;
    }
    this.received.set(url.pathname, `${this.received.get(url.pathname) ?? ''}\n${sent}`);
    const mode = url.pathname.split('/').findLast((part) => part in answers) ?? 'ok';
    if (url.pathname.startsWith('/issue/')) {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify({ token: this.token, expires_in: 600 }));
      return;
    }
    if (isRegistry && authorization === '') {
      this.#challenge(url, response);
      return;
    }
    if (isRegistry && mode === 'ok') {
      await this.#pass(url, request, response);
      return;
    }
    const credential = authorization.replace(/^\S+ /, '');
    const password = decoded.replace(/^[^:]*:/, '');
    const others = [credential, password, JSON.stringify(request.headers), url.search].flatMap((text) => [
      ...[text, JSON.stringify(text), encodeURIComponent(text), Buffer.from(text).toString('base64')],
    ]);
    answers[mode]?.(
      `you-are ${credential} ${others.join(', ')}: ${sent}`,
      response,
      `http://localhost:${portOf(this.#elsewhere)}`,
    );
  }

  /** `/v2/<namespace>/<how it challenges>/<mode>/…` */
  #challenge({ pathname }: URL, response: ServerResponse): void {
    const [, , , how = '', mode = ''] = pathname.split('/');
    const realm = how === 'refused' ? this.url(`tokens/${mode}`) : this.url(`issue/${mode}`);
    const challenge = how === 'basic' ? 'Basic realm="here"' : `Bearer realm="${realm}",service="here"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end('{}');
  }

  /** Without what it was shown, to the repository `<namespace>/app`. */
  async #pass({ pathname, search }: URL, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathname.replace(/^(\/v2\/[^/]+\/)[^/]+\/[^/]+\//, '$1app/');
    const { accept } = request.headers;
    const answer = await ask(`http://${this.#registry}${path}${search}`, {
      method: request.method === 'HEAD' ? 'HEAD' : 'GET',
      headers: accept === undefined ? {} : { accept },
    });
    const headers = Object.entries(answer.headers).filter(([name]) => !/^(connection|transfer-encoding)$/.test(name));
    response.writeHead(answer.statusCode, Object.fromEntries(headers) as Record<string, string>);
    response.end(Buffer.from(await answer.body.arrayBuffer()));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const server of [this.#server, this.#elsewhere]) {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    }
  }
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
