/** An image that cannot be read, and why: one sentence without a full stop that says what to do where there is something to do. */
export class ImageRefused extends Error {
  override readonly name = 'ImageRefused';
}
