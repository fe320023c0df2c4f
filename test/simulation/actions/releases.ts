/** What is pushed to the registry, moved there and deleted. */
import { imageOf } from '../names.ts';
import { tagOf } from '../versions.ts';
import type { ActionKind } from './action.ts';

export const releaseKinds = {
  push: {
    weight: 12,
    async carryOut({ registry, flux }, version, app) {
      registry.push(imageOf(app), tagOf(version));
      flux.scan(app);
    },
  },
  move: {
    weight: 1,
    async carryOut({ registry, flux, known }, { minor }, app) {
      registry.move(imageOf(app), known(app, minor));
      flux.scan(app);
    },
  },
  delete: {
    weight: 1,
    async carryOut({ registry, flux, known }, { minor }, app) {
      registry.remove(imageOf(app), known(app, minor));
      flux.scan(app);
    },
  },
} as const satisfies Record<string, ActionKind>;
