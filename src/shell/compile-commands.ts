import { type FileCommand, impliedPath, type PathUse, pathUse } from './file-command.ts';
import { readOptions } from './options.ts';

const values = new Set(
  (
    '-o -I -L -l -D -U -include -isystem -iquote -idirafter -x -T -u -z -Xlinker -Xpreprocessor -Xassembler -MF -MT ' +
    '-MQ -arch -framework -target --target --param -B -specs --sysroot'
  ).split(' '),
);

/** A compiler driver: it reads the project around it, and writes what `-o` names, else into its working directory. */
const driver: FileCommand = (words, program) => {
  const { options } = readOptions(words, { values, singleDashLong: true });
  const writes: PathUse[] = options.flatMap(({ name, value }) =>
    name === '-o' && value !== undefined ? [pathUse(value)] : [],
  );
  return {
    reads: [impliedPath('.', program)],
    writes: writes.length > 0 ? writes : [impliedPath('.', program)],
  };
};

const drivers =
  'gcc g++ cc c++ clang clang++ gfortran tcc musl-gcc c99 ld ld.gold ld.lld gcc-10 g++-10 gcc-11 g++-11 gcc-12 g++-12 gcc-13 g++-13 gcc-14 g++-14 swiftc ghc ocamlfind ocamlopt fpc valac nvcc';

export const compileCommands: readonly (readonly [string, FileCommand])[] = drivers
  .split(' ')
  .map((name) => [name, driver] as const);
