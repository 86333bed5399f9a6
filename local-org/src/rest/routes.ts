import { ingestRoutes } from '../bulk/ingestRoutes.ts';
import { queryRoutes } from '../bulk/queryRoutes.ts';
import { credentialRoutes } from '../connect/credentialRoutes.ts';
import { namedCredentialRoutes } from '../connect/namedCredentialRoutes.ts';
import type { Route } from '../http/answer.ts';
import { deployRoutes } from '../metadata/deployRequests.ts';
import {
  createCollection,
  deleteCollection,
  retrieveCollection,
  retrieveCollectionByPost,
  updateCollection,
  upsertCollection,
} from './collections.ts';
import {
  describe,
  describeBasic,
  describeGlobal,
  describeTooling,
  describeToolingObject,
} from './describe.ts';
import { limits } from './limits.ts';
import { query, queryAll, queryMore, toolingQuery } from './query.ts';
import { getDeleted, getUpdated } from './replication.ts';
import { listResources } from './resources.ts';
import {
  createRow,
  deleteRow,
  deleteRowByKey,
  readRow,
  readRowByKey,
  updateRow,
  upsertRowByKey,
} from './sobjectRows.ts';

/** Everything below `/services/data/vNN.0` that this org answers. The first route that fits is taken. */
export const routes: readonly Route[] = [
  { method: 'GET', path: '/', handle: listResources },
  { method: 'GET', path: '/limits', handle: limits },

  { method: 'GET', path: '/query', handle: query },
  { method: 'GET', path: '/queryAll', handle: queryAll },
  { method: 'GET', path: '/query/:locator', handle: queryMore },

  { method: 'GET', path: '/sobjects', handle: describeGlobal },
  { method: 'GET', path: '/sobjects/:object', handle: describeBasic },
  { method: 'GET', path: '/sobjects/:object/describe', handle: describe },
  { method: 'GET', path: '/sobjects/:object/deleted', handle: getDeleted },
  { method: 'GET', path: '/sobjects/:object/updated', handle: getUpdated },
  { method: 'POST', path: '/sobjects/:object', handle: createRow },
  { method: 'GET', path: '/sobjects/:object/:id', handle: readRow },
  { method: 'PATCH', path: '/sobjects/:object/:id', handle: updateRow },
  { method: 'DELETE', path: '/sobjects/:object/:id', handle: deleteRow },
  { method: 'GET', path: '/sobjects/:object/:keyField/:key', handle: readRowByKey },
  { method: 'PATCH', path: '/sobjects/:object/:keyField/:key', handle: upsertRowByKey },
  { method: 'DELETE', path: '/sobjects/:object/:keyField/:key', handle: deleteRowByKey },

  { method: 'GET', path: '/tooling/query', handle: toolingQuery },
  { method: 'GET', path: '/tooling/query/:locator', handle: queryMore },
  { method: 'GET', path: '/tooling/sobjects', handle: describeTooling },
  { method: 'GET', path: '/tooling/sobjects/:object/describe', handle: describeToolingObject },

  { method: 'POST', path: '/composite/sobjects', handle: createCollection },
  { method: 'PATCH', path: '/composite/sobjects', handle: updateCollection },
  { method: 'DELETE', path: '/composite/sobjects', handle: deleteCollection },
  { method: 'GET', path: '/composite/sobjects/:object', handle: retrieveCollection },
  { method: 'POST', path: '/composite/sobjects/:object', handle: retrieveCollectionByPost },
  { method: 'PATCH', path: '/composite/sobjects/:object/:keyField', handle: upsertCollection },

  ...ingestRoutes,
  ...queryRoutes,
  ...deployRoutes,
  ...credentialRoutes,
  ...namedCredentialRoutes,
];
