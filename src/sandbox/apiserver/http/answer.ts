/** Writing answers. */
import type { ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import { ApiFailure, PageNotFound } from '../errors.ts';

export function sendJson(
  response: ServerResponse,
  code: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  const bytes = Buffer.from(body, 'utf8');
  response.writeHead(code, {
    'content-type': 'application/json',
    'cache-control': 'no-cache, private',
    'content-length': bytes.length,
    ...headers,
  });
  response.end(bytes);
}

export function sendObject(response: ServerResponse, code: number, object: unknown, yaml: boolean): void {
  if (!yaml) {
    sendJson(response, code, JSON.stringify(object));
    return;
  }
  sendJson(response, code, stringify(object), { 'content-type': 'application/yaml' });
}

export function sendText(response: ServerResponse, code: number, body: string): void {
  sendJson(response, code, body, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' });
}

/** As a Status; what is no refusal of ours is an internal error whose details stay here. */
export function sendFailure(response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  if (error instanceof PageNotFound) {
    sendText(response, 404, '404 page not found\n');
    return;
  }
  const failure =
    error instanceof ApiFailure
      ? error
      : new ApiFailure(
          500,
          'InternalError',
          `Internal error occurred: ${error instanceof Error ? error.message : 'unknown'}`,
        );
  const retry = failure.details?.retryAfterSeconds;
  const headers: Record<string, string> = typeof retry === 'number' ? { 'retry-after': String(retry) } : {};
  sendJson(response, failure.code, JSON.stringify(failure.status()), headers);
}
