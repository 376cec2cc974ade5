export { readWhole as readWorkdir } from './word-list.ts';
