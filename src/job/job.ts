import * as z from "zod";
import { operators } from "../scope/rules.ts";
import type { Dialect } from "../scim/dialects/dialect.ts";
import { normalizeBaseUrl } from "../scim/baseUrl.ts";

const nonEmpty = (what: string) => z.string().min(1, `${what} is empty.`);

/** Fills in the dialect that a base URL shows; a URL that cannot be used is told by `check.ts`. */
function withDialect<T extends { baseUrl: string; dialect?: Dialect["id"] | undefined }>(
  service: T,
): T & { dialect: Dialect["id"] } {
  if (service.dialect !== undefined) return { ...service, dialect: service.dialect };
  try {
    return { ...service, dialect: normalizeBaseUrl(service.baseUrl).dialect };
  } catch {
    return { ...service, dialect: "generic" };
  }
}

const connectionSchema = z
  .strictObject({
    baseUrl: z.url({ protocol: /^https?$/ }).meta({
      description:
        'The SCIM base URL (the "Tenant URL" of the service), for example https://adb-1.2.azuredatabricks.net/api/2.0/preview/scim.',
    }),
    dialect: z.enum(["databricks", "generic"]).optional().meta({
      description: "How the service departs from the RFCs. When absent, it follows from the base URL.",
    }),
    readOnly: z.boolean().default(false).meta({
      description: "When true, nothing is ever pushed to this service; plans and explanations work.",
    }),
  })
  .meta({ title: "Connection", description: "The SCIM service that is provisioned. Its token is stored apart." })
  .transform(withDialect);

const filePath = (description: string) => nonEmpty("The path").meta({ description });

const directorySchema = z
  .discriminatedUnion("type", [
    z.strictObject({
      type: z.literal("csv"),
      users: filePath("Users, with the header id,userPrincipalName,displayName,accountEnabled,… and any others."),
      groups: filePath("Groups, with the header id,displayName,… and any others.").optional(),
      members: filePath("Direct members of groups, with the header groupId,memberId.").optional(),
      assignments: filePath("App role assignments, with the header principalId,principalType,appRole.").optional(),
    }),
    z.strictObject({
      type: z.literal("json"),
      file: filePath('A file { "users": [], "groups": [], "assignments": [] }; members stand within a group.'),
    }),
    z.strictObject({
      type: z.literal("scim"),
      baseUrl: z.url({ protocol: /^https?$/ }).meta({ description: "The SCIM base URL of the service to read from." }),
      dialect: z.enum(["databricks", "generic"]).optional().meta({
        description: "How the service departs from the RFCs. When absent, it follows from the base URL.",
      }),
    }),
    z.strictObject({
      type: z.literal("graph"),
      tenantId: nonEmpty("The tenant id").meta({ description: "The Microsoft Entra tenant: its id or a domain name." }),
      servicePrincipalId: nonEmpty("The service principal id").optional().meta({
        description: "The object id of the enterprise application whose assignments decide who is in scope.",
      }),
      baseUrl: z
        .url({ protocol: /^https?$/ })
        .optional()
        .meta({
          description: "The Microsoft Graph endpoint of a national cloud; https://graph.microsoft.com when absent.",
        }),
    }),
  ])
  .meta({ title: "Directory", description: "Where people and groups come from. Paths are relative to this file." });

const clauseSchema = z.strictObject({
  attribute: nonEmpty("The attribute").meta({ description: "A single-valued attribute of the directory." }),
  operator: z
    .enum(operators)
    .meta({ description: "How the attribute is compared; an empty attribute never passes, except IS NULL." }),
  value: z
    .union([z.string(), z.number().transform(String)])
    .optional()
    .meta({ description: "What the attribute is compared with; absent for IS TRUE, IS FALSE, IS NULL, IS NOT NULL." }),
});

const clauseGroupSchema = z.strictObject({
  title: z.string().optional().meta({ description: "A name for this group of clauses, shown in explanations." }),
  clauses: z
    .array(clauseSchema)
    .min(1, "A group without clauses would pass everybody. Add a clause or remove the group.")
    .meta({
      description: "Clauses that must all hold.",
    }),
});

const filterSchema = (who: string) =>
  z
    .array(clauseGroupSchema)
    .default([])
    .meta({
      description: `Attribute scoping filter for ${who}: in scope when any group of clauses passes. Empty means no filter.`,
    });

const scopeSchema = z
  .strictObject({
    mode: z.enum(["assigned", "all"]).default("assigned").meta({
      description: "Who is evaluated: only assigned users and groups with their direct members, or everybody.",
    }),
    defaultAccess: z.enum(["exclude", "include"]).default("exclude").meta({
      description:
        "Who holds only the Default Access role is skipped as NotEffectivelyEntitled (exclude), or treated like anybody assigned (include).",
    }),
    users: filterSchema("users"),
    groups: filterSchema("groups"),
  })
  .prefault({})
  .meta({ title: "Scope", description: "Who is provisioned." });

