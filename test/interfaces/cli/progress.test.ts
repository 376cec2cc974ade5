import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Whereabouts } from '../../../src/interfaces/cli/progress.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** What a search of two folders shows, with time between them. */
function shown(isTerminal: boolean, quiet: boolean): string {
  const written: string[] = [];
  const search = new Whereabouts({ isTerminal, write: (data) => written.push(String(data)) }, 'searching', quiet);
  search.enters('at once');
  vi.advanceTimersByTime(1000);
  search.enters('later');
  search.enters('at once again');
  search.clear();
  return written.join('');
}

test('a search that takes its time says where it is, and leaves nothing behind', () => {
  expect(shown(true, false)).toBe('\r\u001b[Ksearching later\r\u001b[K');
});

test('a search says nothing to a program, nor where it is to be quiet', () => {
  expect(shown(false, false)).toBe('');
  expect(shown(true, true)).toBe('');
});
