/**
 * Gzipped tar archives, as layers are: written as ustar with nothing that changes between runs, read with bounds.
 * https://pubs.opengroup.org/onlinepubs/9799919799/utilities/pax.html
 */
import { gunzipSync, gzipSync } from 'node:zlib';
import { ArchiveError } from './errors.ts';

/** Path, relative and with `/`, to content. */
export type Files = ReadonlyMap<string, Uint8Array>;

export interface UnpackLimits {
  /** Bytes of the archive when unpacked. Default 100 MiB, as `flux pull` has it. */
  readonly maxBytes?: number;
  /** Default 10,000. */
  readonly maxEntries?: number;
}

const block = 512;
const magic = 'ustar\0';
const defaultBytes = 100 * 1024 * 1024;
const defaultEntries = 10_000;
const longestPath = 4096;

/**
 * The same files give the same bytes: sorted, without times and owners, mode 0644.
 * @throws ArchiveError for a path that ustar cannot hold or that leads outside
 */
export function packFiles(files: Files): Buffer {
  const parts: Uint8Array[] = [];
  for (const path of [...files.keys()].sort()) {
    if (path === '' || safePath(path) !== path)
      throw new ArchiveError(`Archive path "${path.slice(0, 200)}" is not a relative path`);
    const content = files.get(path) ?? new Uint8Array();
    parts.push(header(path, content.byteLength), content, new Uint8Array(padding(content.byteLength)));
  }
  parts.push(new Uint8Array(2 * block));
  const packed = gzipSync(Buffer.concat(parts), { level: 9 });
  // The byte that names the operating system: https://www.rfc-editor.org/rfc/rfc1952#page-5
  packed[9] = 255;
  return packed;
}

/**
 * Regular files only: directories are implied, links and devices are left out.
 * @throws ArchiveError when it is no archive, too big, or when a path leads outside
 */
export function unpackFiles(packed: Uint8Array, limits: UnpackLimits = {}): Files {
  const { maxBytes = defaultBytes, maxEntries = defaultEntries } = limits;
  const archive = gunzip(packed, maxBytes);
  const files = new Map<string, Uint8Array>();
  let longName: string | undefined;
  let entries = 0;
  for (let offset = 0; offset + block <= archive.length; ) {
    const head = archive.subarray(offset, offset + block);
    if (head.every((byte) => byte === 0)) return files;
    entries += 1;
    if (entries > maxEntries) throw new ArchiveError(`Archive has more than ${maxEntries} entries; split it`);
    checkHeader(head);
    const size = octal(head.subarray(124, 136));
    const start = offset + block;
    if (start + size > archive.length) throw new ArchiveError('Archive ends within a file; push it again');
    const content = archive.subarray(start, start + size);
    offset = start + size + padding(size);

    const type = String.fromCharCode(head[156] ?? 0);
    if (type === 'x') longName = paxPath(content) ?? longName;
    else if (type === 'L') longName = textOf(content);
    else if (type !== 'g') {
      const path = safePath(longName ?? nameOf(head));
      longName = undefined;
      if (path !== '' && (type === '0' || type === '\0')) files.set(path, Uint8Array.from(content));
    }
  }
  throw new ArchiveError('Archive has no end mark; push it again');
}

function gunzip(packed: Uint8Array, maxBytes: number): Buffer {
  try {
    return gunzipSync(packed, { maxOutputLength: maxBytes });
  } catch (cause) {
    const isTooBig = cause instanceof RangeError;
    const fault = isTooBig ? `is larger than ${maxBytes} bytes when unpacked` : 'is not gzip';
    throw new ArchiveError(`Archive ${fault}; push another one`, { cause });
  }
}

/** The path without `./`; refuses absolute paths, `..` and what is no name at all. */
function safePath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  const isOutside = path.startsWith('/') || parts.includes('..') || /^[a-zA-Z]:/.test(path);
  if (isOutside || /[\0\\]/.test(path) || path.length > longestPath) {
    throw new ArchiveError(`Archive path "${path.slice(0, 200)}" leads outside its folder; pack it again without it`);
  }
  return parts.join('/');
}

function header(path: string, size: number): Buffer {
  const [prefix, name] = splitPath(path);
  const head = Buffer.alloc(block);
  head.write(name, 0, 'utf8');
  head.write('0000644\0', 100);
  head.write('0000000\0', 108);
  head.write('0000000\0', 116);
  head.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  head.write(`${'0'.repeat(11)}\0`, 136);
  head.write('0', 156);
  head.write(`${magic}00`, 257);
  head.write(prefix, 345, 'utf8');
  head.write(`${checksum(head).toString(8).padStart(6, '0')}\0 `, 148);
  return head;
}

function splitPath(path: string): [prefix: string, name: string] {
  if (Buffer.byteLength(path) <= 100) return ['', path];
  for (let slash = path.indexOf('/'); slash > 0; slash = path.indexOf('/', slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (Buffer.byteLength(prefix) <= 155 && Buffer.byteLength(name) <= 100) return [prefix, name];
  }
  throw new ArchiveError(`Archive path "${path.slice(0, 200)}" is too long for ustar; shorten it`);
}

function checkHeader(head: Buffer): void {
  if (octal(head.subarray(148, 156)) === checksum(head)) return;
  throw new ArchiveError('Archive is not a tar: the checksum of a header is wrong; push it again');
}

// The checksum counts its own field as spaces.
function checksum(head: Uint8Array): number {
  let sum = 0;
  for (const [index, byte] of head.entries()) sum += index >= 148 && index < 156 ? 0x20 : byte;
  return sum;
}

function octal(field: Buffer): number {
  const digits = textOf(field).trim();
  if (!/^[0-7]{1,12}$/.test(digits))
    throw new ArchiveError('Archive is not a tar: a number is not octal; push it again');
  return Number.parseInt(digits, 8);
}

function nameOf(head: Buffer): string {
  const name = textOf(head.subarray(0, 100));
  const isUstar = head.subarray(257, 262).toString('latin1') === 'ustar';
  const prefix = isUstar && head[262] === 0 ? textOf(head.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

// Records of the form `<length> <key>=<value>\n`.
function paxPath(content: Buffer): string | undefined {
  for (const [, path] of content.toString('utf8').matchAll(/^\d+ path=([^\n]*)$/gm)) return path;
  return undefined;
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0);
  return field.subarray(0, end < 0 ? field.length : end).toString('utf8');
}

function padding(size: number): number {
  return (block - (size % block)) % block;
}
