/** What a process has used so far, as the kernel counts it. */
import { readFile } from 'node:fs/promises';

export interface Usage {
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  readonly peakBytes: number;
  readonly residentBytes: number;
}

/** `USER_HZ`, which is the same on every architecture that Node runs on. */
const ticksPerSecond = 100;

/** @throws when there is no such process */
export async function usageOf(pid: number): Promise<Usage> {
  const [stat, status] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8'),
    readFile(`/proc/${pid}/status`, 'utf8'),
  ]);
  // The second field is the program's name in parentheses and may contain anything; the third is the first after it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const bytes = (name: string): number => 1024 * Number(new RegExp(`^${name}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]);
  return { cpuSeconds: ticks / ticksPerSecond, peakBytes: bytes('VmHWM'), residentBytes: bytes('VmRSS') };
}
