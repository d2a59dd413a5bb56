import { z } from 'zod';

const count = z.number().int();
const counted = z.object({ counted: count, duplicates: count, refused: count });

/** What was kept of a message, as the API tells it; see `Taken`. */
export const takenSchema = z.object({
  alerts: z.object({ accepted: count, duplicates: count }),
  changes: z.object({ accepted: count }),
  points: z
    .object({
      ...{ added: count, duplicates: count, corrected: count },
      late: count.meta({ description: 'Of those added.' }),
      refused: z.object({ cardinality: count, 'too-old': count, ahead: count }),
    })
    .optional(),
  lines: counted.optional(),
  calls: counted.optional(),
  builds: z.object({ added: count, completed: count, duplicates: count }).optional(),
  leftAside: z.array(z.string()).meta({ description: 'What is not kept, and why.' }),
});
