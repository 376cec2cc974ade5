import { ImageRefused } from '../image-refused.ts';

export type JsonObject = Readonly<Record<string, unknown>>;

/** A document of an image as JSON; throws ImageRefused where it is none. */
export function parseJson(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new ImageRefused(`${what} is not JSON: the image is damaged, or no image`);
  }
}

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function asObject(value: unknown, what: string): JsonObject {
  if (!isObject(value)) throw new ImageRefused(`${what} is not what an image has there`);
  return value;
}

export function asText(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

/** A list of texts; undefined for anything else, null included. */
export function asTexts(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
}
