import { describe, expect, it } from "vitest";
import { HttpError } from "../../../src/http/errors.ts";
import type { ResourceType, ScimResource } from "../../../src/scim/resource.ts";
import { edit, editDelete } from "../../../src/extension/changes/edits.ts";
import { DirectoryTree } from "../../../src/extension/tree/directoryTree.ts";
import { collectionId, connectionId } from "../../../src/extension/tree/nodes.ts";
import type { DirectoryReader, PageQuery } from "../../../src/extension/tree/reader.ts";
import { renderNode } from "../../../src/extension/tree/render.ts";
import { MissingTokenError } from "../../../src/extension/connections/trouble.ts";
import { ada, baseUrl, connection, draft, editable, hostileNames, pendingChanges, team } from "./support.ts";

interface Service {
  readonly people: ScimResource[];
  readonly groups: ScimResource[];
  readonly asked: (PageQuery & { readonly type: ResourceType })[];
  failure: Error | undefined;
}

function people(count: number): ScimResource[] {
  return Array.from({ length: count }, (_, at) => ({
    id: String(at + 1),
    userName: `user${at + 1}@contoso.com`,
    active: at % 3 !== 0,
  }));
}

function treeOf(resources: Partial<Service> = {}) {
  const service: Service = {
    people: resources.people ?? [],
    groups: resources.groups ?? [],
    asked: [],
    failure: resources.failure,
  };
  const of = (type: ResourceType) => (type === "User" ? service.people : type === "Group" ? service.groups : []);
  const guard = () => {
    if (service.failure !== undefined) throw service.failure;
  };
  const reader: DirectoryReader = {
    resourceTypes: ["User", "Group"],
    pageSize: 100,
    page: async (type, query) => {
      guard();
      service.asked.push({ type, ...query });
      const all = of(type);
      return {
        totalResults: all.length,
        resources: all.slice(query.startIndex - 1, query.startIndex - 1 + query.count),
      };
    },
    count: async (type) => {
      guard();
      return of(type).length;
    },
    get: async (type, id) => {
      guard();
      const found = of(type).find((resource) => resource.id === id);
      if (found === undefined) throw new Error("404");
      return found;
    },
  };
  const pending = pendingChanges();
  const problems: { position: number; name: string | undefined; message: string }[] = [];
  const tree = new DirectoryTree({
    connections: () => [connection],
    problems: () => problems,
    reader: () => reader,
    pending: (url) => pending.view(url),
  });
  const rows = async (id?: string) => (await tree.children(id)).map((child) => renderNode(tree.node(child)!));
  const open = async () => {
    await tree.children();
    await tree.children(connectionId(baseUrl));
  };
  return { service, tree, pending, problems, rows, open };
}

const users = collectionId(baseUrl, "User");
const groups = collectionId(baseUrl, "Group");

