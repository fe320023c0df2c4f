/** What people write into the options of gates and health checks, into the Secrets that these name, and what becomes of both. */
import { isDeepStrictEqual } from 'node:util';
import { InvalidObjectError } from '../../../src/api/errors.ts';
import { HealthCheck } from '../../../src/api/health-check.ts';
import { isRecord } from '../../../src/api/json.ts';
import { Rollout } from '../../../src/api/rollout.ts';
import { RolloutGate } from '../../../src/api/rollout-gate.ts';
import { healthCheckOf } from '../../../src/controllers/datadog/health-check-of.ts';
import { httpSampler } from '../../../src/controllers/health-check/http/http-sampler.ts';
import { jobOf } from '../../../src/controllers/health-check/job/job-of.ts';
import { runFor } from '../../../src/controllers/health-check/job/run.ts';
import { kustomizationOf } from '../../../src/controllers/health-check/kustomization/reference.ts';
import { prometheusAlertSampler } from '../../../src/controllers/health-check/prometheus/alert-sampler.ts';
import { prometheusQuerySampler } from '../../../src/controllers/health-check/prometheus/query-sampler.ts';
import { readSettings } from '../../../src/controllers/health-check/sampled/settings.ts';
import { DatadogMonitor } from '../../../src/integrations/datadog/monitor.ts';
import { allowHostList, allowHosts, parseHostPattern } from '../../../src/integrations/http/allowed-hosts.ts';
import type { HttpAsker } from '../../../src/integrations/http/ask.ts';
import { withFields } from '../../../src/integrations/http/fields.ts';
import { accessFrom, authorityFrom } from '../../../src/integrations/http/secrets.ts';
import { boundedWait, readSettings as readGate } from '../../../src/integrations/http/settings.ts';
import { redacted } from '../../../src/oci/redact.ts';
import { holds, holdsPlain, jsonOf, lines, type Target } from '../engine/target.ts';

const isInvalidObject = (error: unknown): boolean => error instanceof InvalidObjectError;

/** Reading options asks nobody. */
const nobody: HttpAsker = { ask: () => Promise.reject(new Error('nobody is asked')), close: () => Promise.resolve() };
const samplers = [httpSampler(nobody), prometheusAlertSampler(nobody), prometheusQuerySampler(nobody)];
const listed = ['api.example.com', '*.example.com:8443', '127.0.0.1'].flatMap((text) => parseHostPattern(text) ?? []);
const hosts = allowHostList({ listed, others: true });

/** What stands between `//` and `@` of any text in it is a credential. */
function holdsQuiet(message: string, ...urls: readonly (string | undefined)[]): void {
  for (const text of urls) {
    const { password = '' } = URL.parse(text ?? '') ?? {};
    // Shorter ones are words like any other.
    if (password.length >= 12) holds('no password of a URL is in a message', !message.includes(password));
  }
}

const rollouts = [
  Rollout.parse({
    apiVersion: 'kuberik.com/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'app', namespace: 'team', uid: 'uid' },
    spec: { releasesImagePolicy: { name: 'app' } },
    status: {
      history: [{ id: 1, version: { tag: 'v1.0.0' }, timestamp: '2026-11-21T12:00:00Z', bakeStatus: 'Deploying' }],
    },
  }),
];

const checks: Target = {
  name: 'health-check-options',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const check = HealthCheck.parse(jsonOf(input));
    const { spec } = check;
    const before = JSON.stringify(check);
    for (const sampler of samplers) {
      const settings = readSettings(sampler, hosts, check);
      const urls = [spec.http?.url, spec.prometheusAlert?.url, spec.prometheusQuery?.url];
      if ('reason' in settings) {
        holdsQuiet(settings.message, ...urls);
        continue;
      }
      const { sampling, options } = settings;
      holds('it asks by HTTP, and shows no credentials of a URL', /^https?:\/\/[^@/]+\//.test(sampling.url.href));
      holds('an answer has its time', options.timeout > 0 && options.timeout <= 60_000);
      holds('nobody is asked more than once a second', options.interval.total('seconds') >= 1);
    }
    const kustomization = kustomizationOf(check);
    if (typeof kustomization !== 'string' && 'name' in kustomization)
      holds('a name is a text', typeof kustomization.name === 'string');
    const run = runFor(check, rollouts);
    // The API server has no other names.
    const isNamed = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/.test(check.metadata.name);
    if (run !== undefined && spec.job !== undefined && isNamed) {
      const job = jobOf(check, spec.job, run);
      const name = job.metadata.name;
      holds(
        'a Job has a name that its pods can have as a label',
        /^[a-z0-9A-Z]([\w-]*[a-z0-9A-Z])?$/.test(name) && name.length <= 63,
      );
      holdsPlain(job);
      holds('its own Job is the same each time', isDeepStrictEqual(jobOf(check, spec.job, run), job));
    }
    holds('what is read is not changed', JSON.stringify(check) === before);
  },
};

