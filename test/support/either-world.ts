/**
 * The sandbox, or in the cluster tier the real control plane: what a test tells of a namespace must hold on both.
 */
import { inject } from 'vitest';
import { sharedCluster } from '../cluster/support/cluster.ts';
import type { Space, Surroundings } from './space.ts';
import { sharedWorld } from './world.ts';

interface EitherWorld extends Surroundings {
  /** A namespace of its own; its name begins so. */
  space(name: string): Promise<Space>;
}

/** For all tests of a file. Call it at the top; the function that it returns is for inside of tests. */
export function eitherWorld(): () => EitherWorld {
  return inject('controlPlane') === undefined ? sharedWorld() : sharedCluster();
}
