import { urns } from "../../../src/scim/resource.ts";

/** The four users that the filter vectors speak of. */
export const people = [
  {
    schemas: [urns.user, urns.enterpriseUser],
    id: "a",
    userName: "Ann@Example.com",
    name: { familyName: `O'Brien "Q"` },
    title: "Engineer",
    active: true,
    emails: [
      { value: "ann@work.example.com", type: "work" },
      { value: "ann@home.example.com", type: "home" },
    ],
    password: "secret",
    [urns.enterpriseUser]: { department: "Ops" },
    meta: { lastModified: "2024-05-01T10:00:00Z" },
  },
  {
    schemas: [urns.user],
    id: "b",
    userName: "bob@example.com",
    active: false,
    emails: [
      { value: "bob@work.example.com", type: "work" },
      { value: "bob@foo.test", type: "home" },
    ],
    meta: { lastModified: "2024-05-01T11:30:00+02:00" },
  },
  {
    schemas: [urns.user],
    id: "c",
    userName: "cat@example.com",
    title: "",
    nickName: "a]b (x) and y",
    active: true,
    emails: [],
    meta: { lastModified: "2025-01-01T00:00:00.000Z" },
  },
  {
    schemas: [urns.user],
    id: "d",
    userName: "dan@example.com",
    title: "Manager",
    active: true,
    emails: [{ value: "dan@work.example.com", type: "home" }],
    meta: { lastModified: "2023-01-01T00:00:00Z" },
  },
] as const;
