/** A Prometheus that scrapes what the tests say: in the cluster tier Debian's, else what stands in for it. */
import { afterAll, beforeAll, inject } from 'vitest';
import { obtain } from '../cluster/control-plane/obtain.ts';
import { startPrometheus } from '../cluster/control-plane/prometheus.ts';
import { Run } from '../cluster/control-plane/run.ts';
import { alertRules, Errors } from './errors.ts';
import { eventually } from './eventually.ts';
import { ScriptedPrometheus } from './scripted-prometheus.ts';

export interface EitherPrometheus {
  readonly url: string;
  readonly errors: Errors;
}

/** For all tests of a file. Call it at the top; the function that it returns is for inside of tests. */
export function eitherPrometheus(): () => EitherPrometheus {
  const parts = new AsyncDisposableStack();
  let prometheus: EitherPrometheus | undefined;
  beforeAll(async () => {
    const errors = parts.use(await Errors.start());
    const url = inject('controlPlane') === undefined ? await script(errors, parts) : await start(errors, parts);
    prometheus = { url, errors };
  });
  afterAll(() => parts.disposeAsync());
  return () => {
    if (prometheus === undefined) throw new Error('Prometheus is there only inside of tests');
    return prometheus;
  };
}

async function script(errors: Errors, parts: AsyncDisposableStack): Promise<string> {
  return parts.use(await ScriptedPrometheus.start(errors)).url;
}

/** Resolves when it has scraped. */
async function start(errors: Errors, parts: AsyncDisposableStack): Promise<string> {
  const run = parts.use(await Run.create('prometheus'));
  errors.set('nobody', 1);
  const { url } = await startPrometheus(run, await obtain(), { targets: [errors.host], rules: alertRules });
  await eventually(async () => {
    const answer = await fetch(`${url}/api/v1/alerts`);
    if (!(await answer.text()).includes('nobody')) throw new Error('Prometheus has not scraped yet');
  });
  return url;
}
