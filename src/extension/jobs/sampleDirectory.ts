import type { JobInput } from "../../job/job.ts";

/** The folder of the sample directory, in the workspace folder of the job. */
export const sampleFolder = "sample-directory";

/**
 * A small company to try a job on, as the CSV files that a job reads: two assigned groups, a group that holds only the
 * Default Access role, so that its other member is skipped, and somebody whose account is disabled.
 */
export const sampleFiles: Readonly<Record<"users" | "groups" | "members" | "assignments", string>> = {
  users: `id,userPrincipalName,displayName,givenName,surname,mail,jobTitle,department,accountEnabled
u1,ada.okafor@contoso.com,Ada Okafor,Ada,Okafor,ada.okafor@contoso.com,Data engineer,Data,true
u2,linh.tran@contoso.com,Linh Tran,Linh,Tran,linh.tran@contoso.com,Data analyst,Data,true
u3,yuki.tanaka@contoso.com,Yuki Tanaka,Yuki,Tanaka,yuki.tanaka@contoso.com,Platform lead,Platform,true
u4,mateo.rossi@contoso.com,Mateo Rossi,Mateo,Rossi,mateo.rossi@contoso.com,Platform engineer,Platform,true
u5,zoe.martin@contoso.com,Zoë Martin,Zoë,Martin,zoe.martin@contoso.com,Finance partner,Finance,true
u6,sam.lee@contoso.com,Sam Lee,Sam,Lee,sam.lee@contoso.com,Data engineer,Data,false
`,
  groups: `id,displayName
g1,data-team
g2,platform-team
g3,all-employees
`,
  members: `groupId,memberId
g1,u1
g1,u2
g1,u6
g2,u3
g2,u4
g3,u1
g3,u2
g3,u3
g3,u4
g3,u5
`,
  assignments: `principalId,principalType,appRole
g1,Group,User
g2,Group,User
g3,Group,Default Access
`,
};

/** The directory part of a job over the sample directory. */
export const sampleDirectory: JobInput["directory"] = {
  type: "csv",
  users: `${sampleFolder}/users.csv`,
  groups: `${sampleFolder}/groups.csv`,
  members: `${sampleFolder}/members.csv`,
  assignments: `${sampleFolder}/assignments.csv`,
};
