import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decode, encode, encodedLength, replaceInvalid } from '../../src/text/encoding.ts';

const bytes = (...values: number[]) => Uint8Array.from(values);

test('valid UTF-8 is decoded as it is, byte order mark included', () => {
  expect(decode(bytes(0xef, 0xbb, 0xbf, 0x46, 0xc3, 0xa9, 0xf0, 0x9f, 0x90, 0xb3))).toEqual({
    text: '\ufeffFé🐳',
    invalid: false,
  });
});

test('each byte that is not UTF-8 becomes a lone surrogate of its own', () => {
  expect(decode(bytes(0x61, 0xff, 0x62))).toEqual({ text: 'a\udcffb', invalid: true });
  expect(decode(bytes(0xe2, 0x82)).text).toBe('\udce2\udc82');
  expect(decode(bytes(0xc0, 0xaf)).text).toBe('\udcc0\udcaf');
  expect(decode(bytes(0xed, 0xa0, 0x80)).text).toBe('\udced\udca0\udc80');
  expect(decode(bytes(0xf4, 0x90, 0x80, 0x80)).text).toBe('\udcf4\udc90\udc80\udc80');
});

test('any bytes come back', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (input) => {
      expect(encode(decode(input).text)).toEqual(input);
    }),
    { numRuns: 500 },
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(0x41, 0xc3, 0xa9, 0xe2, 0x82, 0xac, 0xf0, 0x9f, 0x90, 0xb3)), (values) => {
      expect(encode(decode(bytes(...values)).text)).toEqual(bytes(...values));
    }),
    { numRuns: 500 },
  );
});

test('the encoded length is the number of bytes', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (input) => {
      const { text } = decode(input);
      expect(encodedLength(text, 0, text.length)).toBe(input.length);
    }),
  );
});

test('output for people holds no lone surrogate', () => {
  expect(replaceInvalid('a\udcffb🐳\ud800')).toBe('a\ufffdb🐳\ufffd');
});
