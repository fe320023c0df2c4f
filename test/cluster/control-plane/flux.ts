/** Flux: the three controllers that Kuberik works with, and one of them a second time with other settings. */
import type { ApiServer } from './kubernetes.ts';
import type { Obtained } from './obtain.ts';
import type { Part } from './part.ts';
import { answers } from './probe.ts';
import type { Run } from './run.ts';

export const fluxControllers = ['image-reflector-controller', 'source-controller', 'kustomize-controller'] as const;
type FluxController = (typeof fluxControllers)[number];

/** Label by which several Flux controllers of one kind share the objects. */
export const SHARD = 'sharding.fluxcd.io/key';
/** Kustomizations of this shard have a new revision end the health check of the one before it; by default Flux waits. */
export const CANCELLING = 'cancelling';

export type Flux = Readonly<Record<FluxController | 'cancellingKustomizeController', Part>>;

/** The CRDs must be established. */
export async function startFlux(run: Run, obtained: Obtained, api: ApiServer): Promise<Flux> {
  const artifacts = `127.0.0.1:${await run.port()}`;
  const start = async (program: FluxController, name: string, flags: readonly string[], ready = always) => {
    const health = `127.0.0.1:${await run.port()}`;
    return run.start({
      name,
      program: obtained.program(program),
      parameters: ['--metrics-addr=0', `--health-addr=${health}`, '--log-level=info', ...flags],
      // Each removes what it takes for its own leftovers from the temporary directory.
      env: { KUBECONFIG: api.kubeconfig, TMPDIR: run.folder(`${name}/tmp`) },
      ready: async () => (await answers(`http://${health}/readyz`)) && (await ready()),
    });
  };
  const kustomize = (name: string, flags: readonly string[]): Promise<Part> =>
    start('kustomize-controller', name, ['--requeue-dependency=2s', ...flags]);

  const [reflector, source, patient, cancelling] = await Promise.all([
    start('image-reflector-controller', 'image-reflector-controller', [
      `--storage-path=${run.folder('image-reflector-controller/data')}`,
      '--storage-value-log-file-size=1048576',
      '--gc-interval=0',
    ]),
    start(
      'source-controller',
      'source-controller',
      [
        `--storage-path=${run.folder('source-controller/data')}`,
        `--storage-addr=${artifacts}`,
        `--storage-adv-addr=${artifacts}`,
      ],
      () => answers(`http://${artifacts}/`),
    ),
    kustomize('kustomize-controller', [`--watch-label-selector=!${SHARD}`]),
    kustomize('kustomize-controller-cancelling', [
      `--watch-label-selector=${SHARD}=${CANCELLING}`,
      '--feature-gates=CancelHealthCheckOnNewRevision=true',
    ]),
  ]);
  return {
    'image-reflector-controller': reflector,
    'source-controller': source,
    'kustomize-controller': patient,
    cancellingKustomizeController: cancelling,
  };
}

const always = (): Promise<boolean> => Promise.resolve(true);
