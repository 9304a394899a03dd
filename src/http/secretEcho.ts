const shortest = 8;

/** Bodies that people get to see: of errors, and of what is no JSON. */
export function isShown(status: number, text: string): boolean {
  return status >= 300 || !/^\s*[[{]/.test(text);
}

/**
 * A text without the secret that was sent, should the service have sent it back: errors are shown and logged, and there the
 * token must never stand. The secret is found as it is, within JSON, and within an address.
 */
export function withoutSecret(text: string, secret: string): string {
  if (secret.length < shortest || text.length < secret.length) return text;
  const forms = new Set([secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  return [...forms].reduce((clean, form) => clean.replaceAll(form, () => "…"), text);
}
