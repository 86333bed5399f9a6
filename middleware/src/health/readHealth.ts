import type { Health } from '../contracts/index.ts';
import { SyncError } from '../errors.ts';
import type { Crm } from '../ports/crm.ts';
import type { RunStore } from '../ports/runStore.ts';
import type { Warehouse } from '../ports/warehouse.ts';

export interface HealthDeps {
  readonly warehouse: Warehouse;
  readonly crm: Crm;
  readonly runStore: RunStore;
  /** Peaks of this process since its start, in MiB. */
  readonly memoryPeaks: () => { heapMb: number; rssMb: number };
}

/** Asks each part whether it is ready, without waiting for one that sleeps. */
export async function readHealth({ warehouse, crm, runStore, memoryPeaks }: HealthDeps): Promise<Health> {
  const [warehouseHealth, salesforceHealth, storeHealth] = await Promise.all([
    warehouse.health(),
    crm.health(),
    runStore.health(),
  ]);
  const latestPlan = storeHealth.isReady ? await runStore.latestBuiltPlan() : undefined;
  const usage = crm.apiUsage();
  return {
    isReady: warehouseHealth.isReady && salesforceHealth.isReady && storeHealth.isReady,
    warehouse: warehouseHealth,
    salesforce: { ...salesforceHealth, apiUsed: usage?.used ?? null, apiLimit: usage?.limit ?? null },
    store: storeHealth,
    dashboard: warehouseHealth.isReady && latestPlan !== undefined ? await readDashboard(warehouse) : null,
    latestPlanId: latestPlan?.planId ?? null,
    memoryPeaks: memoryPeaks(),
  };
}

async function readDashboard(warehouse: Warehouse): Promise<Health['dashboard']> {
  try {
    const rows = await warehouse.query(
      `select stage, count, with_features from ${warehouse.name('sync_monitoring_dashboard')}`,
    );
    return rows.map((row) => ({
      stage: String(row['stage']),
      count: Number(row['count']),
      withFeatures: row['with_features'] === null ? null : Number(row['with_features']),
    }));
  } catch (error) {
    // Health answers also while the views are being applied.
    if (error instanceof SyncError) return null;
    throw error;
  }
}
