import { describe, expect, it } from "vitest";
import { GraphClient } from "../../../src/graph/client.ts";
import { failedAnswer, GraphError, graphError } from "../../../src/graph/errors.ts";
import { appRoleAssignment, servicePrincipal } from "../../../src/graph/types/applications.ts";
import { deltaGroup, deltaUser } from "../../../src/graph/types/directory.ts";
import { synchronizationJob } from "../../../src/graph/types/synchronization.ts";
import { HttpError } from "../../../src/http/errors.ts";
import { HttpResponse } from "../../../src/http/exchange.ts";
import { Random } from "../../../src/sandbox/random.ts";
import { parseAnswer, readAnswer } from "../../../src/scim/answer.ts";
import { ScimError } from "../../../src/scim/errors.ts";
import { listResponseSchema } from "../../../src/scim/listResponse.ts";
import { urns } from "../../../src/scim/resource.ts";
import { attempt, keepPrototypes, longestMessage, runs, seed, timeout, user } from "../../support/fuzzing.ts";
import { Mutator } from "../../support/mutator.ts";
import { SchemaSample } from "../../support/schemaSample.ts";

keepPrototypes();

describe("answers of a service", () => {
  it(
    `survive ${runs} bodies: a list, an error of ours, or an error of the service, never anything else`,
    { timeout },
    () => {
      const list = JSON.stringify({
        schemas: [urns.listResponse],
        totalResults: 1,
        startIndex: 1,
        itemsPerPage: 1,
        Resources: [user],
      });
      const errors = [
        '{"schemas":["urn:ietf:params:scim:api:messages:2.0:Error"],"status":"400","scimType":"noTarget","detail":"x"}',
        '{"error_code":"X","message":"y"}',
        "<!DOCTYPE html><title>Sign in</title>",
        "INTERNAL_ERROR: x",
        "null",
        '"text"',
      ];
      const mutator = new Mutator(
        seed,
        [list, list, ...errors],
        [
          '"Resources"',
          '"totalResults":-1',
          '"id":1',
          '"__proto__":{"polluted":1}',
          '"nextCursor":""',
          "[[[[[[",
          "<html>",
          "{{",
        ],
      );
      const origin = { method: "GET", url: "https://x.example.com/Users" };
      for (let run = 0; run < runs; run++) {
        const text = mutator.next();
        const status = mutator.random.pick([200, 200, 201, 204, 304, 400, 401, 403, 404, 409, 412, 429, 500, 503, 599]);
        const type = mutator.random.pick([
          "application/scim+json",
          "application/json; charset=utf-8",
          "text/html",
          "text/plain",
          "",
        ]);
        const response = new HttpResponse(status, { "content-type": type }, text, text.length);
        attempt(text, [ScimError, HttpError], () => {
          const body = readAnswer(response, origin);
          const parsed = parseAnswer(listResponseSchema, body, origin);
          for (const resource of parsed.Resources ?? []) {
            if (typeof resource.id !== "string" || Object.hasOwn(resource, "__proto__"))
              throw new Error("A resource that is none");
          }
        });
      }
    },
  );
});

describe("answers of Microsoft Graph", () => {
  it(`that fail, ${runs} of them, become errors of ours with bounded messages`, { timeout }, () => {
    const corpus = [
      '{"error":{"code":"Request_ResourceNotFound","message":"Resource does not exist.","innerError":{"request-id":"a","client-request-id":"b"}}}',
      '{"error":{"code":"Authorization_RequestDenied","message":"Insufficient privileges."}}',
      '{"error":"invalid_grant","error_description":"AADSTS70000"}',
      "<html>Service unavailable</html>",
    ];
    const mutator = new Mutator(seed, corpus, [
      '"code"',
      '"message"',
      '"innerError":null',
      "syncStateNotFound",
      '{"error":',
    ]);
    for (let run = 0; run < runs; run++) {
      const text = mutator.next();
      const status = mutator.random.pick([400, 401, 403, 404, 409, 410, 429, 500, 503]);
      const request = { method: "GET", path: `/v1.0/users?$filter=${mutator.next()}`, purpose: "readUsers" as const };
      const answer = failedAnswer(new HttpResponse(status, {}, text, text.length));
      const { message } = attempt(text, [], () => graphError(answer, request)) ?? { message: "" };
      if (message.length === 0 || message.length > longestMessage)
        throw new Error(`A message of ${message.length} characters for ${text.slice(0, 200)}`);
    }
  });

  it(`that succeed, ${runs} of them, are taken or refused with a bounded message`, { timeout }, async () => {
    const client = new GraphClient({ graphUrl: "http://127.0.0.1:1", token: "t" });
    const kinds = [deltaUser, deltaGroup, servicePrincipal, appRoleAssignment, synchronizationJob].map((schema) => {
      const random = new Random(seed);
      return { schema, sample: new SchemaSample(schema, random, ["a", "1", "2026-11-24T08:00:00Z", "Active", ""]) };
    });
    const random = new Random(seed);
    const request = { method: "GET" as const, path: "/users/delta", purpose: "readUsers" as const };
    let good = 0;
    for (let run = 0; run < runs; run++) {
      const { schema, sample } = random.pick(kinds);
      const text = new Mutator(
        run,
        [JSON.stringify(sample.next())],
        ['"@removed":{}', '"id":1', '"value":[', "[]"],
      ).next();
      const parsed = attempt(text, [GraphError], () => client.parse(schema, text, request));
      if (parsed === undefined) continue;
      good += 1;
      if (Object.getPrototypeOf(parsed) !== Object.prototype) throw new Error(`Another prototype for ${text}`);
    }
    await client.close();
    expect(good).toBeGreaterThan(runs / 100);
  });
});
