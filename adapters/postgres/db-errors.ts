import { errorCode, errorMessage, NightshiftError } from '../../domain/errors';
import { sqlState } from './database';

const UNREACHABLE = /^(08...|57P0.|53300|28...|3D000|ECONN\w+|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EPIPE|EHOSTUNREACH|ENETUNREACH|ENOENT|EACCES)$/;
const UNREACHABLE_TEXT =
  /connection terminated|timeout expired|timeout exceeded|read timeout|not queryable|server does not support ssl|is closed|cannot use a pool after/i;
const NO_ROOM = /^(53100|58030)$/;
const NO_ROOM_TEXT = /no space left on device|ENOSPC/i;
const BAD_TEXT = '22021';
// Raised by the functions of our schema, with a message for people.
const AUDIT_CONFLICT = 'NS001';

/** An error of the driver in our words; `where` names the database without user or password. Errors of ours pass unchanged. */
export function translateError(error: unknown, where: string): unknown {
  if (errorCode(error)) return error;
  const code = sqlState(error) ?? innerCode(error);
  const message = errorMessage(error);
  // The driver's error goes no further: some hold the connection's settings, and with them the password.
  if ((code && UNREACHABLE.test(code)) || UNREACHABLE_TEXT.test(message)) {
    return new NightshiftError(
      'unreachable',
      `The database ${where} does not answer${code ? ` (${code})` : ''}. Check that it runs and that its address, user and password are right.`,
    );
  }
  if ((code && NO_ROOM.test(code)) || NO_ROOM_TEXT.test(message)) {
    return new NightshiftError('unreachable', `The database ${where} has no room left${code ? ` (${code})` : ''}: nothing is stored. Make room on its disk.`);
  }
  if (code === AUDIT_CONFLICT) return new NightshiftError('conflict', message);
  if (code === BAD_TEXT) return new NightshiftError('invalid_input', 'A name or an id holds a character that cannot be stored (a NUL, or broken UTF-8).');
  return new NightshiftError('internal', `The database ${where} reported${code ? ` ${code}` : ''}: ${message}`, [], { cause: error });
}

/** A part of the store whose methods throw our errors only. */
export function guarded<T extends object>(part: T, where: string): T {
  return new Proxy(part, {
    get(target, key, receiver) {
      const member: unknown = Reflect.get(target, key, receiver);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        try {
          return await (Reflect.apply(member, target, args) as Promise<unknown>);
        } catch (error) {
          throw translateError(error, where);
        }
      };
    },
  });
}

/** Node wraps the refusals of every address of a host in one AggregateError. */
function innerCode(error: unknown): string | undefined {
  return error instanceof AggregateError ? sqlState(error.errors[0]) : undefined;
}
