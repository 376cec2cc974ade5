import type { Header } from 'tar-stream';

/** Name and real size of a file that is stored with holes. */
export interface SparseLayout {
  readonly name: string;
  readonly size: number;
}

/** What GNU tar says in extended headers of a sparse file; undefined for every other. Its content is not read. */
export function sparseLayout({ name, pax: records, type }: Header): SparseLayout | undefined {
  if (type !== 'file' || !records) return undefined;
  const pax: Readonly<Record<string, string | undefined>> = { ...records };
  const size = Number(pax['GNU.sparse.realsize'] ?? pax['GNU.sparse.size'] ?? Number.NaN);
  if (!Number.isSafeInteger(size) || size < 0) return undefined;
  return { name: pax['GNU.sparse.name'] ?? name, size };
}
