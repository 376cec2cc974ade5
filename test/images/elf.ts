/** A binary of nothing but what the kernel and the loader read of it. Layout: System V ABI and its GNU versions. */
export interface Binary {
  readonly machine?: number;
  readonly interpreter?: string;
  readonly needed?: readonly string[];
  readonly runpath?: string;
  readonly rpath?: string;
  readonly soname?: string;
  /** DF_1_NODEFLIB */
  readonly noDefaultPaths?: boolean;
  /** versions needed of libraries */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
  readonly defines?: readonly string[];
}

export function elf({ machine = 62, interpreter, needed = [], needs = {}, defines = [], ...rest }: Binary): Buffer {
  let strings = '\0';
  const text = (value: string) => {
    const at = strings.length;
    strings += `${value}\0`;
    return at;
  };
  const numbers = (...fields: readonly (readonly [size: 2 | 4 | 8, value: number])[]) =>
    Buffer.concat(
      fields.map(([size, value]) => {
        const bytes = Buffer.alloc(size);
        if (size === 8) bytes.writeBigUInt64LE(BigInt(value));
        else bytes.writeUIntLE(value, 0, size);
        return bytes;
      }),
    );

  const wanted = Object.entries(needs);
  const verneed = Buffer.concat(
    wanted.map(([library, versions], index) => {
      const size = 16 * (1 + versions.length);
      const next = index === wanted.length - 1 ? 0 : size;
      return Buffer.concat([
        numbers([2, 1], [2, versions.length], [4, text(library)], [4, 16], [4, next]),
        ...versions.map((version, at) =>
          numbers([4, 0], [2, 0], [2, 0], [4, text(version)], [4, at === versions.length - 1 ? 0 : 16]),
        ),
      ]);
    }),
  );
  const verdef = Buffer.concat(
    defines.map((version, at) =>
      numbers(
        ...([
          [2, 1],
          [2, 0],
          [2, at + 1],
          [2, 1],
          [4, 0],
          [4, 20],
          [4, at === defines.length - 1 ? 0 : 28],
        ] as const),
        ...([
          [4, text(version)],
          [4, 0],
        ] as const),
      ),
    ),
  );
  const names = needed.map(text);
  const named = [
    [14, rest.soname],
    [15, rest.rpath],
    [29, rest.runpath],
  ] as const;
  const texts = named.flatMap(([name, value]) => (value === undefined ? [] : [[name, text(value)] as const]));

  const head = 64 + 3 * 56;
  const loader = Buffer.from(`${interpreter ?? ''}\0`);
  const stringsAt = head + loader.length;
  const verneedAt = stringsAt + strings.length;
  const verdefAt = verneedAt + verneed.length;
  const dynamicAt = verdefAt + verdef.length;
  const tag = (name: number, value: number) => numbers([8, name], [8, value]);
  const dynamic = Buffer.concat([
    ...names.map((at) => tag(1, at)),
    tag(5, stringsAt),
    ...texts.map(([name, at]) => tag(name, at)),
    ...(rest.noDefaultPaths ? [tag(0x6ffffffb, 0x800)] : []),
    ...(wanted.length === 0 ? [] : [tag(0x6ffffffe, verneedAt), tag(0x6fffffff, wanted.length)]),
    ...(defines.length === 0 ? [] : [tag(0x6ffffffc, verdefAt), tag(0x6ffffffd, defines.length)]),
    tag(0, 0),
  ]);
  const size = dynamicAt + dynamic.length;
  const segment = (kind: number, at: number, length: number) =>
    numbers([4, kind], [4, 4], [8, at], [8, at], [8, at], [8, length], [8, length], [8, 1]);
  const header = Buffer.concat([
    Buffer.from('7f454c46020101000000000000000000', 'hex'),
    numbers(
      [2, 3],
      [2, machine],
      [4, 1],
      [8, 0],
      [8, 64],
      [8, 0],
      [4, 0],
      [2, 64],
      [2, 56],
      [2, 3],
      [2, 64],
      [2, 0],
      [2, 0],
    ),
  ]);
  return Buffer.concat([
    header,
    segment(1, 0, size),
    segment(2, dynamicAt, dynamic.length),
    // PT_NULL where there is no interpreter
    segment(interpreter === undefined ? 0 : 3, head, loader.length),
    loader,
    Buffer.from(strings, 'latin1'),
    verneed,
    verdef,
    dynamic,
  ]);
}
