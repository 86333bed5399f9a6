import type { Warehouse } from '../../middleware/src/ports/warehouse.ts';

/** Lets through nothing but questions: a write is a bug, and ends in an error before it is sent. */
export function readOnly(warehouse: Warehouse): Warehouse {
  const refuse = (): never => {
    throw new Error('This command writes nothing.');
  };
  return {
    dialect: warehouse.dialect,
    catalog: warehouse.catalog,
    schema: warehouse.schema,
    name: (object) => warehouse.name(object),
    query: async (sql, parameters) => {
      if (!/^(\s|--.*\n)*(select|explain|show|describe|set)\b/i.test(sql)) refuse();
      return warehouse.query(sql, parameters);
    },
    health: () => warehouse.health(),
    close: () => warehouse.close(),
    stream: refuse,
    execute: refuse,
    replaceTable: refuse,
    createTable: refuse,
    mergeRows: refuse,
    appendRows: refuse,
  };
}
