import type { ElfFile } from './read-elf.ts';

/** `e_machine` of the architectures that images are made for, by their name in an image's configuration (GOARCH). */
const machines: ReadonlyMap<string, number> = new Map([
  ['amd64', 62],
  ['386', 3],
  ['arm64', 183],
  ['arm', 40],
  ['ppc64le', 21],
  ['s390x', 22],
  ['riscv64', 243],
  ['loong64', 258],
  ['mips64le', 8],
  ['mipsle', 8],
]);

/** Which 32-bit programs a 64-bit kernel runs as well. */
const also: ReadonlyMap<string, number> = new Map([
  ['amd64', 3],
  ['arm64', 40],
]);

/** True where the kernel of an image's architecture takes a binary; what is not known is taken. */
export function runsOn(elf: Pick<ElfFile, 'machine'>, architecture: string): boolean {
  const machine = machines.get(architecture);
  return machine === undefined || machine === elf.machine || also.get(architecture) === elf.machine;
}

/** True where one binary can be loaded into the process of the other. */
export function loadsWith(library: ElfFile, program: ElfFile): boolean {
  return (
    library.machine === program.machine &&
    library.bits === program.bits &&
    library.littleEndian === program.littleEndian
  );
}

/** The name of a binary's architecture, for a person. */
export function architectureOf(elf: Pick<ElfFile, 'machine'>): string {
  for (const [name, machine] of machines) if (machine === elf.machine) return name;
  return `machine ${elf.machine}`;
}
