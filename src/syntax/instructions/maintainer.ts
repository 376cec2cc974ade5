export { readWhole as readMaintainer } from './word-list.ts';
