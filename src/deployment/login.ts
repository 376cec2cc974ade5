/** Host that hardened images are pulled from. */
export const hardenedHost = 'dhi.io';

/** Whether a text's FROM or COPY --from names an image of dhi.io. */
export function pulls(text: string): boolean {
  return /^[ \t]*(FROM|COPY)\b[^\n]*\bdhi\.io\//im.test(text);
}
