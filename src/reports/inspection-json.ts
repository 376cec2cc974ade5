import type { Inspection } from '../images/inspection.ts';

/** Version of the format; it goes up when a reader of the old one would break. */
const formatVersion = 1;

/** An inspection as one JSON object. What is not known is null, never left out. */
export function inspectionJson(inspection: Inspection, rehull: string): string {
  const known = (_key: string, value: unknown) => (value === undefined ? null : value);
  return `${JSON.stringify({ version: formatVersion, rehull, ...inspection }, known)}\n`;
}
