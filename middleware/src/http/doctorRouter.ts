import { Router } from 'express';
import { runDoctor, type DoctorDeps } from '../health/runDoctor.ts';
import { requireScope } from './authenticate.ts';

/** Longer than a describe of a large object takes, shorter than a caller waits. */
const timeoutMs = 20_000;

/** `GET /v1/doctor`: looks at everything the syncs depend on. Answers 200 whatever it finds: finding is its work. */
export function doctorRouter(deps: DoctorDeps): Router {
  const router = Router();
  router.get('/', requireScope('read'), async (_request, response) => {
    response.json(await runDoctor(deps, AbortSignal.timeout(timeoutMs)));
  });
  return router;
}
