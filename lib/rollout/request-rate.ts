/** `1 request per second`, `200 requests per second`. @param rate the formatted number */
export function describeRequestRate(rate: string): string {
  return `${rate} ${rate === '1' ? 'request' : 'requests'} per second`;
}
