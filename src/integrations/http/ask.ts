/** One question to a service: bounded in time, in size, in where it may lead and in how many there are at once. */
import type { Clock } from '../../kube/clock.ts';
import { startDeadline } from '../../oci/deadline.ts';
import { createHostLimit } from '../../oci/host-limit.ts';
import { createHttp, type HttpResponse } from '../../oci/http.ts';
import type { Access } from '../../oci/registry.ts';
import type { HttpAccess } from './access.ts';
import { type AllowedHosts, guardedLookup } from './allowed-hosts.ts';
import { UnansweredError, unanswered } from './unanswered.ts';

export interface Question {
  readonly url: URL;
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT';
  readonly access: HttpAccess;
  /** JSON, unless the header `content-type` says otherwise. */
  readonly body?: Uint8Array | string;
  /** Statuses that are an answer as they stand, although they redirect. Default: none. */
  readonly finalStatuses?: readonly number[];
  /** Milliseconds from the first byte sent to the last one read, redirects included. */
  readonly timeout: number;
}

export interface HttpAskerOptions {
  readonly clock: Clock;
  readonly hosts: AllowedHosts;
  /** Questions on their way to all hosts together. Default 64. */
  readonly atOnce?: number;
}

export interface HttpAsker {
  /** @throws UnansweredError, whose message is for people; the signal's reason when it is aborted */
  ask(question: Question, signal: AbortSignal): Promise<HttpResponse>;
  /** Ends what is on its way. */
  close(): Promise<void>;
}

const largestAnswer = 1024 * 1024;
const mostRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
// A host that answers slowly fills its own places and nobody else's.
const atOncePerHost = 4;
const longestQueue = 10_000;
const standardHeaders: HttpAccess['headers'] = { accept: 'application/json, */*;q=0.5' };
const contentHeaders: HttpAccess['headers'] = { ...standardHeaders, 'content-type': 'application/json' };

export function createHttpAsker({ clock, hosts, atOnce = 64 }: HttpAskerOptions): HttpAsker {
  const perHost = createHostLimit(atOncePerHost, longestQueue);
  const overall = createHostLimit(atOnce, longestQueue);
  const http = createHttp({
    clock,
    concurrencyPerHost: atOncePerHost,
    dispatcherOptions: { connect: { lookup: guardedLookup(hosts) } },
  });
  let closed: Promise<void> | undefined;

  async function follow(question: Question, signal: AbortSignal): Promise<HttpResponse> {
    const { access, timeout, finalStatuses = [] } = question;
    const trust = trustOf(access);
    let { method, url, body } = question;
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const headers = { ...(body === undefined ? standardHeaders : contentHeaders), ...access.headers };
      const sent = { method, url, headers, timeout, ...(body !== undefined && { body: Buffer.from(body) }) };
      const response = await http.exchange({ ...sent, maxBytes: largestAnswer }, trust, signal);
      if (!redirects.has(response.status) || finalStatuses.includes(response.status)) return response;
      if (response.status === 303) {
        method = method === 'HEAD' ? 'HEAD' : 'GET';
        body = undefined;
      }
      url = redirectedTo(response, url, hosts);
    }
    throw new UnansweredError('redirect', `it redirects more than ${mostRedirects} times`);
  }

  return {
    async ask(question, signal) {
      using held = new DisposableStack();
      try {
        held.use(await perHost.enter(question.url.host, signal));
        held.use(await overall.enter('', signal));
      } catch (error) {
        signal.throwIfAborted();
        throw unanswered(error, 'queue');
      }
      try {
        const deadline = held.use(startDeadline(clock, question.timeout, signal));
        return await follow(question, deadline.signal);
      } catch (error) {
        signal.throwIfAborted();
        throw unanswered(error);
      }
    },
    close: () => (closed ??= http.close()),
  };
}

function trustOf({ authority, certificate }: HttpAccess): Access {
  return {
    ...(authority !== undefined && { certificateAuthority: authority }),
    ...(certificate && { clientCertificate: { certificate: certificate.chain, key: certificate.key } }),
  };
}

/** Headers are credentials more often than not: nobody but who is named in the spec gets them. */
function redirectedTo(response: HttpResponse, from: URL, hosts: AllowedHosts): URL {
  const [location] = response.headers('location');
  const url = location === undefined ? null : URL.parse(location, from);
  if (url === null) throw new UnansweredError('redirect', 'it redirects without saying where');
  if (url.origin === from.origin && hosts.allows(url)) return url;
  throw new UnansweredError(
    'redirect',
    `it redirects to ${url.origin}, and another host or scheme is never followed: name it in url`,
  );
}
