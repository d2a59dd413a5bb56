/** Where on this machine a service finds what its container has inside. */
export interface Places {
  /** Ports of this machine by `<service>:<port in the container>`. */
  readonly ports: Readonly<Record<string, number>>;
  /** Paths of this machine by path in the container. */
  readonly paths: Readonly<Record<string, string>>;
}

const LOOPBACK = '127.0.0.1';
const OWN = [LOOPBACK, 'localhost', '0.0.0.0'];

/** A variable of the environment as it is without a container. A service's name alone is a host only where the variable is one: users have such names too. */
export function placedVariable(name: string, value: string, self: string, places: Places): string {
  return /_(HOST|SEEDS)$/.test(name) && servicesOf(places).includes(value) ? LOOPBACK : placed(value, self, places);
}

/** A word of a command as it is without a container: hosts, ports and paths are replaced, and nothing else. */
export function placed(text: string, self: string, places: Places): string {
  const { ports, paths } = places;
  if (text === '0.0.0.0') return LOOPBACK;
  const alone = Object.keys(ports).find((key) => key === `${self}:${text}`) ?? Object.keys(ports).find((key) => key.endsWith(`:${text}`));
  if (alone !== undefined) return String(ports[alone]);
  const inside = Object.keys(paths).sort((a, b) => b.length - a.length);
  const moved = inside.reduce((sum, path) => sum.replaceAll(new RegExp(`${escaped(path)}(?![\\w-])`, 'g'), () => paths[path] ?? path), text);
  const hosts = [...OWN, ...servicesOf(places)].map(escaped).join('|');
  return moved.replaceAll(new RegExp(`(?<![\\w.-])(${hosts}):(\\d+)\\b`, 'g'), (whole, host: string, port: string) => {
    const to = ports[`${OWN.includes(host) ? self : host}:${port}`];
    return to === undefined ? whole : `${LOOPBACK}:${String(to)}`;
  });
}

function servicesOf({ ports }: Places): string[] {
  return [...new Set(Object.keys(ports).map((key) => key.split(':')[0] ?? ''))];
}

function escaped(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
