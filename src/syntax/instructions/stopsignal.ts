export { readWhole as readStopsignal } from './word-list.ts';
