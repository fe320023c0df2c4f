/** An explanation for other programs. */
import type { Reason } from '../../core/plan.ts';
import { pendingChange } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { standingOf } from './version.ts';

export function explanationData(explanation: Explanation): unknown {
  const { rollout, targets, plan, version } = explanation;
  const running = rollout.status?.history?.[0];
  return {
    rollout: { namespace: rollout.metadata.namespace, name: rollout.metadata.name },
    ...(running === undefined ? {} : { running }),
    targets: targets.map(({ kind, name, field, carries }) => ({ kind, name, field, carries })),
    ...(version === undefined ? {} : { version: { tag: version, standing: standingOf(explanation, version) } }),
    candidates: plan.candidates.map((candidate) => ({
      tag: candidate.version.tag,
      digest: candidate.version.digest,
      reasons: candidate.reasons.map(reasonData),
    })),
    reasons: plan.reasons.map(reasonData),
    next: { change: pendingChange(rollout, plan), at: plan.requeueAt?.toString() },
  };
}

export function reasonData({ code, message, details, since, until, remedy }: Reason): unknown {
  return { code, message, details, since: since?.toString(), until: until?.toString(), remedy };
}
