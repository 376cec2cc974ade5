export { type KeyValue, type KeyValues, readKeyValues as readLabel } from './key-values.ts';
