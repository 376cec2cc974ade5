/** A package that an image says it has. */
export interface Package {
  readonly ecosystem: 'debian' | 'alpine' | 'python' | 'node' | 'ruby' | 'java';
  readonly name: string;
  readonly version: string;
  /** of its files in the image; undefined where nothing says which they are */
  readonly bytes: number | undefined;
  /** index of the layer that brought it */
  readonly layer: number | undefined;
}
