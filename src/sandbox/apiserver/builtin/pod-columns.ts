/** The READY, STATUS and RESTARTS columns of pods. */
import { at, type Json, numberOf, objectOf, objects, optionalText, text } from '../json.ts';

const statuses = (pod: Json): Json[] => objects(at(pod, ['status', 'containerStatuses']));

export function podReady(pod: Json): string {
  const ready = statuses(pod).filter((one) => one.ready === true && at(one, ['state', 'running']) !== undefined).length;
  return `${ready}/${objects(at(pod, ['spec', 'containers'])).length}`;
}

export function podRestarts(pod: Json): string {
  return String(statuses(pod).reduce((sum, one) => sum + numberOf(one.restartCount, 0), 0));
}

/** The phase, unless a container or the deletion says something more precise. */
export function podStatus(pod: Json): string {
  const status = objectOf(pod.status);
  let reason = optionalText(status.reason) ?? text(status.phase);
  for (const container of statuses(pod).toReversed()) reason = containerReason(container) ?? reason;
  const running = statuses(pod).some((one) => one.ready === true && at(one, ['state', 'running']) !== undefined);
  if (reason === 'Completed' && running) reason = 'Running';
  if (at(pod, ['metadata', 'deletionTimestamp']) === undefined) return reason;
  return status.reason === 'NodeLost' ? 'Unknown' : 'Terminating';
}

function containerReason(container: Json): string | undefined {
  const waiting = optionalText(at(container, ['state', 'waiting', 'reason']));
  if (waiting !== undefined) return waiting;
  const terminated = at(container, ['state', 'terminated']);
  if (terminated === undefined) return undefined;
  const { reason, signal, exitCode } = objectOf(terminated);
  if (optionalText(reason) !== undefined) return text(reason);
  return numberOf(signal, 0) !== 0 ? `Signal:${numberOf(signal, 0)}` : `ExitCode:${numberOf(exitCode, 0)}`;
}
