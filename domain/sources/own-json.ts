import { z } from 'zod';
import { alertInput, normaliseAlert } from '../alert-intake';
import { normaliseBuild, passedOnBuild } from '../build-intake';
import { changeInput, normaliseChange } from '../change-intake';
import { environmentOf, serviceOf } from './names';
import type { Normalised, SourceContext, WireMessage } from './source';
import { readAs } from './wire';

/** What a message in our own JSON comes with: its envelope's words where it has none of its own. */
export interface Envelope {
  readonly source: string;
  /** Identity of what has none. */
  readonly id: string;
}

/** Reads the member `data` of a message, which holds one object in our own JSON. Throws `unreadable`. */
export type OwnReader = (message: WireMessage, envelope: Envelope, context: SourceContext) => Normalised;

/** An alert as in `POST /v1/alerts`. */
export const ownAlert: OwnReader = (message, envelope, context) => {
  const { data } = readAs(message, z.looseObject({ data: alertInput }));
  return {
    object: 'alert',
    ...normaliseAlert({ ...data, ...placeOf(data, context), source: data.source ?? envelope.source, id: data.id ?? envelope.id }, context),
  };
};

/** A change as in `POST /v1/changes`. */
export const ownChange: OwnReader = (message, envelope, context) => {
  const { data } = readAs(message, z.looseObject({ data: changeInput }));
  return { object: 'change', ...normaliseChange({ ...data, ...placeOf(data, context), id: data.id ?? envelope.id }, context) };
};

/** A build as in `POST /v1/builds`; fields that it does not know are left aside. */
export const ownBuild: OwnReader = (message, envelope, context) => {
  const { data } = readAs(message, z.looseObject({ data: passedOnBuild }));
  return { object: 'build', ...normaliseBuild({ ...data, source: data.source ?? envelope.source, id: data.id ?? envelope.id }, context) };
};

function placeOf(
  told: { readonly service: string; readonly environment?: string | undefined },
  context: SourceContext,
): { service: string; environment: string } {
  return { service: serviceOf([told.service], context), environment: environmentOf([told.environment], context) };
}
