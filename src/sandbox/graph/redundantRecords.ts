import { randomUUID } from "node:crypto";
import type { CycleResult } from "../../provisioning/cycle.ts";
import type { LogRecord } from "../../provisioning/logRecord.ts";

/** Source and target agree already: the service logs that as an action of its own, `RedundantExport`. */
export function redundantRecords({ planned, outcome }: CycleResult, jobId: string, now: Date): LogRecord[] {
  if (outcome === "held" || outcome === "failed") return [];
  const changed = new Set(planned.plan.changes.map(({ sourceId }) => sourceId));
  const cycleId = randomUUID();
  return planned.compared.flatMap(({ object, target }): LogRecord[] => {
    if (target === undefined || changed.has(object.sourceId)) return [];
    return [
      {
        id: randomUUID(),
        activityDateTime: now.toISOString(),
        jobId,
        cycleId,
        provisioningAction: "other",
        durationInMilliseconds: 0,
        sourceIdentity: { id: object.sourceId, displayName: object.name, identityType: object.type },
        targetIdentity: { id: target.id, displayName: object.name, identityType: object.type },
        provisioningStatusInfo: { status: "skipped", skipReason: "RedundantExport" },
        provisioningSteps: [
          {
            name: "EntrySynchronizationSkip",
            provisioningStepType: "export",
            status: "skipped",
            description: "The state of the entry in both systems already agrees.",
          },
        ],
        modifiedProperties: [],
      },
    ];
  });
}
