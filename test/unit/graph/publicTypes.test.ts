import type * as Graph from "@microsoft/microsoft-graph-types";
import type * as z from "zod";
import { describe, expectTypeOf, it } from "vitest";
import type * as applications from "../../../src/graph/types/applications.ts";
import type * as directory from "../../../src/graph/types/directory.ts";
import type { provisioningObjectSummary } from "../../../src/graph/types/provisioningLog.ts";
import type * as synchronization from "../../../src/graph/types/synchronization.ts";
import type { synchronizationSchema } from "../../../src/mapping/entra/synchronizationSchema.ts";

/*
 * The schemas by which answers are parsed, held against the public types of Microsoft Graph when this file is compiled: every
 * field that is read exists there, and takes every value that it can have there.
 */

/** The named fields of a type that lets others through. */
type Named<T> = keyof { [K in keyof T as string extends K ? never : K]: T[K] } & string;

/** OData's own annotations are in no type. */
type Annotation = `${string}@${string}`;

/** Paths that the public type does not have, or whose values ours does not take; expressions hold expressions, so depth ends. */
type Departures<Ours, Public, Path extends string = "", Depth extends readonly 0[] = []> = unknown extends Ours
  ? never
  : Depth["length"] extends 9
    ? never
    : [Ours] extends [readonly (infer Own)[]]
      ? [Public] extends [readonly (infer Theirs)[]]
        ? Departures<NonNullable<Own>, NonNullable<Theirs>, Path, Depth>
        : Path
      : [Ours] extends [object]
        ? [Public] extends [object]
          ? {
              [K in Named<Ours>]: K extends Annotation
                ? never
                : K extends keyof Public
                  ? Departures<NonNullable<Ours[K]>, NonNullable<Public[K]>, `${Path}.${K}`, [...Depth, 0]>
                  : `${Path}.${K}`;
            }[Named<Ours>]
          : Path
        : [Public] extends [Ours]
          ? never
          : Path;

/** Paths that can be null in the public type and that ours demands. */
type Demanded<Ours, Public, Path extends string = ""> = Ours extends readonly (infer Own)[]
  ? Public extends readonly (infer Theirs)[]
    ? Demanded<NonNullable<Own>, NonNullable<Theirs>, Path>
    : never
  : Ours extends object
    ? {
        [K in Named<Ours> & keyof Public]:
          | (null extends Public[K] ? (null extends Ours[K] ? never : `${Path}.${K & string}`) : never)
          | Demanded<NonNullable<Ours[K]>, NonNullable<Public[K]>, `${Path}.${K & string}`>;
      }[Named<Ours> & keyof Public]
    : never;

type Out<Schema extends z.ZodType> = z.output<Schema>;

describe("the shapes that answers of Graph are parsed by", () => {
  it("are those of the public types: applications and assignments", () => {
    expectTypeOf<Departures<applications.ServicePrincipal, Graph.ServicePrincipal>>().toEqualTypeOf<never>();
    expectTypeOf<Departures<applications.AppRole, Graph.AppRole>>().toEqualTypeOf<never>();
    expectTypeOf<Departures<applications.ApplicationTemplate, Graph.ApplicationTemplate>>().toEqualTypeOf<never>();
    expectTypeOf<Departures<applications.AppRoleAssignment, Graph.AppRoleAssignment>>().toEqualTypeOf<never>();
    type Added = Out<typeof applications.applicationServicePrincipal>;
    expectTypeOf<Departures<Added, Graph.ApplicationServicePrincipal>>().toEqualTypeOf<never>();
  });

  it("are those of the public types: the directory", () => {
    expectTypeOf<Departures<directory.DeltaUser, Graph.User>>().toEqualTypeOf<never>();
    expectTypeOf<Departures<directory.DeltaGroup, Graph.Group>>().toEqualTypeOf<never>();
    expectTypeOf<Departures<Out<typeof directory.organization>, Graph.Organization>>().toEqualTypeOf<never>();
    expectTypeOf<Departures<directory.DirectoryObject, Graph.User>>().toEqualTypeOf<never>();
  });

  it("are those of the public types: jobs, templates, status", () => {
    type Job = synchronization.SynchronizationJob;
    expectTypeOf<Departures<Job, Graph.SynchronizationJob>>().toEqualTypeOf<never>();
    type Template = synchronization.SynchronizationTemplate;
    expectTypeOf<Departures<Template, Graph.SynchronizationTemplate>>().toEqualTypeOf<never>();
    type Secret = Out<typeof synchronization.secrets>["value"][number];
    expectTypeOf<Departures<Secret, Graph.SynchronizationSecretKeyStringValuePair>>().toEqualTypeOf<never>();
    type OnDemand = Out<typeof synchronization.provisionOnDemandAnswer>;
    expectTypeOf<Departures<OnDemand, Graph.StringKeyStringValuePair>>().toEqualTypeOf<never>();
  });

  it("are those of the public types: the schema and its language", () => {
    expectTypeOf<Departures<Out<typeof synchronizationSchema>, Graph.SynchronizationSchema>>().toEqualTypeOf<never>();
    type Parsed = Omit<Out<typeof synchronization.parseExpressionAnswer>, "parsedExpression">;
    expectTypeOf<Departures<Parsed, Graph.ParseExpressionResponse>>().toEqualTypeOf<never>();
    expectTypeOf<Departures<synchronization.DirectoryDefinition, Graph.DirectoryDefinition>>().toEqualTypeOf<never>();
    // The samples print `name`, the metadata has `id` alone (inferred that both carry the same text).
    type Function = Out<typeof synchronization.functionSchema>;
    expectTypeOf<Departures<Function, Graph.AttributeMappingFunctionSchema>>().toEqualTypeOf<".name">();
    type Operator = Out<typeof synchronization.filterOperatorSchema>;
    expectTypeOf<Departures<Operator, Graph.FilterOperatorSchema>>().toEqualTypeOf<".name">();
  });

  it("are those of the public types: the provisioning log", () => {
    type Entry = Out<typeof provisioningObjectSummary>;
    expectTypeOf<Departures<Entry, Graph.ProvisioningObjectSummary>>().toEqualTypeOf<never>();
  });

  it("demand what the documentation says is always there, and nothing else that the types let be null", () => {
    expectTypeOf<Demanded<applications.ServicePrincipal, Graph.ServicePrincipal>>().toEqualTypeOf<never>();
    // An assignment without its principal assigns nobody.
    expectTypeOf<Demanded<applications.AppRoleAssignment, Graph.AppRoleAssignment>>().toEqualTypeOf<".principalId">();
    type Job = synchronization.SynchronizationJob;
    expectTypeOf<Demanded<Job, Graph.SynchronizationJob>>().toEqualTypeOf<".status.synchronizedEntryCountByType.key">();
    expectTypeOf<
      Demanded<Out<typeof provisioningObjectSummary>, Graph.ProvisioningObjectSummary>
    >().toEqualTypeOf<never>();
  });
});
