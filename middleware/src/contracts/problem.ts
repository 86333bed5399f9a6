import { z } from 'zod';

/** An error as every route answers it: RFC 9457, media type `application/problem+json`. */
export const problemSchema = z.object({
  type: z.string().describe('A URI reference that names the kind of problem: `urn:property-sync:<code>`.'),
  title: z.string(),
  status: z.number().int(),
  code: z.string().describe('Stable; the only part a program should branch on.'),
  detail: z.string(),
  action: z.string().describe('What to do next.'),
  errors: z.array(z.string()).describe('Named details: fields, rows or guards.'),
  instance: z.string(),
  requestId: z.string(),
});
export type Problem = z.infer<typeof problemSchema>;
