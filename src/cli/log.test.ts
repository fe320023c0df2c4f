import { describe, expect, it } from 'vitest';
import { createFakeClock } from '../kube/testing/fake-clock.ts';
import { createLogger, type LogFormat, type LogLevel } from './log.ts';
import { createPaint } from './paint.ts';

function record(level: LogLevel, format: LogFormat) {
  const lines: string[] = [];
  const logger = createLogger({
    clock: createFakeClock(),
    level,
    format,
    paint: createPaint(false),
    write: (line) => lines.push(line),
  });
  return { logger, lines };
}

describe('createLogger', () => {
  it('writes one JSON object a line', () => {
    const { logger, lines } = record('info', 'json');
    logger.info({ controller: 'rollout', key: 'shop/app' }, 'reconciled');
    logger.debug({}, 'not shown');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
      { level: 'info', time: '2026-01-01T00:00:00.000Z', controller: 'rollout', key: 'shop/app', msg: 'reconciled' },
    ]);
  });

  it('writes a line for people', () => {
    const { logger, lines } = record('debug', 'text');
    logger.warn({ key: 'shop/app', why: 'no answer', count: 2 }, 'trying\nagain');
    expect(lines).toEqual(['00:00:00.000 warn  trying again key=shop/app why="no answer" count=2\n']);
  });

  it('tells an error by its message, and with its stack when debugging', () => {
    const error = new Error('connection refused');
    const calm = record('info', 'json');
    calm.logger.error({ error }, 'failed');
    expect(JSON.parse(calm.lines[0] ?? '')).toMatchObject({ error: 'connection refused' });
    const nosy = record('debug', 'json');
    nosy.logger.error({ error }, 'failed');
    expect(nosy.lines[0]).toContain('log.test.ts');
  });
});
