/** A real kube-apiserver of one's own: nothing is in it, nothing else runs. */
import { readFileSync } from 'node:fs';
import { Agent } from 'undici';
import { type ControlPlane, startControlPlane } from '../cluster/control-plane/control-plane.ts';
import { ADMIN_TOKEN } from '../cluster/control-plane/credentials.ts';
import type { Server } from './session.ts';

export interface RealServer extends AsyncDisposable {
  readonly server: Server;
  readonly plane: ControlPlane;
}

export async function startRealServer(name: string): Promise<RealServer> {
  await using parts = new AsyncDisposableStack();
  const plane = parts.use(await startControlPlane({ name, flux: false, workloads: false, install: false }));
  const dispatcher = new Agent({ connect: { ca: readFileSync(plane.caFile) } });
  parts.defer(() => dispatcher.destroy());
  const owned = parts.move();
  return {
    server: { url: plane.server, token: ADMIN_TOKEN, dispatcher },
    plane,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}
