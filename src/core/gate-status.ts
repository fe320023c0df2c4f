/**
 * Gates of class `http`, and of every class that is not ours: their controller writes `status`, and here it is read.
 * What it has not said, or has said about another spec, opens nothing.
 */
import { instantOf, isBefore, timestamp } from '../api/instant.ts';
import type { VersionInfo } from '../api/rollout.ts';
import { GATE_CLASS_HTTP, type RolloutGate } from '../api/rollout-gate.ts';
import { type ClassVerdict, gateName } from './gate-class.ts';
import { isSameVersion } from './same-version.ts';
import { shorten } from './text.ts';

const longestMessage = 1024;

export function judgeByStatus(
  gate: RolloutGate,
  className: string,
  version: VersionInfo,
  now: Temporal.Instant,
): ClassVerdict {
  const { status = {}, metadata } = gate;
  const remedy = remedyOf(className);
  const hold = (what: string, until?: Temporal.Instant): ClassVerdict => ({
    hold: { message: `${gateName(gate)} ${what}`, remedy, ...(until === undefined ? {} : { until }) },
  });
  const said = status.message === undefined ? '' : `: ${shorten(status.message, longestMessage)}`;
  const isOld = status.observedGeneration !== undefined && status.observedGeneration < (metadata.generation ?? 0);
  const { passing, verdicts, allowedVersions } = status;
  const isSilent = passing === undefined && verdicts === undefined && allowedVersions === undefined;
  if (isSilent || isOld) return hold(`waits for the first answer of class ${className}${said}`);
  const until = instantOf(status.validUntil);
  if (until !== undefined && !isBefore(now, until)) {
    return hold(`was answered until ${timestamp(until)} and not since, by class ${className}`);
  }
  if (passing === false) return hold(`is closed by class ${className}${said}`, until);
  const verdict = verdicts?.find((one) => isSameVersion(one, version));
  if (verdict !== undefined) {
    if (verdict.allowed) return {};
    const why = verdict.message === undefined ? '' : `: ${shorten(verdict.message, longestMessage)}`;
    return hold(`does not allow ${version.tag}${why}`, instantOf(verdict.retryAt));
  }
  if (allowedVersions !== undefined) {
    return allowedVersions.includes(version.tag) ? {} : hold(`does not allow ${version.tag}${said}`);
  }
  if (passing === true && verdicts === undefined) return {};
  return hold(`has no answer about ${version.tag} yet${said}`);
}

function remedyOf(className: string): string {
  if (className === GATE_CLASS_HTTP) return 'the service that spec.http.url names allows it; it is asked again';
  return `the controller of class ${className} writes the status of the gate`;
}
