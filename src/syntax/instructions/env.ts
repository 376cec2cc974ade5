export { type KeyValue, type KeyValues, readKeyValues as readEnv } from './key-values.ts';
