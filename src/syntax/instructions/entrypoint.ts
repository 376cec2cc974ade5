export { type CommandForm, readCommand as readEntrypoint } from './command-form.ts';
