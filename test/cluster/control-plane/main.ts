/**
 * `make control-plane`: obtains every program. With `up` it starts them too, and keeps them until it is told to stop, for
 * tests that are started again and again by hand, and for looking around.
 */
import { connectionTo, publishConnection, startControlPlane } from './control-plane.ts';
import { obtain, type Progress } from './obtain.ts';

const begun = performance.now();
const tell = ({ name, how, seconds }: Progress): void => {
  if (how === 'begins') process.stdout.write(`${name}: obtaining it, which takes a while the first time\n`);
  else process.stdout.write(`${name.padEnd(28)}${how.padEnd(10)}${seconds.toFixed(1).padStart(7)} s\n`);
};
await obtain(tell);
process.stdout.write(`everything is there after ${((performance.now() - begun) / 1000).toFixed(1)} s\n`);

if (process.argv[2] === 'up') {
  const started = performance.now();
  await using plane = await startControlPlane({ name: 'up' });
  const file = publishConnection(connectionTo(plane));
  process.stdout.write(`
ready after ${((performance.now() - started) / 1000).toFixed(1)} s

  export KUBECONFIG=${plane.kubeconfig}
  export KUBERIK_CONTROL_PLANE=${file}     # for make test-cluster
  registry: ${plane.registry?.host ?? ''}, logs: ${plane.run.logs}

Ctrl-C ends it.
`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const)
      process.once(signal, () => {
        resolve();
      });
  });
}
