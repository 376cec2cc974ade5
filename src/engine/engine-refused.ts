/** Why an engine cannot be used, as one sentence without a full stop that says what to do where there is something to do. */
export class EngineRefused extends Error {
  override readonly name = 'EngineRefused';
}
