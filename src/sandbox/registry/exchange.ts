/** A request as the handlers see it, and the answers they give. */
import type { IncomingMessage } from 'node:http';
import { Refusal } from './refusal.ts';

export interface Call {
  readonly method: string;
  readonly url: URL;
  header(name: string): string | undefined;
  /** The whole body. @throws Refusal 413 when it is larger */
  read(maxBytes: number): Promise<Buffer>;
}

export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
}

export function toCall(request: IncomingMessage): Call {
  // The host is of no interest, and what a client writes there need not be one.
  const url = URL.parse(request.url ?? '/', 'http://registry.invalid');
  if (!url) throw new Refusal(400, 'NAME_INVALID', 'the request has no path that can be read');
  return {
    method: request.method ?? 'GET',
    url,
    header(name) {
      const value = request.headers[name];
      return Array.isArray(value) ? value[0] : value;
    },
    read: (maxBytes) => readBody(request, maxBytes),
  };
}

export function json(status: number, value: unknown, headers: Readonly<Record<string, string>> = {}): Answer {
  const body = Buffer.from(JSON.stringify(value));
  return { status, headers: { 'content-type': 'application/json', ...headers }, body };
}

async function readBody(request: AsyncIterable<Uint8Array>, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > maxBytes) {
      throw new Refusal(413, 'SIZE_INVALID', `at most ${maxBytes} bytes are taken`, { connection: 'close' });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}
