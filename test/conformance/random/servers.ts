/** Both servers with the same definitions; in the real one garbage is collected, and nobody else is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { parse } from 'yaml';
import { type ApiServerOptions, startApiServer } from '../../../src/sandbox/apiserver/start.ts';
import { define } from '../../cluster/control-plane/cluster.ts';
import type { ControlPlane } from '../../cluster/control-plane/control-plane.ts';
import { answers } from '../../cluster/control-plane/probe.ts';
import { startRealServer } from '../real-server.ts';
import type { Server } from '../session.ts';
import { definitions as kuberik } from '../table/kuberik.ts';
import { widgetDefinition } from '../table/widget.ts';
import { kindNames, kindOf } from './kinds.ts';
import type { Servers } from './play.ts';
import { ask } from './side.ts';

export const ownDefinitions: readonly object[] = [...kuberik, widgetDefinition];

export async function startBoth(name: string): Promise<Servers & AsyncDisposable> {
  await using parts = new AsyncDisposableStack();
  const real = parts.use(await startRealServer(name));
  const { plane } = real;
  const flux = await Promise.all(
    (['image-reflector-controller', 'source-controller', 'kustomize-controller'] as const).map((part) =>
      plane.obtained.files(part),
    ),
  );
  const definitions = [...ownDefinitions, ...flux.flat().map((text) => parse(text) as object)];
  await define(plane.admin, definitions as Parameters<typeof define>[1]);
  // It learns of kinds when it starts, and then every half a minute.
  await startGarbageCollector(plane);
  await warmUp(real.server);
  const sandbox = await startSandbox(definitions);
  parts.defer(() => sandbox.close());
  const owned = parts.move();
  return { real: real.server, sandbox, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

/** Watches can only be served from when the cache of their kind began. */
async function warmUp(server: Server): Promise<void> {
  for (const name of kindNames) {
    const { apiVersion, plural } = kindOf(name);
    const path = `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}/${plural}`;
    for (let attempt = 0; attempt < 200; attempt += 1) {
      const response = await ask(server, { method: 'GET', url: path });
      await response.body.dump();
      if (response.statusCode === 200) break;
      await sleep(50);
    }
  }
}

export function startSandbox(definitions: readonly object[], options: ApiServerOptions = {}) {
  return startApiServer({ crds: definitions, ...options });
}

async function startGarbageCollector({ run, obtained, kubeconfig, keys, caFile }: ControlPlane): Promise<void> {
  const port = await run.port();
  await run.start({
    name: 'kube-controller-manager',
    program: obtained.program('kube-controller-manager'),
    parameters: [
      `--kubeconfig=${kubeconfig}`,
      '--controllers=garbage-collector-controller',
      '--bind-address=127.0.0.1',
      `--secure-port=${port}`,
      `--service-account-private-key-file=${keys.serviceAccountKey}`,
      `--root-ca-file=${caFile}`,
      '--leader-elect=false',
      `--flex-volume-plugin-dir=${run.folder('flex-volumes')}`,
    ],
    ready: () => answers(`https://127.0.0.1:${port}/healthz`),
  });
}