const sourceSchema = z
  .union([
    z.strictObject({ attribute: nonEmpty("The attribute").meta({ description: "An attribute of the directory." }) }),
    z.strictObject({ constant: z.string().meta({ description: "The same text for everybody." }) }),
    z.strictObject({
      expression: nonEmpty("The expression").max(10_000).meta({
        description: 'An expression of the provisioning service, for example Join(" ", [givenName], [surname]).',
      }),
    }),
  ])
  .meta({ title: "Source", description: "Exactly one of attribute, constant or expression." });

const mappingSchema = z.strictObject({
  target: nonEmpty("The target").meta({
    description: 'A SCIM attribute path, for example userName, name.givenName or emails[type eq "work"].value.',
  }),
  source: sourceSchema,
  matching: z.int().min(1).optional().meta({
    description: "Matching precedence: 1 is tried first to find the counterpart in the service.",
  }),
  default: z.string().optional().meta({ description: "Written on create when the source gives no value." }),
  apply: z.enum(["always", "create"]).default("always").meta({
    description: "always: on create and update. create: only when the object is created.",
  }),
});

const actions = ["create", "update", "delete"] as const;

const objectSchema = (who: string) =>
  z
    .strictObject({
      enabled: z
        .boolean()
        .default(true)
        .meta({ description: `Whether ${who} are provisioned.` }),
      actions: z
        .array(z.enum(actions))
        .default([...actions])
        .meta({
          description:
            "What may be done in the service. Without update nobody is deactivated either, since that is an update.",
          uniqueItems: true,
        }),
      mappings: z
        .array(mappingSchema)
        .default([])
        .meta({ description: "Which attribute of the service gets which value." }),
    })
    .prefault({ enabled: false })
    .meta({ title: `Provisioning of ${who}`, description: `How ${who} are provisioned. When absent, they are not.` });

const settingsSchema = z
  .strictObject({
    intervalMinutes: z
      .number()
      .min(1)
      .max(1440)
      .default(40)
      .meta({ description: "Minutes from one cycle to the next." }),
    leavingScope: z.enum(["deactivate", "delete", "keep"]).default("deactivate").meta({
      description: "What happens to who leaves the scope: deactivate, delete, or keep as is.",
    }),
    deletionGuard: z
      .strictObject({
        enabled: z
          .boolean()
          .default(true)
          .meta({ description: "Whether many removals at once are held for a person to accept." }),
        count: z.int().min(0).default(5).meta({ description: "More removals than this are held." }),
        percent: z
          .number()
          .min(0)
          .max(100)
          .default(2)
          .meta({ description: "More removals than this share of the linked objects are held." }),
      })
      .prefault({})
      .meta({ description: "Holds a push that would remove more than expected." }),
    notify: z
      .strictObject({
        email: z.email().optional().meta({ description: "Who is told, through the SMTP server of the environment." }),
        webhook: z
          .url({ protocol: /^https?$/ })
          .optional()
          .meta({ description: "A URL that gets a JSON message." }),
        onFailure: z
          .boolean()
          .default(true)
          .meta({ description: "Tell once when the job is quarantined or held, and once when it is healthy again." }),
      })
      .optional()
      .meta({ description: "Who is told when the job fails." }),
  })
  .prefault({})
  .meta({ title: "Settings" });

/**
 * The job file `NAME.provisioning.json`: shape and defaults. Rules that span several values are in `check.ts`; use
 * `parseJob` of `load.ts` to get a job from text.
 */
export const jobSchema = z
  .strictObject({
    $schema: z.string().optional().meta({ description: "The JSON Schema of this file." }),
    name: nonEmpty("The name").meta({ description: "What people call this job." }),
    connection: connectionSchema,
    directory: directorySchema,
    scope: scopeSchema,
    users: objectSchema("users"),
    groups: objectSchema("groups"),
    settings: settingsSchema,
    entra: z.record(z.string(), z.unknown()).optional().meta({
      description:
        "Parts of an imported Entra synchronization schema that this file has no words for; kept for export.",
    }),
  })
  .meta({
    title: "Provisioning job",
    description: "Keeps a SCIM service in step with a directory. Never holds a secret.",
  });

/** A job with every default filled in. */
export type Job = z.output<typeof jobSchema>;

/** A job as it may be written in a file. */
export type JobInput = z.input<typeof jobSchema>;

/** `users` or `groups` of a job. */
export type JobObject = Job["users"];

/** One row of a mapping table. */
export type JobMapping = JobObject["mappings"][number];
