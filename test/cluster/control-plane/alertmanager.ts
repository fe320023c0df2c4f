/** Alertmanager, which a Prometheus tells of its alerts, and where people silence them. */
import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { stringify } from 'yaml';
import type { Obtained } from './obtain.ts';
import type { Part } from './part.ts';
import { answers } from './probe.ts';
import type { Run } from './run.ts';

/** By itself, and it notifies nobody. */
export async function startAlertmanager(
  run: Run,
  obtained: Obtained,
): Promise<{ readonly part: Part; readonly url: string; readonly host: string }> {
  const host = `127.0.0.1:${await run.port()}`;
  const config = join(run.folder('alertmanager'), 'alertmanager.yml');
  await writeFile(config, stringify({ route: { receiver: 'nobody' }, receivers: [{ name: 'nobody' }] }));
  const installed = obtained.program('prometheus-alertmanager');
  const program = join(run.directory, 'alertmanager', 'program');
  await movable(installed, program);
  const part = await run.start({
    name: 'alertmanager',
    program,
    parameters: [
      `--config.file=${config}`,
      `--storage.path=${run.folder('alertmanager/data')}`,
      `--web.listen-address=${host}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    directory: resolve(dirname(installed), '../..'),
    ready: () => answers(`http://${host}/-/ready`),
  });
  return { part, url: `http://${host}`, host };
}

const share = '/usr/share/prometheus/alertmanager';

/**
 * Debian's reads its templates from an absolute path, where they are only when the package is installed. A copy with a
 * path of the same length that begins where it is started finds them where the package was unpacked.
 */
async function movable(installed: string, copy: string): Promise<void> {
  const program = await readFile(installed);
  const moved = Buffer.from(share.replace('/usr/', 'usr//'));
  for (let at = program.indexOf(share); at >= 0; at = program.indexOf(share, at)) moved.copy(program, at);
  await writeFile(copy, program, { mode: 0o700 });
}
