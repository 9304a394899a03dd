/** The files of a CSV directory, relative to the job file. Only users are needed; without assignments nobody is assigned. */
export interface CsvSettings {
  readonly type: "csv";
  readonly users: string;
  readonly groups?: string | undefined;
  readonly members?: string | undefined;
  readonly assignments?: string | undefined;
}

/** One JSON file `{ "users": [], "groups": [], "assignments": [] }`, relative to the job file. */
export interface JsonSettings {
  readonly type: "json";
  readonly file: string;
}

/** Another SCIM service as a directory. Its token is looked up by its base URL, never written in a file. */
export interface ScimSettings {
  readonly type: "scim";
  readonly baseUrl: string;
  readonly dialect?: "databricks" | "generic" | undefined;
}

/** Microsoft Entra ID read through Microsoft Graph; assignments are those of the enterprise application. */
export interface GraphSettings {
  readonly type: "graph";
  readonly tenantId: string;
  readonly servicePrincipalId?: string | undefined;
  readonly baseUrl?: string | undefined;
}

/** `directory` of a job file. */
export type DirectorySettings = CsvSettings | JsonSettings | ScimSettings | GraphSettings;
