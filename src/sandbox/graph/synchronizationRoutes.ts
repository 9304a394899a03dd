import * as z from "zod";
import { bodyOf, collection } from "./directoryRoutes.ts";
import { provisionOnDemand } from "./onDemand.ts";
import { done, route, type Call, type Route } from "./route.ts";
import { synchronizationTemplate, templateSchema } from "./templates.ts";
import { validateCredentials } from "./validate.ts";

const createBody = z.looseObject({ templateId: z.string() });
const restartBody = z.looseObject({ criteria: z.looseObject({ resetScope: z.string().optional() }).optional() });

/** Where the service keeps what belongs to one enterprise application. */
const base = "/servicePrincipals/*/synchronization";
export const jobPath = `${base}/jobs/*`;
export const jobOf = ({ state, ids }: Call) => state.jobOf(ids[0] ?? "", ids[1] ?? "");

/** Templates, jobs, secrets and logs of the provisioning service. */
export const synchronizationRoutes: readonly Route[] = [
  route("GET", `${base}/templates`, "readSynchronization", (call) =>
    collection(call, [synchronizationTemplate(call.state.templateOf(call.ids[0] ?? ""))], "synchronizationTemplates"),
  ),
  route("GET", `${base}/templates/*/schema`, "readSynchronization", ({ state, ids }) => ({
    status: 200,
    body: templateSchema(state.templateOf(ids[0] ?? "")),
  })),
  route("GET", `${base}/secrets`, "readSynchronization", ({ state, ids }) => ({
    status: 200,
    body: state.secretsOf(ids[0] ?? "").toGraph(),
  })),
  route("PUT", `${base}/secrets`, "changeSynchronization", ({ state, ids, body }) => {
    state.secretsOf(ids[0] ?? "").replace(body);
    return done;
  }),
  route("GET", `${base}/jobs`, "readSynchronization", (call) =>
    collection(
      call,
      call.state.jobsOf(call.ids[0] ?? "").map((job) => job.toGraph()),
      "synchronizationJobs",
    ),
  ),
  route("POST", `${base}/jobs`, "changeSynchronization", (call) => {
    const job = call.state.createJob(call.ids[0] ?? "", bodyOf(call, createBody).templateId);
    return { status: 201, body: job.toGraph() };
  }),
  route("POST", `${base}/jobs/validateCredentials`, "changeSynchronization", async ({ state, ids, body }) => {
    await validateCredentials(body, state.secretsOf(ids[0] ?? ""));
    return done;
  }),
  route("GET", jobPath, "readSynchronization", (call) => ({ status: 200, body: jobOf(call).toGraph() })),
  route("DELETE", jobPath, "changeSynchronization", (call) => {
    call.state.jobs.delete(jobOf(call).id);
    return done;
  }),
  route("POST", `${jobPath}/start`, "changeSynchronization", (call) => {
    jobOf(call).start();
    return done;
  }),
  route("POST", `${jobPath}/pause`, "changeSynchronization", (call) => {
    jobOf(call).pause();
    return done;
  }),
  route("POST", `${jobPath}/restart`, "changeSynchronization", async (call) => {
    await jobOf(call).restart(bodyOf(call, restartBody).criteria?.resetScope ?? "");
    return done;
  }),
  route("POST", `${jobPath}/validateCredentials`, "changeSynchronization", async (call) => {
    await validateCredentials(call.body, call.state.secretsOf(call.ids[0] ?? ""));
    return done;
  }),
  route("POST", `${jobPath}/provisionOnDemand`, "changeSynchronization", async (call) => ({
    status: 200,
    body: await provisionOnDemand(jobOf(call), call.body, call.state.onDemandEncoding),
  })),
  route("GET", "/auditLogs/provisioning", "readProvisioningLogs", (call) =>
    collection(call, call.state.log, "auditLogs/provisioning"),
  ),
];
