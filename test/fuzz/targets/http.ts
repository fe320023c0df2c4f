/** Services that gates ask: where they may be, what is sent to them, and what they answer. */
import { isRecord } from '../../../src/api/json.ts';
import { allowHostList, allowHosts, parseHostPattern } from '../../../src/integrations/http/allowed-hosts.ts';
import { outcomeOf } from '../../../src/integrations/http/outcome.ts';
import { checkHeaders, headersFrom, withoutSecrets } from '../../../src/integrations/http/secrets.ts';
import { compileSuccess } from '../../../src/integrations/http/success.ts';
import { createFakeClock } from '../../../src/kube/testing/fake-clock.ts';
import { holds, holdsPlain, jsonOf, lines, type Target } from '../engine/target.ts';
import { responseOf } from './oci.ts';

const clock = createFakeClock();

const success: Target = {
  name: 'success-cel',
  run(input) {
    const [expression = '', body = ''] = lines(input, 1);
    const compiled = compileSuccess(expression);
    if (typeof compiled === 'string') return;
    const parsed = jsonOf(body);
    const result = compiled({ status: 200, body: parsed ?? null, isGarbage: parsed === undefined });
    holds('it is an answer, or a text', typeof result === 'boolean' || typeof result === 'string');
  },
};

const standard = compileSuccess(undefined);

const outcome: Target = {
  name: 'gate-answer',
  run(input) {
    const [header = '', status = '', body = ''] = lines(input, 2);
    if (typeof standard === 'string') throw new Error(standard);
    const { retryAfter } = outcomeOf(responseOf(Number(status) || 200, header, body), standard, clock);
    if (retryAfter !== undefined) clock.now().add(retryAfter);
  },
};

const hosts: Target = {
  name: 'allowed-hosts',
  run(input) {
    const [patterns = '', text = ''] = lines(input, 1);
    const listed = patterns.split(',').flatMap((pattern) => parseHostPattern(pattern) ?? []);
    const url = URL.parse(text);
    // Other schemes are refused before.
    if (url === null || !/^https?:$/.test(url.protocol)) return;
    const [narrow, wide] = [allowHosts(listed), allowHostList({ listed, others: true })];
    const { hostname } = url;
    const isLoopback = /^127(\.\d+){3}$|^\[::1\]$|^localhost$/.test(hostname);
    if (listed.length === 0)
      holds('nobody reaches this machine', !(isLoopback && wide.allows(url)) && !narrow.allows(url));
    holds('a list that is open allows what a closed one does', !narrow.allows(url) || wide.allows(url));
    const bare = hostname.replace(/^\[(.*)\]$/, '$1');
    if (/^[\d.]+$|:/.test(bare)) wide.refusal(bare, hostname);
  },
};

const headers: Target = {
  name: 'headers',
  form: 'json',
  run(input) {
    const json = jsonOf(input);
    if (!isRecord(json)) return;
    const texts = Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const data = Object.fromEntries(texts);
    const encoded = Object.fromEntries(texts.map(([key, text]) => [key, Buffer.from(text).toString('base64')]));
    for (const [given, sent] of [
      [data, checkHeaders(data)],
      [data, headersFrom(data)],
      [encoded, headersFrom(encoded)],
    ] as const) {
      if (typeof sent === 'string') continue;
      holdsPlain(sent);
      for (const [name, value] of Object.entries(sent)) holds('no header ends early', !/[\r\n\0]/.test(name + value));
      const names = Object.keys(given).map((name) => name.toLowerCase());
      holds(
        'every header is there',
        names.every((name) => Object.hasOwn(sent, name)),
      );
      holds('and no other', Object.keys(sent).length === new Set(names).size);
      const url = new URL('https://example.com/?token=secret-word');
      const shown = withoutSecrets(`${input} secret-word`, sent, url);
      holds('no secret is in what is shown', !shown.includes('secret-word'));
      for (const value of Object.values(sent)) {
        if (value.length < 6 || value.includes('*')) continue;
        holds('no header is in what is shown', !withoutSecrets(`it says ${value}!`, sent, url).includes(value));
      }
    }
  },
};

export const httpTargets: readonly Target[] = [success, outcome, hosts, headers];
