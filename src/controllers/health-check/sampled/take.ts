/** One look: the Secrets are read, somebody is asked, and everything that goes wrong is an outcome too. */
import { HealthCheckConditionReason } from '../../../api/health-check.ts';
import type { HttpAccess } from '../../../integrations/http/access.ts';
import { cleaned } from '../../../integrations/http/outcome.ts';
import { withoutSecrets } from '../../../integrations/http/secrets.ts';
import { shownUrl } from '../../../integrations/http/settings.ts';
import { UnansweredError } from '../../../integrations/http/unanswered.ts';
import type { Clock } from '../../../kube/clock.ts';
import { KubeError } from '../../../kube/errors.ts';
import type { Reader } from '../../../kube/reader.ts';
import { readHttpAccess, SecretError } from '../../secret-access.ts';
import type { ClassFacts } from '../health-class.ts';
import type { Outcome } from './looks.ts';
import type { SamplerFault, Sampling, TakenSample } from './sampler.ts';

export interface TakeContext {
  /** Live: Secrets, which are never cached. */
  readonly live: Reader;
  readonly clock: Clock;
}

/** Rejects with the signal's reason when it is aborted, and else never. */
export async function takeSample(
  { live, clock }: TakeContext,
  { check, deployedAt, cutoff }: ClassFacts,
  sampling: Sampling,
  timeout: number,
  signal: AbortSignal,
): Promise<Outcome> {
  let headers: HttpAccess['headers'] = {};
  let outcome: TakenSample | SamplerFault;
  try {
    const access = await readHttpAccess(live, check.metadata.namespace ?? '', sampling);
    headers = access.headers;
    signal.throwIfAborted();
    outcome = await sampling.take({ access, timeout, deployedAt, cutoff, now: clock.now() }, signal);
  } catch (error) {
    outcome = failureOf(error, sampling.url);
  }
  signal.throwIfAborted();
  if ('result' in outcome && outcome.result === 'NoData') {
    outcome = { ...outcome, message: `${shownUrl(sampling.url)}: ${outcome.message}` };
  }
  return { ...outcome, message: cleaned(withoutSecrets(outcome.message, headers, sampling.url)), at: clock.now() };
}

function failureOf(error: unknown, url: URL): TakenSample | SamplerFault {
  if (error instanceof SecretError)
    return { reason: HealthCheckConditionReason.SecretNotFound, message: error.message };
  if (error instanceof KubeError) {
    const message = `its Secret cannot be read: ${error.message}`;
    return { reason: HealthCheckConditionReason.SecretNotFound, message };
  }
  if (!(error instanceof UnansweredError)) return { result: 'NoData', message: 'unknown failure' };
  if (error.because !== 'policy') return { result: 'NoData', message: error.message };
  const message = `the controller may not call ${url.host}: ${error.message}; ${hostRemedy}`;
  return { reason: HealthCheckConditionReason.HostNotAllowed, message };
}

/** What can be done about a host that may not be called. */
export const hostRemedy = 'whoever runs it adds the host to --health-check-hosts';
