/** One question about one version: what is sent, as whom, and what is made of the answer. */
import { Environment } from '../../api/environment.ts';
import type { VersionInfo } from '../../api/rollout.ts';
import { GateConditionReason, type GateHttp, type RolloutGate } from '../../api/rollout-gate.ts';
import type { GateAnswer } from '../../core/http-gate.ts';
import type { HttpAccess } from '../../integrations/http/access.ts';
import { withFields } from '../../integrations/http/fields.ts';
import { cleaned, type Outcome, outcomeOf } from '../../integrations/http/outcome.ts';
import { authorityFrom, headersFrom, withoutSecrets } from '../../integrations/http/secrets.ts';
import { boundedWait, type HttpSettings } from '../../integrations/http/settings.ts';
import { UnansweredError } from '../../integrations/http/unanswered.ts';
import { isNotFound, KubeError } from '../../kube/errors.ts';
import { readSecret, SecretError } from '../secret-access.ts';
import type { HttpGateOptions } from './options.ts';

/** Rejects with the signal's reason when it is aborted, and else never: everything that goes wrong is an answer. */
export async function askAbout(
  options: HttpGateOptions,
  gate: RolloutGate,
  http: GateHttp,
  settings: HttpSettings,
  version: VersionInfo,
  signal: AbortSignal,
): Promise<GateAnswer> {
  const { asker, clock } = options;
  const { url, method, timeout, where, success } = settings;
  let headers: HttpAccess['headers'] = {};
  let outcome: Outcome & Pick<GateAnswer, 'reason'>;
  try {
    const namespace = gate.metadata.namespace ?? '';
    const access = await readAccess(options, namespace, http);
    headers = access.headers;
    const fields = await fieldsOf(options, gate, version);
    signal.throwIfAborted();
    const question = { ...withFields(url, method, fields), access, timeout };
    outcome = outcomeOf(await asker.ask(question, signal), success, clock);
    if (outcome.allowed === undefined) outcome = { ...outcome, message: unusable(where, outcome.message) };
  } catch (error) {
    signal.throwIfAborted();
    outcome = failureOf(error, where);
  }
  const at = clock.now();
  const { allowed, reason, message } = outcome;
  return {
    version,
    at,
    retryAt: at.add(boundedWait(outcome.retryAfter ?? settings.interval)),
    ...(allowed === undefined ? {} : { allowed }),
    ...(reason === undefined ? {} : { reason }),
    ...(message === undefined ? {} : { message: cleaned(withoutSecrets(message, headers, url)) }),
  };
}

function failureOf(error: unknown, where: string): Pick<GateAnswer, 'reason' | 'message'> {
  if (error instanceof SecretError) return { reason: GateConditionReason.SecretNotFound, message: error.message };
  if (error instanceof UnansweredError || error instanceof KubeError)
    return { message: unusable(where, error.message) };
  return { message: unusable(where, 'unknown failure') };
}

function unusable(where: string, fault = 'unknown failure'): string {
  return `no usable answer from ${where}: ${fault}`;
}

async function readAccess({ live }: HttpGateOptions, namespace: string, http: GateHttp): Promise<HttpAccess> {
  const { headersSecretRef, caSecretRef } = http;
  const headers = headersSecretRef && (await readSecret(live, namespace, headersSecretRef.name, headersFrom));
  const authority = caSecretRef && (await readSecret(live, namespace, caSecretRef.name, authorityFrom));
  return { headers: headers ?? {}, ...(authority && { authority: authority.pem }) };
}

async function fieldsOf(
  { live }: HttpGateOptions,
  gate: RolloutGate,
  { tag, digest, revision }: VersionInfo,
): Promise<Readonly<Record<string, string>>> {
  const { metadata, spec } = gate;
  const { name: rollout = '' } = spec.rolloutRef;
  const namespace = metadata.namespace ?? '';
  const environment = await environmentOf(live, namespace, rollout);
  const fields = { rollout, namespace, version: tag, digest, revision, environment };
  return Object.fromEntries(
    Object.entries(fields).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** What the first Environment of the Rollout calls it. Read when it is needed, since that is rare: a version is asked about once. */
async function environmentOf(
  live: HttpGateOptions['live'],
  namespace: string,
  rollout: string,
): Promise<string | undefined> {
  try {
    const environments = await live.list(Environment, { namespace });
    return environments.find(({ spec }) => spec.rolloutRef.name === rollout)?.spec.environment;
  } catch (error) {
    // The kind is not installed.
    if (isNotFound(error)) return undefined;
    throw error;
  }
}
