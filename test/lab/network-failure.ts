/** True where a build failed because something outside could not be reached: that says nothing of the project. */
export function isNetworkFailure(text: string): boolean {
  return SIGNS.test(text);
}

const SIGNS =
  /Temporary failure (?:in name resolution|resolving)|Could not (?:resolve|connect)|Unable to connect|Connection timed out|ETIMEDOUT|ECONNRESET|EAI_AGAIN|ENOTFOUND|E: Failed to fetch|network is unreachable|SELF_SIGNED_CERT|unable to get local issuer|npm error code E[45]\d\d/i;
