export { readWordsOrElements as readVolume } from './word-list.ts';
