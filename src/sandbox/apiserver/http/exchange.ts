/** A request to a resource on its way to an answer, and what serves it. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Authorizer } from '../authorization/authorizer.ts';
import type { User } from '../authorization/question.ts';
import type { Core } from '../write/operation.ts';
import type { ResourcePath } from './request.ts';

export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: ResourcePath;
  readonly query: URLSearchParams;
  readonly user: User;
}

export interface ResourceServices {
  readonly core: Core;
  readonly authorizer: Authorizer;
  /** Resolves when what was written is safe. */
  flushed(): Promise<void>;
  /** Keeps track of open watches, so that closing the server can end them. */
  opened(watch: Disposable, response: ServerResponse): void;
}
