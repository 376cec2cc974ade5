export { type CommandForm, readCommand as readCmd } from './command-form.ts';
