/** One question to a service: bounded in time, in size, in where it may lead and in how many there are at once. */
import type { GateHttp } from '../../api/rollout-gate.ts';
import type { Clock } from '../../kube/clock.ts';
import { startDeadline } from '../../oci/deadline.ts';
import { errorCode } from '../../oci/fault.ts';
import { createHostLimit } from '../../oci/host-limit.ts';
import { createHttp, type HttpResponse, TooLargeError } from '../../oci/http.ts';
import { type AllowedHosts, guardedLookup } from './allowed-hosts.ts';

export interface Question {
  readonly url: URL;
  readonly method: NonNullable<GateHttp['method']>;
  /** Sent as JSON, or in the query of a GET. */
  readonly fields: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
  /** PEM. Absent: the system's. */
  readonly authority?: string;
  /** Milliseconds from the first byte sent to the last one read, redirects included. */
  readonly timeout: number;
}

export interface HttpAskerOptions {
  readonly clock: Clock;
  readonly hosts: AllowedHosts;
}

export interface HttpAsker {
  /** @throws UnansweredError, whose message is for people; the signal's reason when it is aborted */
  ask(question: Question, signal: AbortSignal): Promise<HttpResponse>;
  /** Ends what is on its way. */
  close(): Promise<void>;
}

/** There is no answer to speak of. */
export class UnansweredError extends Error {
  override readonly name = 'UnansweredError';
}

const largestAnswer = 1024 * 1024;
const mostRedirects = 3;
const redirects = new Set([301, 302, 303, 307, 308]);
// A host that answers slowly fills its own places and nobody else's.
const atOncePerHost = 4;
const atOnce = 64;
const longestQueue = 10_000;

export function createHttpAsker({ clock, hosts }: HttpAskerOptions): HttpAsker {
  const perHost = createHostLimit(atOncePerHost, longestQueue);
  const overall = createHostLimit(atOnce, longestQueue);
  const http = createHttp({
    clock,
    concurrencyPerHost: atOncePerHost,
    dispatcherOptions: { connect: { lookup: guardedLookup(hosts) } },
  });

  async function follow(question: Question, signal: AbortSignal): Promise<HttpResponse> {
    let { method } = question;
    let url = method === 'GET' ? withQuery(question) : question.url;
    const access = question.authority === undefined ? {} : { certificateAuthority: question.authority };
    for (let hop = 0; hop <= mostRedirects; hop++) {
      const headers = { accept: 'application/json', ...question.headers };
      const sent =
        method === 'GET'
          ? { method, url, headers }
          : { method, url, headers: { 'content-type': 'application/json', ...headers }, body: bodyOf(question) };
      const { timeout } = question;
      const response = await http.exchange({ ...sent, timeout, maxBytes: largestAnswer }, access, signal);
      if (!redirects.has(response.status)) return response;
      if (response.status === 303) method = 'GET';
      url = redirectedTo(response, url, hosts);
    }
    throw new UnansweredError(`it redirects more than ${mostRedirects} times`);
  }

  return {
    async ask(question, signal) {
      using held = new DisposableStack();
      try {
        held.use(await perHost.enter(question.url.host, signal));
        held.use(await overall.enter('', signal));
        const deadline = held.use(startDeadline(clock, question.timeout, signal));
        return await follow(question, deadline.signal);
      } catch (error) {
        signal.throwIfAborted();
        throw error instanceof UnansweredError ? error : new UnansweredError(faultOf(error), { cause: error });
      }
    },
    close: () => http.close(),
  };
}

/** Headers are credentials more often than not: nobody but who is named in the spec gets them. */
function redirectedTo(response: HttpResponse, from: URL, hosts: AllowedHosts): URL {
  const [location] = response.headers('location');
  const url = location === undefined ? null : URL.parse(location, from);
  if (url === null) throw new UnansweredError('it redirects without saying where');
  if (url.origin === from.origin && hosts.allows(url)) return url;
  throw new UnansweredError(
    `it redirects to ${url.origin}, and another host or scheme is never followed: name it in url`,
  );
}

function withQuery({ url, fields }: Question): URL {
  const asked = new URL(url);
  for (const [name, value] of Object.entries(fields)) asked.searchParams.set(name, value);
  return asked;
}

function bodyOf({ fields }: Question): Buffer {
  return Buffer.from(JSON.stringify(fields));
}

function faultOf(error: unknown): string {
  if (error instanceof TooLargeError) return error.message;
  if (!(error instanceof Error)) return 'unknown failure';
  const code = errorCode(error);
  const message = error.message.slice(0, 200);
  // The codes of the library say what its messages say.
  if (code === undefined || code.startsWith('UND_ERR_') || message.includes(code)) return message;
  return `${code} ${message}`.trim();
}
