/** Puts the table to a server. */
import { request } from 'undici';
import { normal } from './normal.ts';
import type { TableRequest } from './request.ts';

export interface RecordedAnswer {
  readonly code: number;
  readonly warnings: readonly string[];
  readonly body: unknown;
}

export async function ask(base: string, row: TableRequest, token: string | undefined): Promise<RecordedAnswer> {
  const response = await request(base + row.path, {
    method: row.method,
    headers: {
      'user-agent': 'table/1',
      ...(row.accept === undefined ? {} : { accept: row.accept }),
      ...(row.body === undefined ? {} : { 'content-type': row.type ?? 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
    ...(row.body === undefined ? {} : { body: JSON.stringify(row.body) }),
  });
  const text = await response.body.text();
  return {
    code: response.statusCode,
    warnings: [response.headers.warning ?? []].flat(),
    body: normal(parsed(text)),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
