/**
 * Recognises throttling that does not arrive as 429: Databricks answers 500 with these texts when a limit on concurrent
 * requests or on an internal call is exceeded. The request was not carried out then.
 */
export function isThrottled(status: number, body: string): boolean {
  return status >= 500 && /REQUEST_LIMIT_EXCEEDED|RPC token bucket limit/i.test(body.slice(0, 4000));
}
