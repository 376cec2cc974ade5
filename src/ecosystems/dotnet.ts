import type { Ecosystem } from './ecosystem.ts';
import { recognisedOnly } from './recognised-only.ts';

/** .NET. */
export const ecosystem: Ecosystem = recognisedOnly({
  name: 'dotnet',
  title: '.NET',
  images: ['dotnet', 'aspnetcore'],
  programs: /^(dotnet)$/,
});
