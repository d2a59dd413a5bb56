/** Whether an address is of AWS, by HTTPS, or of this machine. */
export function isOurs(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, protocol } = new URL(text);
  if (protocol === 'https:' && /\.amazonaws\.com(?:\.cn)?$/.test(hostname)) return true;
  return isLoopback(text);
}

/** Whether a URL leads to this machine. */
export function isLoopback(url: string): boolean {
  const { hostname } = new URL(url);
  return hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);
}
