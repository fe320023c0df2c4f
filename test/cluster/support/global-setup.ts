/** One control plane for all files of this tier, or the one that `KUBERIK_CONTROL_PLANE` names; and the real controller. */
import type { TestProject } from 'vitest/node';
import { type Connection, connectionTo, readConnection, startControlPlane } from '../control-plane/control-plane.ts';
import { keepLedger } from '../permissions/whole-run.ts';
import { startController } from './controller.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Of the shared control plane; absent outside of the cluster tier. */
    controlPlane: Connection | undefined;
    /** `host:port` where the controller shows its metrics. */
    controllerMetrics: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const judgeRoles = keepLedger(project);
  await using parts = new AsyncDisposableStack();
  const started = performance.now();
  const running = process.env.KUBERIK_CONTROL_PLANE;
  const connection =
    running === undefined
      ? connectionTo(parts.use(await startControlPlane({ name: 'shared' })))
      : readConnection(running);
  const flags = ['--http-gate-hosts=127.0.0.1,localhost', '--health-check-hosts=*,127.0.0.1,localhost'];
  const { metrics } = parts.use(await startController(connection, 'shared-controller', flags));
  process.stdout.write(`control plane ready after ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  project.provide('controlPlane', connection);
  project.provide('controllerMetrics', metrics);
  const owned = parts.move();
  return async () => {
    await owned.disposeAsync();
    await judgeRoles();
  };
}
