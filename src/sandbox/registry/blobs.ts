/** Blobs: https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-blobs */
import type { Digest } from '../../api/tag.ts';
import { checkedDigest, requireDigest } from './checked.ts';
import type { Answer, Call } from './exchange.ts';
import { Refusal } from './refusal.ts';
import type { Store } from './store.ts';
import type { Upload, Uploads } from './uploads.ts';

export interface BlobHandlers {
  blob(call: Call, repository: string, digest: string): Promise<Answer>;
  beginUpload(call: Call, repository: string): Promise<Answer>;
  upload(call: Call, repository: string, id: string): Promise<Answer>;
}

export function createBlobHandlers(store: Store, uploads: Uploads, maxBytes: number): BlobHandlers {
  async function commit(repository: string, digest: Digest, bytes: Buffer): Promise<Answer> {
    requireDigest(bytes, digest);
    await store.addBlob(repository, digest, bytes);
    return created(repository, digest);
  }

  async function append(call: Call, upload: Upload): Promise<Answer> {
    requireNext(call, upload);
    uploads.append(upload, await call.read(maxBytes));
    return progress(upload, 202);
  }

  async function finish(call: Call, upload: Upload): Promise<Answer> {
    const digest = checkedDigest(call.url.searchParams.get('digest') ?? '');
    requireNext(call, upload);
    uploads.append(upload, await call.read(maxBytes));
    uploads.end(upload);
    return commit(upload.repository, digest, Buffer.concat(upload.chunks, upload.size));
  }

  return {
    async blob(call, repository, text) {
      const digest = checkedDigest(text);
      if (!store.hasBlob(repository, digest)) throw new Refusal(404, 'BLOB_UNKNOWN', 'the repository has no such blob');
      if (call.method === 'DELETE') {
        await store.removeBlob(repository, digest);
        return { status: 202 };
      }
      if (call.method !== 'GET' && call.method !== 'HEAD') throw unsupported(call);
      return partOf(call, digest, await store.readBlob(digest));
    },

    async beginUpload(call, repository) {
      if (call.method !== 'POST') throw unsupported(call);
      const { searchParams } = call.url;
      const mount = searchParams.get('mount');
      const from = searchParams.get('from');
      if (mount !== null && from !== null && store.hasBlob(from, checkedDigest(mount))) {
        await store.addBlob(repository, checkedDigest(mount));
        return created(repository, checkedDigest(mount));
      }
      const digest = searchParams.get('digest');
      if (digest !== null) return commit(repository, checkedDigest(digest), await call.read(maxBytes));
      return progress(uploads.begin(repository), 202);
    },

    async upload(call, repository, id) {
      const upload = uploads.find(repository, id);
      switch (call.method) {
        case 'GET':
          return progress(upload, 204);
        case 'PATCH':
          return append(call, upload);
        case 'PUT':
          return finish(call, upload);
        case 'DELETE':
          uploads.end(upload);
          return { status: 204 };
        default:
          throw unsupported(call);
      }
    },
  };
}

export function unsupported(call: Call): Refusal {
  return new Refusal(405, 'UNSUPPORTED', `${call.method} is not possible here`);
}

function created(repository: string, digest: Digest): Answer {
  return { status: 201, headers: { location: `/v2/${repository}/blobs/${digest}`, 'docker-content-digest': digest } };
}

function progress(upload: Upload, status: number): Answer {
  return { status, headers: uploadHeaders(upload) };
}

function uploadHeaders(upload: Upload): Record<string, string> {
  return {
    location: `/v2/${upload.repository}/blobs/uploads/${upload.id}`,
    // "0-0" is also what an empty upload says.
    range: `0-${Math.max(upload.size - 1, 0)}`,
    'docker-upload-uuid': upload.id,
  };
}

// A chunk must begin where the last one ended; without the header it is what comes next.
function requireNext(call: Call, upload: Upload): void {
  const range = call.header('content-range');
  if (range === undefined) return;
  const [, start, end] = /^(?:bytes )?(\d+)-(\d+)(?:\/.*)?$/.exec(range) ?? [];
  const length = call.header('content-length');
  const isNext = start !== undefined && Number(start) === upload.size;
  const fits = length === undefined || Number(end) - Number(start) + 1 === Number(length);
  if (isNext && fits) return;
  throw new Refusal(416, 'BLOB_UPLOAD_INVALID', `the next byte is ${upload.size}`, uploadHeaders(upload));
}

function partOf(call: Call, digest: Digest, bytes: Buffer): Answer {
  const headers = {
    'content-type': 'application/octet-stream',
    'docker-content-digest': digest,
    'accept-ranges': 'bytes',
    etag: `"${digest}"`,
  };
  const range = call.header('range');
  const [, first, last] = /^bytes=(\d+)-(\d*)$/.exec(range ?? '') ?? [];
  if (range === undefined || first === undefined || last === undefined) return { status: 200, headers, body: bytes };
  const start = Number(first);
  const end = last === '' ? bytes.length - 1 : Math.min(Number(last), bytes.length - 1);
  if (start > end) {
    throw new Refusal(416, 'SIZE_INVALID', 'the blob is shorter', { 'content-range': `bytes */${bytes.length}` });
  }
  const part = { ...headers, 'content-range': `bytes ${start}-${end}/${bytes.length}` };
  return { status: 206, headers: part, body: bytes.subarray(start, end + 1) };
}
