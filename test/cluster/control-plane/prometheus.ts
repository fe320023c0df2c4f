/** Prometheus, which scrapes what it is told to and evaluates rules twice a second. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Obtained } from './obtain.ts';
import type { Part } from './part.ts';
import { answers } from './probe.ts';
import type { Run } from './run.ts';

export interface PrometheusOptions {
  /** `host:port` of what is scraped. */
  readonly targets: readonly string[];
  readonly rules?: readonly {
    readonly alert: string;
    readonly expr: string;
    /** Pending for so long before it fires. Default: not at all. */
    readonly for?: string;
    readonly labels?: Readonly<Record<string, string>>;
  }[];
  /** `host:port` of whoever is told of alerts. */
  readonly alertmanagers?: readonly string[];
}

/** Its first scrape comes about 5 s after its start. */
export async function startPrometheus(
  run: Run,
  obtained: Obtained,
  { targets, rules = [], alertmanagers = [] }: PrometheusOptions,
): Promise<{ readonly part: Part; readonly url: string }> {
  const address = `127.0.0.1:${await run.port()}`;
  const directory = run.folder('prometheus');
  writeFileSync(join(directory, 'rules.yml'), stringify({ groups: [{ name: 'test', rules }] }));
  const config = join(directory, 'prometheus.yml');
  writeFileSync(
    config,
    stringify({
      global: { scrape_interval: '500ms', scrape_timeout: '500ms', evaluation_interval: '500ms' },
      rule_files: ['rules.yml'],
      alerting: { alertmanagers: [{ static_configs: [{ targets: alertmanagers }] }] },
      scrape_configs: [{ job_name: 'test', static_configs: [{ targets }] }],
    }),
  );
  const part = await run.start({
    name: 'prometheus',
    program: obtained.program('prometheus'),
    parameters: [
      `--config.file=${config}`,
      `--storage.tsdb.path=${run.folder('prometheus/data')}`,
      `--web.listen-address=${address}`,
      '--log.level=warn',
    ],
    ready: () => answers(`http://${address}/-/ready`),
  });
  return { part, url: `http://${address}` };
}
