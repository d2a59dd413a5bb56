import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keysOf } from './identity';

/** Makes shared configuration files of the SDK with a profile for each account, and leads the SDK to them until `restore` is called. */
export function useProfiles(profiles: Readonly<Record<string, string>>): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'nightshift-aws-'));
  const section = ([name, account]: [string, string]): string => {
    const { accessKeyId, secretAccessKey } = keysOf(account);
    return `[${name}]\naws_access_key_id = ${accessKeyId}\naws_secret_access_key = ${secretAccessKey}\n`;
  };
  writeFileSync(join(folder, 'credentials'), Object.entries(profiles).map(section).join('\n'));
  writeFileSync(join(folder, 'config'), '');
  const set = { AWS_SHARED_CREDENTIALS_FILE: join(folder, 'credentials'), AWS_CONFIG_FILE: join(folder, 'config') };
  const before = Object.keys(set).map((name): [string, string | undefined] => [name, process.env[name]]);
  Object.assign(process.env, set);
  return () => {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name);
      else process.env[name] = value;
    }
    rmSync(folder, { recursive: true });
  };
}
