/** A request of a client, as those see it who look on. */
import type { ObjectKey } from '../../src/api/meta.ts';

export interface Call {
  readonly verb: 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'apply' | 'delete';
  readonly kind: string;
  readonly key: ObjectKey;
  readonly subresource?: string;
}

export const isWrite = ({ verb }: Call): boolean => !['get', 'list', 'watch'].includes(verb);
