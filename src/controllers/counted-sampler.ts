/** Counts the looks of a class of health checks: what they brought, and how long that took. */
import { UnansweredError } from '../integrations/http/unanswered.ts';
import type { Clock } from '../kube/clock.ts';
import type { SampleRequest, Sampler, Sampling, TakenSample } from './health-check/sampled/sampler.ts';
import type { SampleMetrics } from './metrics/sample-metrics.ts';

export function countedSampler(sampler: Sampler, metrics: SampleMetrics, clock: Clock): Sampler {
  return {
    read(check) {
      const sampling = sampler.read(check);
      if ('reason' in sampling) return sampling;
      const name = check.spec.class ?? '';
      return { ...sampling, take: (request, signal) => counted(sampling, name, metrics, clock, request, signal) };
    },
  };
}

async function counted(
  sampling: Sampling,
  name: string,
  metrics: SampleMetrics,
  clock: Clock,
  request: SampleRequest,
  signal: AbortSignal,
): Promise<TakenSample> {
  const started = clock.now();
  const seconds = (): number => (clock.now().epochMilliseconds - started.epochMilliseconds) / 1000;
  try {
    const sample = await sampling.take(request, signal);
    metrics.sampled(name, sample.result, seconds());
    return sample;
  } catch (error) {
    // A host that may not be called was not asked, and what was called off brought nothing.
    const isLook = !signal.aborted && !(error instanceof UnansweredError && error.because === 'policy');
    if (isLook) metrics.sampled(name, 'NoData', seconds());
    throw error;
  }
}
