import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { linesOf, parseWatchLine } from './watch-stream.ts';

async function* chunksOf(bytes: Uint8Array, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
  let start = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    yield bytes.subarray(start, cut);
    start = cut;
  }
  yield bytes.subarray(start);
}

async function collect(lines: AsyncIterable<string>): Promise<string[]> {
  const all: string[] = [];
  for await (const line of lines) all.push(line);
  return all;
}

describe('lines of a watch', () => {
  it('are the same wherever the network cuts them, within a character too', async () => {
    const text = fc.string({ unit: 'binary', minLength: 1 }).map((value) => JSON.stringify({ value }));
    await fc.assert(
      fc.asyncProperty(fc.array(text, { maxLength: 5 }), fc.array(fc.nat(400), { maxLength: 8 }), async (lines, at) => {
        const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
        const cuts = at.map((cut) => cut % (bytes.length + 1));
        expect(await collect(linesOf(chunksOf(bytes, cuts)))).toEqual(lines);
      }),
    );
  });

  it('leave out a last line that was cut', async () => {
    expect(await collect(linesOf(chunksOf(Buffer.from('{"a":1}\n{"b":'), [])))).toEqual(['{"a":1}']);
  });

  it('have a longest length', async () => {
    const chunk = new Uint8Array(1024 * 1024).fill(0x61);
    const endless = async function* (): AsyncGenerator<Uint8Array> {
      while (true) yield chunk;
    };
    await expect(collect(linesOf(endless()))).rejects.toMatchObject({ code: 'KBK_KUBE_RESPONSE' });
  });

  it.each(['not json', '[]', '{"type":"ADDED"}', '{"type":1,"object":{}}'])('refuses %s', (line) => {
    expect(() => parseWatchLine(line)).toThrow(/watch/);
  });
});
