/** Counts the looks of health checks whose class asks somebody. */
import type { Counter, Histogram, Registry } from 'prom-client';
import type { SampleResult } from '../../api/health-check.ts';
import { healthMetrics } from '../../api/metrics.ts';
import { makeCounter, makeHistogram } from '../../kube/metrics.ts';

export class SampleMetrics {
  readonly #samples: Counter<'class' | 'result'>;
  readonly #seconds: Histogram<'class'>;

  constructor(registry: Registry) {
    this.#samples = makeCounter(registry, healthMetrics.samples);
    this.#seconds = makeHistogram(registry, healthMetrics.sampleSeconds);
  }

  /** @param seconds from the question to the answer, or to the end of the patience */
  sampled(name: string, result: SampleResult, seconds: number): void {
    this.#samples.inc({ class: name, result });
    this.#seconds.observe({ class: name }, seconds);
  }
}
