/**
 * `http` is the API server as clients see it: requests read, answers and watches written. Here: which handler a request
 * goes to.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { actingUser } from '../authorization/impersonation.ts';
import { AUTHENTICATED, MASTERS, type User, withKnownGroups } from '../authorization/question.ts';
import { refusal } from '../authorization/refusal.ts';
import { questionOf } from '../authorization/request.ts';
import { aggregated, coreVersions, groupList, oneGroup, resourceList } from '../discovery/discovery.ts';
import { OpenApi } from '../discovery/openapi.ts';
import { answerReview, findReview, reviewKinds } from '../discovery/reviews.ts';
import { badRequest, methodNotAllowed, noSuchResource, PageNotFound, unauthorized } from '../errors.ts';
import { sendFailure, sendJson, sendObject, sendText } from './answer.ts';
import type { ResourceServices } from './exchange.ts';
import { mediaType, readBody, readObject, resourcePath } from './request.ts';
import { serveResource } from './resources.ts';

export interface HandlerOptions extends ResourceServices {
  /** By bearer token. */
  readonly tokens: ReadonlyMap<string, User>;
  /** Whether a request without a token is an administrator's, rather than refused. */
  readonly open: boolean;
}

const administrator: User = { username: 'kubernetes-admin', groups: [MASTERS, AUTHENTICATED] };

const version = {
  major: '1',
  minor: '35',
  emulationMajor: '1',
  emulationMinor: '35',
  minCompatibilityMajor: '1',
  minCompatibilityMinor: '34',
  gitVersion: 'v1.35.1',
  gitCommit: '',
  gitTreeState: 'clean',
  buildDate: '1970-01-01T00:00:00Z',
  goVersion: 'none',
  compiler: 'none',
  platform: 'sandbox/none',
};

const aggregatedType = 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList';

export class RequestHandler {
  readonly #options: HandlerOptions;
  readonly #openApi: OpenApi;

  constructor(options: HandlerOptions) {
    this.#options = options;
    this.#openApi = new OpenApi(options.core.registry);
  }

  async handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await this.#route(request, response);
    } catch (error) {
      sendFailure(response, error);
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = URL.parse(request.url ?? '/', 'http://server');
    if (url === null) throw badRequest('the path is none of a URL');
    const path = url.pathname.length > 1 ? url.pathname.replace(/\/+$/, '') : url.pathname;
    const user = this.#authorized(request, path, url.searchParams);
    if (this.#plain(request, response, path)) return;
    const found = resourcePath(path);
    if (found === undefined) throw new PageNotFound();
    const { registry } = this.#options.core;
    if (found.plural === '') {
      const list = resourceList(registry, found.group, found.version);
      if (list !== undefined) {
        sendObject(response, 200, list, false);
        return;
      }
      throw this.#unknown(found.group);
    }
    const review = findReview(found.group, found.version, found.plural);
    if (review !== undefined) {
      if (request.method !== 'POST') throw methodNotAllowed();
      const body = readObject(request.headers['content-type'], await readBody(request), review.kind).value;
      sendObject(response, 201, answerReview(this.#options.authorizer, review, body, user), false);
      return;
    }
    const target = registry.find(found.group, found.version, found.plural);
    if (target === undefined) {
      throw this.#unknown(found.group);
    }
    const exchange = { request, response, path: found, query: url.searchParams, user };
    await serveResource(this.#options, exchange, target);
  }

  #unknown(group: string): Error {
    const { registry } = this.#options.core;
    const builtIn =
      group === '' || registry.all().some((type) => type.group === group && type.definition === undefined);
    return builtIn || reviewKinds.some((kind) => kind.group === group) ? noSuchResource() : new PageNotFound();
  }

  /** Paths that are not resources. */
  #plain(request: IncomingMessage, response: ServerResponse, path: string): boolean {
    const { registry } = this.#options.core;
    if (['/healthz', '/livez', '/readyz'].includes(path)) sendText(response, 200, 'ok');
    else if (path === '/version') sendObject(response, 200, version, false);
    else if (path === '/api' || path === '/apis') this.#roots(request, response, path === '/api');
    else if (path === '/openapi/v3')
      sendJson(response, 200, this.#openApi.index(), { 'content-type': 'text/plain; charset=utf-8' });
    else if (path === '/openapi/v2') this.#openApiV2(request, response);
    else if (path.startsWith('/openapi/v3/')) this.#openApiV3(response, path.slice('/openapi/v3/'.length));
    else if (path === '/')
      sendObject(
        response,
        200,
        { paths: ['/api', '/apis', '/healthz', '/openapi/v2', '/openapi/v3', '/version'] },
        false,
      );
    else {
      const group = /^\/apis\/([^/]+)$/.exec(path)?.[1];
      const found = group === undefined ? undefined : oneGroup(registry, group);
      if (found === undefined) return false;
      sendObject(response, 200, found, false);
    }
    return true;
  }

  #roots(request: IncomingMessage, response: ServerResponse, core: boolean): void {
    const { registry } = this.#options.core;
    if (wantsAggregated(request.headers.accept)) {
      sendJson(response, 200, JSON.stringify(aggregated(registry, core)), { 'content-type': aggregatedType });
      return;
    }
    sendObject(response, 200, core ? coreVersions(request.headers.host ?? '') : groupList(registry), false);
  }

  #openApiV2(request: IncomingMessage, response: ServerResponse): void {
    const accept = request.headers.accept ?? '*/*';
    const json = accept
      .split(',')
      .some((range) => ['application/json', '*/*', 'application/*'].includes(mediaType(range)));
    if (!json) {
      sendText(response, 406, '');
      return;
    }
    sendJson(response, 200, this.#openApi.v2());
  }

  #openApiV3(response: ServerResponse, path: string): void {
    const document = this.#openApi.v3(path);
    if (document === undefined) {
      sendText(response, 404, '404 page not found\n');
      return;
    }
    sendJson(response, 200, document);
  }

  /** Who the request is made as. @throws ApiFailure 401, 403 */
  #authorized(request: IncomingMessage, path: string, query: URLSearchParams): User {
    const { authorizer } = this.#options;
    const user = actingUser(authorizer, request, this.#user(request));
    const question = questionOf(request, path, query);
    const verdict = authorizer.authorize(user, question);
    if (!verdict.allowed) throw refusal(user, question, verdict);
    return user;
  }

  #user(request: IncomingMessage): User {
    const { tokens, open } = this.#options;
    const { authorization } = request.headers;
    if (open && (authorization === undefined || tokens.size === 0)) return administrator;
    const user = tokens.get(/^Bearer (.+)$/.exec(authorization ?? '')?.[1] ?? '');
    if (user === undefined) throw unauthorized();
    return withKnownGroups(user);
  }
}

function wantsAggregated(accept: string | undefined): boolean {
  const first = (accept ?? '').split(',')[0]?.replaceAll(' ', '') ?? '';
  return (
    (first.includes('g=apidiscovery.k8s.io') && first.includes('v=v2;')) ||
    /g=apidiscovery\.k8s\.io;v=v2(;|$)/.test(first)
  );
}
