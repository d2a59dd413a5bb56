import { resolve } from 'node:path';
import type { Problem } from '../domain/errors';
import type { SecretRef } from './fields';
import { readText } from './files';
import type { Environment } from './types';

/** Reads secrets by reference and remembers what was wrong; the texts themselves never enter a problem. */
export class Secrets {
  readonly problems: Problem[] = [];

  constructor(
    private readonly env: Environment,
    /** Folder that relative files start at. */
    private readonly base: string,
  ) {}

  /** The secret's text without outer white space; undefined, with a problem noted at `path`, when there is none. */
  read(ref: SecretRef | undefined, path: string): string | undefined {
    if (ref === undefined) return undefined;
    return 'env' in ref ? this.fromEnvironment(ref.env, path) : this.fromFile(ref.file, path);
  }

  private fromEnvironment(name: string, path: string): string | undefined {
    const text = Object.hasOwn(this.env, name) ? this.env[name]?.trim() : undefined;
    return text === undefined || text === '' ? this.missing(path, `the environment has no variable ${name}, or it is empty; set it`) : text;
  }

  private fromFile(file: string, path: string): string | undefined {
    const found = readText(resolve(this.base, file));
    if (found.text === undefined) return this.missing(path, found.reason);
    const text = found.text.trim();
    return text === '' ? this.missing(path, `the file ${resolve(this.base, file)} is empty; write the secret into it`) : text;
  }

  private missing(path: string, message: string): undefined {
    this.problems.push({ path, message });
    return undefined;
  }
}
