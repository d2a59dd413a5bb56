import { z } from 'zod';

/** Twelve digits. */
export const accountId = z.string().regex(/^\d{12}$/, { error: 'is not the id of an account; write its twelve digits in quotes' });
/** A region's name. */
export const region = z.string().regex(/^[a-z]{2,4}(?:-[a-z]+)+-\d{1,2}$/, { error: 'is not a region; write one such as eu-central-1' });
/** Regions of one account, the first of which is its home. */
export const regions = z.array(region).min(1, { error: 'must name a region' }).max(40).refine(isUnique, { error: 'names a region twice' });
/** Name of a role without a path. */
export const roleName = z.string().regex(/^[\w+=,.@-]{1,64}$/, { error: 'is not the name of a role, which has no path' });

/** An ARN of a service, whose last part is written like `form`. */
export function arnOf(service: string, form: RegExp, example: string): z.ZodString {
  const pattern = new RegExp(`^arn:aws(?:-[a-z]+)*:${service}:[a-z0-9-]*:(?:\\d{12}|aws)?:${form.source}$`);
  return z.string().regex(pattern, { error: `is not such an ARN; write one such as ${example}` });
}

/** A name of something of AWS: no pattern, so that a policy holds for what was meant and nothing else. */
export const exactName = z.string().regex(/^[\w.@#/+=-]{1,255}$/, { error: 'is not a name; patterns such as * are not taken here' });
/** Id of what Application Auto Scaling scales, such as `service/shop/checkout` or `function:checkout:live`. */
export const scaledName = z.string().regex(/^[\w.@#/+=:-]{1,500}$/, { error: 'is not an id of a resource; patterns such as * are not taken here' });
/** A key or value of a tag. */
export const tagText = z.string().regex(/^[\w.:/=+@ -]{1,128}$/, { error: 'is not usable as a key or value of a tag' });

/** Whether nothing stands in a list twice. */
export function isUnique(list: readonly string[]): boolean {
  return new Set(list).size === list.length;
}
