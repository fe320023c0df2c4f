/** Controllers that crash where they are told to, and are started anew each time, while a story is told. */
import { type RunningControllers, startControllers } from '../support/controllers.ts';
import type { Space } from '../support/space.ts';
import type { World } from '../support/world.ts';
import { type CrashingClient, type CrashPoint, crashingClient } from './crashing-client.ts';

/** Controllers that were told to stop; wait for them at the end. */
export const ended: Promise<void>[] = [];

/** Runs the controllers of one namespace, and fresh ones after each crash. Resolves with the number of writes. */
export async function survive(
  world: World,
  space: Space,
  points: readonly CrashPoint[],
  story: (space: Space) => Promise<void>,
): Promise<number> {
  const rest = [...points];
  let writes = 0;
  let running: RunningControllers | undefined;
  let current: CrashingClient | undefined;
  let over = false;
  const start = (): void => {
    const point = rest.shift();
    running = startControllers(world, {
      namespaces: [space.namespace],
      stopTimeout: 0,
      wrap: (client) => (current = crashingClient(client, point)).client,
    });
    const { crashed } = current as CrashingClient;
    const dead = running;
    void crashed.then(() => {
      writes += current?.writes ?? 0;
      ended.push(dead.stop());
      if (!over) start();
    });
  };
  start();
  try {
    await story(space);
  } finally {
    over = true;
    if (running !== undefined) ended.push(running.stop());
  }
  return writes + (current?.writes ?? 0);
}
