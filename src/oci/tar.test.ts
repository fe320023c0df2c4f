import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it, test } from 'vitest';
import { ArchiveError } from './errors.ts';
import { packFiles, unpackFiles } from './tar.ts';

const folder = mkdtempSync(join(tmpdir(), 'kuberik-tar-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
const bytes = (text: string) => new TextEncoder().encode(text);

const path = fc
  .array(fc.stringMatching(/^[a-zA-Z0-9_-][a-zA-Z0-9._ äß-]{0,12}$/), { minLength: 1, maxLength: 6 })
  .map((parts) => parts.join('/'));

test('what is packed is unpacked, and the order of the files does not matter', () => {
  const files = fc.uniqueArray(fc.tuple(path, fc.uint8Array({ maxLength: 1500 })), { selector: ([name]) => name });
  fc.assert(
    fc.property(files, (entries) => {
      const packed = packFiles(new Map(entries));
      expect(packFiles(new Map(entries.toReversed()))).toEqual(packed);
      const unpacked = unpackFiles(packed);
      expect([...unpacked.keys()].sort()).toEqual(entries.map(([name]) => name).sort());
      for (const [name, content] of entries) expect(unpacked.get(name)).toEqual(Uint8Array.from(content));
    }),
    { numRuns: 50 },
  );
});

test('the bytes are the same everywhere', () => {
  const packed = packFiles(new Map([['a/b.yaml', bytes('x: 1\n')]]));
  expect([...packed.subarray(0, 10)]).toEqual([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 2, 255]);
});

describe("the system's tar", () => {
  it('reads what we write', () => {
    const long = `${'d'.repeat(90)}/${'f'.repeat(90)}`;
    writeFileSync(
      join(folder, 'ours.tgz'),
      packFiles(
        new Map([
          ['a/b.txt', bytes('hello')],
          [long, bytes('long')],
        ]),
      ),
    );
    execFileSync('tar', ['-xzf', 'ours.tgz'], { cwd: folder });
    expect(readFileSync(join(folder, 'a/b.txt'), 'utf8')).toBe('hello');
    expect(readFileSync(join(folder, long), 'utf8')).toBe('long');
  });

  it.each(['ustar', 'gnu', 'pax'])('writes %s, which we read', (format) => {
    const source = join(folder, format);
    mkdirSync(join(source, 'sub'), { recursive: true });
    writeFileSync(join(source, 'sub/one.yaml'), 'one');
    symlinkSync('/etc/passwd', join(source, 'link'));
    if (format !== 'ustar') writeFileSync(join(source, 'n'.repeat(150)), 'long');
    execFileSync('tar', [`--format=${format}`, '-czf', `../${format}.tgz`, '.'], { cwd: source });
    const files = unpackFiles(readFileSync(join(folder, `${format}.tgz`)));
    const expected = ['sub/one.yaml', ...(format === 'ustar' ? [] : ['n'.repeat(150)])];
    expect([...files.keys()].sort()).toEqual(expected.sort());
    expect(Buffer.from(files.get('sub/one.yaml') ?? []).toString()).toBe('one');
  });
});

function renamed(name: string): Buffer {
  const tar = gunzipSync(packFiles(new Map([['x'.repeat(name.length), bytes('evil')]])));
  tar.write(name, 0);
  let sum = 0;
  for (let index = 0; index < 512; index += 1) sum += index >= 148 && index < 156 ? 32 : (tar[index] ?? 0);
  tar.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return gzipSync(tar);
}

test.each(['../evil', '/etc/evil', 'a/../../evil', 'C:/evil', '..\\evil'])('refuses the path %s', (name) => {
  expect(() => unpackFiles(renamed(name))).toThrow('leads outside');
});

test.each([
  ['that is no gzip', Buffer.from('hello'), {}, 'not gzip'],
  ['that is no tar', gzipSync(Buffer.alloc(1024, 'x')), {}, 'not a tar'],
  [
    'that ends early',
    gzipSync(gunzipSync(packFiles(new Map([['a', bytes('x')]]))).subarray(0, 512)),
    {},
    'ends within',
  ],
  ['without an end', gzipSync(gunzipSync(packFiles(new Map([['a', bytes('x')]]))).subarray(0, 1024)), {}, 'no end'],
  ['that unpacks to too much', gzipSync(Buffer.alloc(1024 * 1024)), { maxBytes: 1024 }, 'larger than 1024'],
  [
    'of too many files',
    packFiles(
      new Map([
        ['a', bytes('')],
        ['b', bytes('')],
      ]),
    ),
    { maxEntries: 1 },
    'more than 1',
  ],
])('refuses an archive %s', (_, packed, limits, fault) => {
  expect(() => unpackFiles(packed, limits)).toThrow(fault);
});

test('refuses to write a path that leads outside or that does not fit', () => {
  for (const bad of ['../a', '/a', './a', 'a//b', '', 'a'.repeat(101)]) {
    expect(() => packFiles(new Map([[bad, bytes('')]]))).toThrow(ArchiveError);
  }
});

test('damaged bytes are refused with the same error', () => {
  const tar = gunzipSync(packFiles(new Map([['a/b', bytes('hello')]])));
  fc.assert(
    fc.property(fc.nat(tar.length - 1), fc.nat(255), (position, value) => {
      const damaged = Buffer.from(tar);
      damaged[position] = value;
      try {
        unpackFiles(gzipSync(damaged));
      } catch (error) {
        expect(error).toBeInstanceOf(ArchiveError);
      }
    }),
    { numRuns: 300 },
  );
});
