import { expect, it } from 'vitest';
import type { TargetObservation } from '../../core/observation.ts';
import { TargetFaults } from './target-faults.ts';

const rollout = { apiVersion: 'kuberik.com/v1alpha1', kind: 'Rollout', metadata: { name: 'app', namespace: 'apps' } };
const at = (second: number) => Temporal.Instant.fromEpochMilliseconds(second * 1000);
const target: TargetObservation = { kind: 'Kustomization', name: 'app', field: 'x', carries: undefined, claimed: true };
const failing = (since: number, applying = 'generation 2'): TargetObservation => ({
  ...target,
  applying,
  failure: { message: `attempt ${since}`, since: at(since) },
});

it('what Flux fails with fails from its first failure until it is applied, whatever it does in between', () => {
  const faults = new TargetFaults();
  const look = (seen: TargetObservation) => faults.lasting(rollout, seen).failure;
  expect(look({ ...target, applying: 'generation 2' })).toBeUndefined();
  expect(look(failing(10))).toEqual({ message: 'attempt 10', since: at(10) });
  expect(look({ ...target, applying: 'generation 2' })).toEqual({ message: 'attempt 10', since: at(10) });
  expect(look(failing(20))).toEqual({ message: 'attempt 20', since: at(10) });
  expect(look({ ...target, applying: 'generation 3' })).toBeUndefined();
  expect(look(failing(30, 'generation 3'))?.since).toEqual(at(30));
  expect(look(target)).toBeUndefined();
  expect(look({ ...target, applying: 'generation 3' })).toBeUndefined();
});
