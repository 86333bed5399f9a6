import { applyFirst, asRefusal, proved, refuted, unproved, type Proof } from './proof.ts';
import type { Warehouse } from '../../middleware/src/ports/warehouse.ts';

/** Calls of the functions that the product makes, and their answers (docs/domain.md §2.5, §8.2). */
const calls: readonly (readonly [call: string, answer: string | null])[] = [
  [`text_value(concat(' Maple', chr(9), chr(10), ' Court '))`, 'Maple Court'],
  [`text_value(concat(' ', chr(9), ' '))`, null],
  [`salesforce_id_checksum('aBcDe')`, 'K'],
  [`salesforce_id_18('a01A0000001aBcD')`, 'a01A0000001aBcDIAU'],
  [`salesforce_id_18('no id')`, 'no id'],
];

/** Whether the functions of the product are there and answer as they do in DuckDB and Spark. */
export async function functionProofs(warehouse: Warehouse): Promise<Proof[]> {
  const proofs: Proof[] = [];
  for (const [call, answer] of calls) {
    try {
      const [row] = await warehouse.query(
        `select ${warehouse.name(call.slice(0, call.indexOf('(')))}${call.slice(call.indexOf('('))} as answer`,
      );
      proofs.push(
        row?.['answer'] === answer
          ? proved('functions', call, `is ${JSON.stringify(answer)}`)
          : refuted(
              'functions',
              call,
              `is ${JSON.stringify(row?.['answer'])}, not ${JSON.stringify(answer)}`,
              'Apply the views again; if it stays so, report it with the version of the warehouse.',
            ),
      );
    } catch (error) {
      proofs.push(unproved('functions', call, asRefusal(error).message, applyFirst));
    }
  }
  return proofs;
}
