/** Uploads that have begun: held in memory, forgotten after an hour, gone with the process. */
import { randomUUID } from 'node:crypto';
import type { Clock } from '../../kube/clock.ts';
import { Refusal } from './refusal.ts';

export interface Upload {
  readonly id: string;
  readonly repository: string;
  readonly chunks: Buffer[];
  /** Bytes so far. */
  size: number;
}

export interface Uploads {
  begin(repository: string): Upload;
  /** @throws Refusal 404 */
  find(repository: string, id: string): Upload;
  /** @throws Refusal 413 */
  append(upload: Upload, bytes: Buffer): void;
  end(upload: Upload): void;
}

const lifetime = Temporal.Duration.from({ hours: 1 });
const mostUploads = 1_000;

export function createUploads(clock: Clock, maxBytes: number): Uploads {
  const uploads = new Map<string, { readonly upload: Upload; readonly until: Temporal.Instant }>();

  function forgetOld(): void {
    const now = clock.now();
    for (const [id, { until }] of uploads) {
      // Insertion order is the order of time.
      if (Temporal.Instant.compare(until, now) > 0) return;
      uploads.delete(id);
    }
  }

  return {
    begin(repository) {
      forgetOld();
      if (uploads.size >= mostUploads) throw new Refusal(429, 'TOOMANYREQUESTS', `${mostUploads} uploads are open`);
      const upload: Upload = { id: randomUUID(), repository, chunks: [], size: 0 };
      uploads.set(upload.id, { upload, until: clock.now().add(lifetime) });
      return upload;
    },
    find(repository, id) {
      forgetOld();
      const upload = uploads.get(id)?.upload;
      if (upload?.repository === repository) return upload;
      throw new Refusal(404, 'BLOB_UPLOAD_UNKNOWN', 'there is no such upload; begin it again');
    },
    append(upload, bytes) {
      if (upload.size + bytes.length > maxBytes) {
        uploads.delete(upload.id);
        throw new Refusal(413, 'SIZE_INVALID', `a blob has at most ${maxBytes} bytes`);
      }
      upload.chunks.push(bytes);
      upload.size += bytes.length;
    },
    end(upload) {
      uploads.delete(upload.id);
    },
  };
}
