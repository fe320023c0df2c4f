/** One question to Prometheus or Alertmanager, and the JSON that it answers: whatever else comes is put in words. */
import { isRecord } from '../../api/json.ts';
import type { HttpResponse } from '../../oci/http.ts';
import type { HttpAccess } from '../http/access.ts';
import type { HttpAsker } from '../http/ask.ts';
import { cleaned } from '../http/outcome.ts';
import { withoutSecrets } from '../http/secrets.ts';

export interface PrometheusQuestion {
  /** Where the server is; its path is kept. */
  readonly server: URL;
  /** Below it, for example `/api/v1/alerts`. */
  readonly path: string;
  readonly parameters?: Readonly<Record<string, string>>;
  readonly access: HttpAccess;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Free of what `access` keeps secret. A text: what came instead of JSON, one bounded line. */
export type PrometheusAnswer = { readonly json: unknown } | string;

const longestWords = 300;

/** @throws UnansweredError; the signal's reason when it is aborted */
export async function askPrometheus(
  asker: HttpAsker,
  question: PrometheusQuestion,
  signal: AbortSignal,
): Promise<PrometheusAnswer> {
  const { access, timeout } = question;
  const response = await asker.ask({ url: addressOf(question), method: 'GET', access, timeout }, signal);
  // Before anything is cut out of it: a part of a secret is not found any more.
  const text = withoutSecrets(response.body.toString('utf8'), access.headers, question.server);
  return readAnswer(response, text);
}

/** With the path of the server, as behind `--web.route-prefix` or a proxy. */
export function addressOf({ server, path, parameters = {} }: PrometheusQuestion): URL {
  const url = new URL(server);
  url.pathname = `${url.pathname.replace(/\/+$/, '')}${path}`;
  url.hash = '';
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value);
  return url;
}

function readAnswer(response: HttpResponse, text: string): PrometheusAnswer {
  const json = parseJson(text);
  const { status } = response;
  if (status >= 200 && status < 300) {
    if (json === undefined) return `it answered ${status} with ${kindOf(response)}, not with JSON`;
    return isRecord(json) && json.status === 'error' ? wordsOf(json) : { json };
  }
  if (status === 401 || status === 403) {
    return `it answered ${status}: the Secret that secretRef names must hold what it asks for`;
  }
  // https://prometheus.io/docs/prometheus/latest/querying/api/#format-overview
  if (isRecord(json) && json.status === 'error') return wordsOf(json);
  return `it answered ${status}`;
}

function wordsOf({ errorType, error }: Record<string, unknown>): string {
  const words = [errorType, error].filter((word) => typeof word === 'string').join(': ');
  return `it says ${cleaned(words).slice(0, longestWords) || 'error'}`;
}

function kindOf(response: HttpResponse): string {
  if (response.body.length === 0) return 'nothing';
  const [type = ''] = response.headers('content-type');
  return cleaned(type.split(';', 1)[0] ?? '').slice(0, 60) || 'something else';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
