/** The job that planning is measured with: names and activity of people, names and members of groups. */
export function benchJob(port: number): string {
  return JSON.stringify({
    name: "Bench",
    connection: { baseUrl: `http://127.0.0.1:${port}/api/2.0/preview/scim/v2`, dialect: "databricks" },
    directory: { type: "json", file: "directory.json" },
    scope: { mode: "all" },
    users: {
      enabled: true,
      mappings: [
        { target: "userName", source: { attribute: "userPrincipalName" }, matching: 1 },
        { target: "displayName", source: { attribute: "displayName" } },
        { target: "active", source: { expression: 'Switch([IsSoftDeleted], , "False", "True", "True", "False")' } },
      ],
    },
    groups: {
      enabled: true,
      mappings: [
        { target: "displayName", source: { attribute: "displayName" }, matching: 1 },
        { target: "members", source: { attribute: "members" } },
      ],
    },
  });
}