const strict = allowHosts(listed);

const gates: Target = {
  name: 'gate-options',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const { http } = RolloutGate.parse(jsonOf(input)).spec;
    if (http === undefined) return;
    const settings = readGate(http, strict);
    if ('reason' in settings) {
      holdsQuiet(settings.message, http.url);
      return;
    }
    const { url, where, timeout, interval, method } = settings;
    holds('only who is allowed is asked', strict.allows(url) && url.username === '' && url.password === '');
    holds('neither query nor credentials are shown', !/[?@#]/.test(where.replace(url.pathname, '')));
    holds('an answer has its time', timeout > 0 && timeout <= 60_000);
    holds('a wait is bounded once and for all', Temporal.Duration.compare(boundedWait(interval), interval) === 0);
    const fields = { version: 'v1&x=y', __proto__: 'z' };
    holds('what is told does not change who is asked', withFields(url, method, fields).url.origin === url.origin);
  },
};

const monitors: Target = {
  name: 'monitor-check',
  form: 'json',
  refuses: isInvalidObject,
  run(input) {
    const monitor = DatadogMonitor.parse(jsonOf(input));
    const made = healthCheckOf(monitor);
    holds('its name is one that an object may have', made.name.length <= 253 && made.name.startsWith('datadog-check-'));
    holds('it is the same each time', isDeepStrictEqual(healthCheckOf(monitor), made));
    holdsPlain(made);
  },
};

/** Names of keys are all that is told. */
const keys = String.raw`(username|password|bearerToken|ca\.crt|tls\.crt|tls\.key)`;
const faultsOfSecrets = new RegExp(
  [
    `^has the key ${keys} without ${keys}: both are needed$`,
    `^has both ${keys} and ${keys}: remove one of the two$`,
    `^has characters under the key "${keys}" that no header can have$`,
    `^has no (key ${keys}|PEM (certificate|key) under ${keys})$`,
    `^has a key under ${keys} that is not that of ${keys}$`,
  ].join('|'),
);

const secret: Target = {
  name: 'secret-data',
  form: 'json',
  run(input) {
    const json = jsonOf(input);
    if (!isRecord(json)) return;
    const texts = Object.entries(json).filter((entry): entry is [string, string] => typeof entry[1] === 'string');
    const data = Object.fromEntries(texts.map(([key, value]) => [key, Buffer.from(value).toString('base64')]));
    for (const result of [accessFrom(data), authorityFrom(data)]) {
      if (typeof result === 'string') holds(`"${result}" quotes nothing`, faultsOfSecrets.test(result));
    }
    const access = accessFrom(data);
    if (typeof access === 'string') return;
    const { authorization = '' } = access.headers;
    holds(
      'no header ends early',
      !/[\r\n\0]/.test(authorization) && /^(|Basic \S*|Bearer[^\r\n]*)$/.test(authorization),
    );
  },
};

const redaction: Target = {
  name: 'redacted',
  run(input) {
    const [hidden = '', before = '', after = ''] = lines(input, 2);
    // Of what is left when escapes are undone there must be enough to know it by.
    const known = hidden.replaceAll(/%[0-9a-f]{2}|[^\w-]/gi, '').length;
    if (known < 6 || hidden.length > 200 || !hidden.isWellFormed() || hidden.includes('*')) return;
    const forms = [
      hidden,
      JSON.stringify({ hidden }),
      JSON.stringify(JSON.stringify(hidden)),
      encodeURIComponent(hidden),
      Buffer.from(hidden).toString('base64'),
      Buffer.from(`${before.slice(0, 40)}:${hidden}:${after.slice(0, 40)}`).toString('base64url'),
    ];
    for (const form of forms) {
      // Something that can be told from what stands around it, and that does not hide itself.
      const text = `${before.slice(0, 2000)}\n${form}\n${after.slice(0, 2000)}`;
      const shown = redacted(text, [hidden]);
      holds(`it is not there as ${form.slice(0, 80)}`, !shown.includes(form));
    }
    holds('without secrets nothing changes', redacted(input, []) === input);
  },
};

export const controllerTargets: readonly Target[] = [checks, gates, monitors, secret, redaction];
