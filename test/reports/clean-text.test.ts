import { expect, test } from 'vitest';
import { maskSecrets, sentence, visible } from '../../src/reports/clean-text.ts';

test.each([
  ['ENV DB_PASSWORD=hunter2', 'ENV DB_PASSWORD=*******'],
  ['ENV DB_PASSWORD hunter 2', 'ENV DB_PASSWORD ********'],
  ['ARG NPM_TOKEN="a b"', 'ARG NPM_TOKEN=*****'],
  ["ENV A=1 aws_secret_access_key='x y' B=2", 'ENV A=1 aws_secret_access_key=***** B=2'],
  ['RUN login --password hunter2 --user me', 'RUN login --password ******* --user me'],
  ['RUN curl -H "Authorization: Bearer abcdefgh12"', 'RUN curl -H "Authorization: Bearer **********"'],
  ['RUN git clone https://me:s3cret@example.com/x', 'RUN git clone https://me:******@example.com/x'],
])('the secret in %j is masked, column by column', (line, masked) => {
  expect(maskSecrets(line)).toBe(masked);
  expect(masked).toHaveLength(line.length);
});

test.each([
  'ENV PORT=8080',
  'ARG NPM_TOKEN=$TOKEN',
  'ENV X="${DB_PASSWORD}"',
  'FROM python:3.11-slim',
  'ENV PATH=/a:$PATH',
])('there is no secret in %j', (line) => {
  expect(maskSecrets(line)).toBe(line);
});

test('what a terminal obeys is made visible, one for one', () => {
  expect(visible('a\u001b[31mb\u202ec\u009bd\u0007\ufeff')).toBe('a\ufffd[31mb\ufffdc\ufffdd\ufffd\ufffd');
  expect(visible('tab\tstays, ü and 😀 too')).toBe('tab\tstays, ü and 😀 too');
  expect(visible('broken \udcff byte')).toBe('broken \ufffd byte');
});

test('a sentence stays on one line and within bounds', () => {
  expect(sentence('a\nb\r\n\tc')).toBe('a b c');
  expect(sentence('x'.repeat(10_000)).length).toBeLessThan(2100);
});

test('masking is linear', () => {
  const seconds = (text: string) => {
    const start = performance.now();
    maskSecrets(text);
    return (performance.now() - start) / 1000;
  };
  for (const piece of ['a', 'A=', '"', "x='", '://', '-p ', 'bearer ', 'password']) {
    expect(seconds(piece.repeat(200_000 / piece.length)), piece).toBeLessThan(2);
  }
});
