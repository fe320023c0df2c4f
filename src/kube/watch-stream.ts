/** Decodes the body of a watch: one JSON document per line. */
import { isRecord } from '../api/json.ts';
import { KubeError } from './errors.ts';

// etcd refuses objects above 1.5 MiB; a line far above that is no watch event.
const longestLine = 16 * 1024 * 1024;
const newline = 0x0a;

/**
 * Splits at newlines before decoding, so that a character cut in two by the network stays whole. A last line without
 * newline is dropped: the server may close a watch anywhere, and the next watch repeats what was cut.
 * @throws KubeError KBK_KUBE_RESPONSE for a line above 16 MiB.
 */
export async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string, void, undefined> {
  const decoder = new TextDecoder();
  let pending: Uint8Array[] = [];
  let pendingBytes = 0;
  for await (const chunk of chunks) {
    let start = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, start)) {
      const line = decoder.decode(Buffer.concat([...pending, chunk.subarray(start, end)]));
      pending = [];
      pendingBytes = 0;
      start = end + 1;
      if (line.trim() !== '') yield line;
    }
    if (start === chunk.length) continue;
    pending.push(chunk.subarray(start));
    pendingBytes += chunk.length - start;
    if (pendingBytes > longestLine) throw malformed(`sent a line of more than ${longestLine} bytes`);
  }
}

export interface RawWatchEvent {
  readonly type: string;
  readonly object: Record<string, unknown>;
}

/** @throws KubeError KBK_KUBE_RESPONSE when the line is no watch event. */
export function parseWatchLine(line: string): RawWatchEvent {
  let event: unknown;
  try {
    event = JSON.parse(line);
  } catch (cause) {
    throw malformed('sent a line that is not JSON', { cause });
  }
  if (!isRecord(event) || typeof event.type !== 'string' || !isRecord(event.object)) {
    throw malformed('sent a line that is no watch event');
  }
  return { type: event.type, object: event.object };
}

function malformed(what: string, options?: ErrorOptions): KubeError {
  return new KubeError('KBK_KUBE_RESPONSE', `the API server ${what} in a watch`, { kind: 'retryable' }, options);
}
