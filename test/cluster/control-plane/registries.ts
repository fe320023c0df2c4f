/** Three registries that differ in what they answer: paging, referrers, deletion. All keep everything in memory. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Obtained } from './obtain.ts';
import type { Part, PartSpec } from './part.ts';
import { answers } from './probe.ts';
import type { Run } from './run.ts';

export const registryNames = ['docker-registry', 'distribution', 'go-containerregistry'] as const;
export type RegistryName = (typeof registryNames)[number];

export interface RunningRegistry {
  readonly part: Part;
  /** `host:port`, plain HTTP. */
  readonly host: string;
}

export async function startRegistry(run: Run, obtained: Obtained, name: RegistryName): Promise<RunningRegistry> {
  const host = `127.0.0.1:${await run.port()}`;
  const program = obtained.program(name);
  const common = { name, program, ready: () => answers(`http://${host}/v2/`) } satisfies Partial<PartSpec>;
  if (name === 'go-containerregistry') return { host, part: await run.start({ ...common, parameters: [host] }) };
  const file = join(run.directory, `${name}.yaml`);
  writeFileSync(file, stringify(configuration(host)));
  const parameters = ['serve', file];
  const part = await run.start({ ...common, parameters, env: { OTEL_TRACES_EXPORTER: 'none' } });
  return { host, part };
}

const configuration = (addr: string) => ({
  version: 0.1,
  storage: { inmemory: {}, delete: { enabled: true }, maintenance: { uploadpurging: { enabled: false } } },
  http: { addr },
  log: { level: 'warn', accesslog: { disabled: true } },
});
