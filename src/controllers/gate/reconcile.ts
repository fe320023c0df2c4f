/** One look at one gate: write down the answers that came, and ask about the versions that are due. */
import { InvalidObjectError } from '../../api/errors.ts';
import type { ObjectKey } from '../../api/meta.ts';
import { Rollout } from '../../api/rollout.ts';
import { GATE_CLASS_HTTP, RolloutGate, type RolloutGateStatus } from '../../api/rollout-gate.ts';
import { readyChange } from '../../core/condition.ts';
import {
  answeredStatus,
  askedVersions,
  dueVersions,
  faultyStatus,
  isAboutSpec,
  nextDue,
} from '../../core/http-gate.ts';
import { readSettings } from '../../integrations/http/settings.ts';
import type { ReconcileResult } from '../../kube/reconciler.ts';
import { writeStatus } from '../../kube/status.ts';
import type { Flights } from './flights.ts';
import type { HttpGateOptions } from './options.ts';
import { askAbout } from './question.ts';

export async function reconcileHttpGate(
  options: HttpGateOptions,
  flights: Flights,
  key: ObjectKey,
  signal: AbortSignal,
): Promise<ReconcileResult> {
  const { reader, hosts, clock } = options;
  const gate = await reader.get(RolloutGate, key);
  const http = gate?.spec.class === GATE_CLASS_HTTP ? gate.spec.http : undefined;
  if (gate === undefined || http === undefined || gate.metadata.deletionTimestamp !== undefined) {
    flights.forget(key);
    return {};
  }
  const settings = readSettings(http, hosts);
  if ('reason' in settings) {
    flights.forget(key);
    await record(options, gate, faultyStatus(gate, settings, clock.now()), signal);
    return {};
  }
  const asked = askedVersions(await rolloutOf(options, gate));
  flights.keep(gate, asked.versions);
  const answers = flights.answers(gate);
  const now = clock.now();
  const status = answeredStatus(gate, asked, answers, settings.where, now);
  const due = dueVersions(status, asked.versions, now);
  // A gate that is new, or asks otherwise now, has nothing to say before the first answer.
  if (answers.length > 0 || due.length === 0 || isAboutSpec(gate)) await record(options, gate, status, signal);
  flights.settle(gate, answers);
  for (const version of due) {
    flights.start(gate, version, (one, aborted) => askAbout(options, gate, http, settings, one, aborted));
  }
  // The answers to what is due wake the gate themselves.
  const requeueAt = nextDue(status, now);
  return requeueAt === undefined ? {} : { requeueAt };
}

async function rolloutOf({ reader }: HttpGateOptions, { metadata, spec }: RolloutGate): Promise<Rollout | undefined> {
  try {
    return await reader.get(Rollout, { namespace: metadata.namespace ?? '', name: spec.rolloutRef.name ?? '' });
  } catch (error) {
    // Its own controller says what is wrong with it.
    if (error instanceof InvalidObjectError) return undefined;
    throw error;
  }
}

async function record(
  { client, events }: HttpGateOptions,
  gate: RolloutGate,
  status: RolloutGateStatus,
  signal: AbortSignal,
): Promise<void> {
  const written = await writeStatus(client, RolloutGate, gate, status, { signal });
  const change = readyChange(gate.status?.conditions, status.conditions);
  if (change !== undefined) events.record(written, change);
}
