/** Whether an address is of AWS, by HTTPS, or of this machine. */
export function isOurs(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { hostname, protocol } = new URL(text);
  if (protocol === 'https:' && /\.amazonaws\.com(?:\.cn)?$/.test(hostname)) return true;
  return hostname === 'localhost' || /^(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])$/.test(hostname);
}
