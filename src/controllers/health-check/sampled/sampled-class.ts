/** What the classes have in common that ask somebody: for whose version, when, and what the answers come to. */

import { HealthCheckConditionReason } from '../../../api/health-check.ts';
import { instantOf, isBefore, latest } from '../../../api/instant.ts';
import { sameJson } from '../../../api/json.ts';
import { keyOf } from '../../../api/meta.ts';
import { conclude, type Known } from '../../../core/health/sample.ts';
import { slotAfter, slotFrom } from '../../../core/health/slots.ts';
import type { AllowedHosts } from '../../../integrations/http/allowed-hosts.ts';
import type { HttpAsker } from '../../../integrations/http/ask.ts';
import { shownUrl } from '../../../integrations/http/settings.ts';
import type { Reader } from '../../../kube/reader.ts';
import { deliveryOf } from '../delivery.ts';
import type { ClassFacts, HealthClassJudge, Verdict } from '../health-class.ts';
import { identityOf, knownOf, knownVerdict } from './known.ts';
import { type Looking, Looks } from './looks.ts';
import type { Sampler, SamplerFault } from './sampler.ts';
import { readSettings, type SampledSettings } from './settings.ts';
import { type TakeContext, takeSample } from './take.ts';

export interface SampledClassOptions extends TakeContext {
  /** HealthChecks, Rollouts, Kustomizations and OCIRepositories. */
  readonly reader: Reader;
  /** Whom it may ask. */
  readonly hosts: AllowedHosts;
  /** What it asks with; ends with the controller. */
  readonly asker: Pick<HttpAsker, 'close'>;
}

/** One look at a check. */
interface Subject extends SampledSettings {
  readonly facts: ClassFacts;
  readonly looking: Looking;
  readonly known: Known | undefined;
  readonly revision: string | undefined;
}

export function sampledClass(sampler: Sampler, options: SampledClassOptions): HealthClassJudge {
  const looks = new Looks();
  return {
    watches: [],
    awaitsDelivery: true,
    judge: (facts) => judge(sampler, options, looks, facts),
    forget(key) {
      looks.forget(key);
    },
    start(wake, signal) {
      looks.wake = wake;
      signal.addEventListener('abort', () => {
        looks.stop();
        void options.asker.close();
      });
    },
  };
}

async function judge(
  sampler: Sampler,
  context: SampledClassOptions,
  looks: Looks,
  facts: ClassFacts,
): Promise<Verdict | undefined> {
  const { check, rollouts, cutoff } = facts;
  const key = keyOf(check);
  const settings = readSettings(sampler, context.hosts, check);
  if ('reason' in settings) {
    looks.forget(key);
    return cannotJudge(settings);
  }
  const known = knownOf(check, cutoff);
  let revision = check.status?.observedRevision;
  // What was applied once stays applied: Flux may be busy with something else of the same version.
  if (known === undefined) {
    const delivery = await deliveryOf(context.reader, rollouts);
    if (delivery.progress !== 'applied') {
      looks.forget(key);
      return { status: 'Pending', message: delivery.message, ...revisionOf(delivery.revision) };
    }
    revision = delivery.revision;
  }
  const now = context.clock.now();
  const { uid = '' } = check.metadata;
  const looking = looks.of(key, identityOf(check, cutoff), () => firstLook(known, uid, settings.options.interval, now));
  const subject = { ...settings, facts, looking, known, revision };
  const news = newsOf(subject);
  if (looking.flight === undefined && looking.expected === undefined && !isBefore(now, looking.dueAt)) {
    const { sampling, options } = settings;
    looks.start(key, looking, async (signal) => {
      const outcome = await takeSample(context, facts, sampling, options.timeout, signal);
      looking.dueAt = slotAfter(uid, options.interval, outcome.at);
      return outcome;
    });
  }
  const verdict = news ?? presentVerdict(subject);
  // The answer to what is on its way wakes the check itself.
  return verdict && looking.flight === undefined ? { ...verdict, changesAt: looking.dueAt } : verdict;
}

/** At once, except where a restart forgot the look before: then when it would have been anyway. */
function firstLook(
  known: Known | undefined,
  uid: string,
  interval: Temporal.Duration,
  now: Temporal.Instant,
): Temporal.Instant {
  const last = instantOf(known?.sample.time);
  return (last && latest(slotFrom(uid, interval, now), slotAfter(uid, interval, last))) ?? now;
}

/** What the last look brought, unless the status says it already. */
function newsOf({ facts, options, looking, known, revision }: Subject): Verdict | undefined {
  const { outcome } = looking;
  if (outcome === undefined) return undefined;
  if ('reason' in outcome) return cannotJudge(outcome);
  const time = latest(outcome.at, facts.cutoff) ?? outcome.at;
  const conclusion = conclude(known, { ...outcome, time }, options);
  const { status, message, sample, noData } = conclusion;
  const isWritten = looking.expected !== undefined && sameJson(looking.expected, known?.sample);
  if (isWritten || !conclusion.isNews) {
    looking.outcome = undefined;
    looking.expected = undefined;
    return undefined;
  }
  looking.expected = sample;
  // Without a witness: when it was first seen, and that stays.
  const failedAt = outcome.failedAt ?? (known?.status === 'Unhealthy' ? undefined : time);
  return {
    status,
    message,
    sample,
    nextSampleAt: looking.dueAt,
    ...(status === 'Unhealthy' && failedAt && { failedAt }),
    ...(noData !== undefined && { fault: { reason: HealthCheckConditionReason.NoData, message: noData } }),
    ...revisionOf(revision),
  };
}

/** What is said while nothing is new. Undefined: what the status says may stay. */
function presentVerdict({ facts, sampling, known, revision }: Subject): Verdict | undefined {
  const { status } = facts.check;
  if (known !== undefined) return knownVerdict(facts.check.status ?? {}, known);
  if (status?.status === undefined || status.status === 'Pending') return undefined;
  const message = `Waiting for the first answer from ${shownUrl(sampling.url)}`;
  return { status: 'Pending', message, ...revisionOf(revision) };
}

function cannotJudge({ reason, message }: SamplerFault): Verdict {
  return { status: 'Pending', message, fault: { reason, message } };
}

function revisionOf(revision: string | undefined): Pick<Verdict, 'revision'> {
  return revision === undefined ? {} : { revision };
}
