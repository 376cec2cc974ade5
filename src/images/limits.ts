/** How much of an image is read before it is refused; an archive that nobody has vouched for must end somewhere. */
export interface Limits {
  /** entries of all layers together, folders that only their paths name included */
  readonly entries: number;
  /** folders that the paths and links of an image lead through, all together */
  readonly pathSteps: number;
  /** bytes of all layers together, unpacked */
  readonly unpackedBytes: number;
  /** bytes of one manifest, index or configuration */
  readonly documentBytes: number;
  /** bytes of one file of the image that is kept whole (/etc/passwd, the loader's cache) */
  readonly keptBytes: number;
  /** bytes of all files that are kept whole */
  readonly allKeptBytes: number;
  /** bytes of one binary that are held in memory; a larger one is laid into a temporary file */
  readonly binaryBytesInMemory: number;
  /** how long a registry may say nothing */
  readonly silentMilliseconds: number;
}

/** The largest images in common use have about 400,000 files and 30 GB. */
export const IMAGE_LIMITS: Limits = {
  entries: 1_000_000,
  pathSteps: 200_000_000,
  unpackedBytes: 64 * 2 ** 30,
  documentBytes: 8 << 20,
  keptBytes: 32 << 20,
  allKeptBytes: 256 << 20,
  binaryBytesInMemory: 32 << 20,
  silentMilliseconds: 60_000,
};

/** Longest path and component that Linux takes (PATH_MAX, NAME_MAX). */
export const longestPath = 4096;
export const longestName = 255;
