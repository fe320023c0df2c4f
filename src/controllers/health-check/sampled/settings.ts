/** What a check asks, and by which rules it judges: the options of its class and those that all classes share. */
import { type HealthCheck, HealthCheckConditionReason } from '../../../api/health-check.ts';
import type { AllowedHosts } from '../../../integrations/http/allowed-hosts.ts';
import { readOptions, type SampledOptions } from './options.ts';
import type { Sampler, SamplerFault, Sampling } from './sampler.ts';
import { hostRemedy } from './take.ts';

export interface SampledSettings {
  readonly sampling: Sampling;
  readonly options: SampledOptions;
}

export function readSettings(
  sampler: Sampler,
  hosts: AllowedHosts,
  check: HealthCheck,
): SampledSettings | SamplerFault {
  const options = readOptions(check);
  if ('reason' in options) return options;
  const sampling = sampler.read(check);
  if ('reason' in sampling) return sampling;
  const { url } = sampling;
  if (url.username !== '' || url.password !== '') {
    const message = 'the URL carries credentials: put them into the Secret that secretRef names';
    return { reason: HealthCheckConditionReason.InvalidSpec, message };
  }
  if (hosts.allows(url)) return { sampling, options };
  const message = `the controller may not call ${url.host}: ${hostRemedy}`;
  return { reason: HealthCheckConditionReason.HostNotAllowed, message };
}
