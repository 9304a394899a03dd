import type { Job } from "../../job/job.ts";
import type { ConnectionTest } from "./messages/previews.ts";
import type { ServiceAccess } from "./serviceAccess.ts";

/** Tests the connection of a job by read-only probes, and tells each step as it ends. @throws what a test throws */
export async function testConnection(
  job: Job,
  access: ServiceAccess,
  tell: (test: ConnectionTest) => void,
): Promise<void> {
  const { baseUrl } = job.connection;
  let steps: ConnectionTest["steps"] = [];
  tell({ kind: "test", state: "running", baseUrl, steps });
  try {
    const report = await access.test(job, (step) => {
      steps = [...steps, step];
      tell({ kind: "test", state: "running", baseUrl, steps });
    });
    tell({ kind: "test", state: report.healthy ? "healthy" : "unhealthy", baseUrl, steps: [...report.steps] });
  } catch (error) {
    tell({ kind: "test", state: "unhealthy", baseUrl, steps });
    throw error;
  }
}