describe("the Connections view", () => {
  it("shows connections, and below each what the service serves with its total", async () => {
    const { tree, rows, open } = treeOf({ people: people(1291) });
    expect(await rows()).toMatchObject([
      { label: "Databricks production", description: "adb-1.2.azuredatabricks.net" },
    ]);
    await open();
    await new Promise((resolve) => setTimeout(resolve));
    expect(renderNode(tree.node(users)!)).toMatchObject({ label: "Users", description: "1,291" });
    expect(renderNode(tree.node(groups)!)).toMatchObject({ label: "Groups", description: "0" });
  });

  it("reads one page, thin, and says how many rows are left", async () => {
    const { service, rows, open } = treeOf({ people: people(250) });
    await open();
    const shown = await rows(users);
    expect(shown).toHaveLength(101);
    expect(shown.at(-1)).toMatchObject({
      label: "Load more…",
      description: "150 left",
      command: { id: "scim.tree.loadMore" },
    });
    expect(service.asked).toHaveLength(1);
    expect(service.asked[0]).toMatchObject({ startIndex: 1, count: 100 });
    expect(service.asked[0]?.attributes).not.toContain("groups");
  });

  it("asks as little for a million users as for a thousand", async () => {
    const few = treeOf({ people: people(1000) });
    const many = treeOf({ people: people(1000) });
    Object.defineProperty(many.service.people, "length", { value: 1000 });
    for (const each of [few, many]) {
      await each.open();
      await each.tree.children(users);
    }
    expect(many.service.asked).toEqual(few.service.asked);
  });

  it("loads the next page behind the rows that are there", async () => {
    const { tree, rows, open } = treeOf({ people: people(250) });
    await open();
    const more = (await tree.children(users)).at(-1)!;
    const changed: (string | undefined)[] = [];
    tree.onDidChange((id) => changed.push(id));
    const loading = tree.loadMore(more);
    expect((await rows(users)).at(-1)).toMatchObject({ label: "Loading…" });
    await loading;
    expect(await rows(users)).toHaveLength(201);
    expect(changed).toEqual([users, users]);
  });

  it("dims inactive users and says the word", async () => {
    const { rows, open } = treeOf({ people: people(2) });
    await open();
    expect((await rows(users))[0]).toMatchObject({
      description: "inactive",
      icon: "circle-slash",
      resource: { fragment: "inactive" },
    });
  });

  it("shows the members of a group, and then their number", async () => {
    const { tree, rows, open } = treeOf({ people: [ada], groups: [team] });
    await open();
    const [group] = await tree.children(groups);
    expect(await rows(group)).toMatchObject([{ label: "Ada Okafor", context: expect.stringContaining(".member") }]);
    expect(renderNode(tree.node(group!)!)).toMatchObject({ label: "data", description: "1 member" });
  });

  it("shows a large group a hundred members at a time", async () => {
    const members = Array.from({ length: 10_000 }, (_, at) => ({ value: String(at), display: `User ${at}` }));
    const { tree, rows, open } = treeOf({ groups: [{ ...team, members }] });
    await open();
    const [group] = await tree.children(groups);
    expect((await rows(group)).at(-1)).toMatchObject({ label: "Load more…", description: "9,900 left" });
    await tree.loadMore((await tree.children(group)).at(-1)!);
    expect(await rows(group)).toHaveLength(201);
  });

  it("shows the groups and entitlements of a user", async () => {
    const user = { ...ada, entitlements: [{ value: "workspace-access" }] };
    const { tree, rows, open } = treeOf({ people: [user], groups: [team] });
    await open();
    const [row] = await tree.children(users);
    expect(await rows(row)).toMatchObject([
      { label: "Groups", description: "2" },
      { label: "Entitlements", description: "1" },
    ]);
    const [section, entitlements] = await tree.children(row);
    expect(await rows(section)).toMatchObject([{ label: "data" }, { label: "all" }]);
    expect(await rows(entitlements)).toMatchObject([{ label: "workspace-access" }]);
  });

  it("narrows a list and shows all of it again", async () => {
    const { service, tree, rows, open } = treeOf({ people: people(3) });
    await open();
    tree.setFilter(baseUrl, "User", { filter: 'userName co "ada"', search: "ada" });
    await tree.children(connectionId(baseUrl));
    await tree.children(users);
    expect(service.asked.at(-1)).toMatchObject({ filter: 'userName co "ada"' });
    expect(renderNode(tree.node(users)!)).toMatchObject({
      description: expect.stringContaining("ada"),
      icon: "filter-filled",
    });
    service.people.length = 0;
    await tree.refresh(users);
    expect(await rows(users)).toMatchObject([{ label: "Nothing matches" }]);
    tree.setFilter(baseUrl, "User", undefined);
    await tree.children(users);
    expect(service.asked.at(-1)).not.toHaveProperty("filter");
  });

  it("says what is empty", async () => {
    const { rows, open } = treeOf();
    await open();
    expect(await rows(users)).toMatchObject([{ label: "No users", context: "message.empty" }]);
    expect(await rows(groups)).toMatchObject([{ label: "No groups" }]);
  });

  it.each([
    ["unauthorized", "token refused", "Replace Token…"],
    ["refused", "offline", "Try Again"],
    ["timeout", "offline", "Try Again"],
  ] as const)("shows %s at the connection, with what mends it", async (code, words, action) => {
    const { tree, rows, open } = treeOf({ failure: new HttpError(code, "It failed.", { fix: "" }) });
    await open();
    await tree.children(users);
    expect(await rows()).toMatchObject([{ description: words, icon: "warning" }]);
    expect(await rows(connectionId(baseUrl))).toMatchObject([{ label: action }]);
  });

  it("shows a token that the keyring has lost", async () => {
    const { tree, rows, open } = treeOf({ failure: new MissingTokenError("Databricks production") });
    await open();
    await tree.children(users);
    expect(await rows()).toMatchObject([{ description: "token missing" }]);
  });

  it("keeps an error of one list in that list, and reads again on demand", async () => {
    const { service, tree, rows, open } = treeOf({ people: people(1), failure: new Error("500: it broke") });
    await open();
    const [message] = await rows(users);
    expect(message).toMatchObject({
      label: "Try Again",
      description: "This could not be read",
      tooltip: expect.stringContaining("it broke"),
    });
    service.failure = undefined;
    await tree.refresh((await tree.children(users))[0]);
    expect(await rows(users)).toMatchObject([{ label: "user1@contoso.com" }]);
  });

  it("gets over a refused token once it is replaced", async () => {
    const { service, tree, rows, open } = treeOf({
      people: people(1),
      failure: new HttpError("unauthorized", "No.", { fix: "" }),
    });
    await open();
    await tree.children(users);
    service.failure = undefined;
    await tree.refresh(connectionId(baseUrl));
    expect(await rows(connectionId(baseUrl))).toMatchObject([{ label: "Users" }, { label: "Groups" }]);
  });

  it("shows entries of the setting that cannot be used", async () => {
    const { problems, rows } = treeOf();
    problems.push({ position: 2, name: "B", message: "baseUrl: Invalid URL" });
    expect((await rows())[1]).toMatchObject({
      description: expect.stringContaining("B"),
      tooltip: expect.stringContaining("Invalid URL"),
    });
  });

  it("marks pending changes: created ones first, changed and deleted ones in their place", async () => {
    const { pending, tree, rows, open } = treeOf({ people: [ada, { id: "43", userName: "bob@contoso.com" }] });
    await open();
    edit(pending, draft(), { userName: "linh@contoso.com" });
    edit(pending, editable(ada), { ...ada, displayName: "Ada Lovelace" });
    editDelete(pending, editable({ id: "43", userName: "bob@contoso.com" }));
    expect((await rows(users)).map(({ context }) => context)).toEqual([
      expect.stringContaining(".draft"),
      expect.stringContaining(".changed.update"),
      expect.stringContaining(".changed.delete"),
    ]);
    tree.redraw(baseUrl);
    expect(renderNode(tree.node(connectionId(baseUrl))!)).toMatchObject({ description: "3 pending" });
  });

  it("shows what a push stored without reading the list again", async () => {
    const { service, tree, rows, open } = treeOf({ people: [ada] });
    await open();
    await tree.children(users);
    const asked = service.asked.length;
    tree.settled(baseUrl, [
      { resourceType: "User", id: "42", stored: { ...ada, displayName: "Ada L" } },
      { resourceType: "User", id: "44", stored: { id: "44", userName: "new@contoso.com" } },
    ]);
    expect((await rows(users)).map(({ label }) => label)).toEqual(["new@contoso.com", "Ada L"]);
    tree.settled(baseUrl, [{ resourceType: "User", id: "44" }]);
    expect(await rows(users)).toHaveLength(1);
    expect(service.asked).toHaveLength(asked);
  });

  it.each(hostileNames)("draws a hostile name as plain text: %j", async (name) => {
    const { rows, open } = treeOf({ people: [{ id: "1", userName: name, displayName: name }] });
    await open();
    const [row] = await rows(users);
    expect(row?.label).not.toBe("");
    expect(row?.label).not.toMatch(/[\u0000-\u001f\u202e]/);
    expect(row?.label.length).toBeLessThanOrEqual(121);
    expect(row?.resource?.path.split("/")).toHaveLength(4);
  });
});

describe("the tags of a row", () => {
  it("forbid changes of a read-only connection", () => {
    const node = { kind: "collection", id: users, baseUrl, readOnly: true, resourceType: "User" } as const;
    expect(renderNode(node).context).toBe("collection.User.locked");
  });

  it("say what a connection is", () => {
    const context = renderNode({
      kind: "connection",
      id: "c",
      connection: { ...connection, production: true, readOnly: true },
      pending: 2,
    });
    expect(context).toMatchObject({
      context: "connection.settings.production.readonly.pending",
      description: "2 pending, production, read-only",
      icon: "lock",
    });
  });
});
