import { errorCode } from '../../domain/errors';
import { placeText } from '../../domain/aws/place';
import type { AwsPlace } from '../../domain/aws/place';
import type { AwsAccess, ReadSettings } from './access';
import { awsError } from './errors';

/** Sends to one service in any place. */
export interface AwsClients<C> {
  /** Sends by the client of a place, which is made when it is needed first. Throws what `awsError` makes of an error; `operation` is as IAM writes it, such as `xray:GetServiceGraph`. */
  ask<T>(place: AwsPlace, operation: string, send: (client: C) => Promise<T>): Promise<T>;
}

/** One client of a service for each place. */
export function awsClients<C>(access: AwsAccess, make: (settings: ReadSettings) => Promise<C>): AwsClients<C> {
  const made = new Map<string, Promise<C>>();
  const clientOf = (place: AwsPlace): Promise<C> => {
    const key = placeText(place);
    const client = made.get(key) ?? access.reading(place).then(make);
    made.set(key, client);
    // One that could not be made is made again.
    client.catch(() => made.delete(key));
    return client;
  };
  return {
    async ask(place, operation, send) {
      try {
        return await send(await clientOf(place));
      } catch (error) {
        throw errorCode(error) === undefined ? awsError(error, `${operation} in ${placeText(place)}`) : error;
      }
    },
  };
}
