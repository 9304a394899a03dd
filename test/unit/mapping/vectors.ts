import type { EvaluationContext } from "../../../src/mapping/expression/context.ts";

type Input = string | number | boolean | readonly string[] | null;

/** One documented case of the expression language: inputs by attribute name, and what must come out. */
export interface VectorCase {
  readonly attributes?: Readonly<Record<string, Input>>;
  readonly context?: EvaluationContext;
  /** The value; `dropped`; or the code of the error. */
  readonly gives: { readonly value: Input } | "dropped" | { readonly error: string };
}

export interface Vector {
  readonly id: string;
  readonly expression: string;
  readonly cases: readonly VectorCase[];
}

const gives = (value: Input, attributes: VectorCase["attributes"] = {}): VectorCase => ({
  attributes,
  gives: { value },
});
const fails = (error: string, attributes: VectorCase["attributes"] = {}): VectorCase => ({
  attributes,
  gives: { error },
});
const drops = (attributes: VectorCase["attributes"]): VectorCase => ({
  attributes: attributes ?? {},
  gives: "dropped",
});
const vector = (id: string, expression: string, ...cases: VectorCase[]): Vector => ({ id, expression, cases });
const role = (displayName: string) => ({ value: displayName.toLowerCase(), displayName });
const taken = (...values: string[]): EvaluationContext => ({ isTaken: (value) => values.includes(value) });

const telephone = "\\\\+(?<cc>\\\\d* )(?<num>\\\\d{10})";
const dates = (a: string, b: string, i?: string) => (i === undefined ? { a, b } : { a, b, i });
const addDay = "DateAdd([i], [n], CDate([d]))";
const march = "2012-03-16-07:00";
const unique = 'SelectUniqueValue("a.b@x", "a1.b@x", "a2.b@x")';

/** The documented samples of the function reference, and what its rules give where it shows no sample. */
export const vectors: readonly Vector[] = [
  vector(
    "APP1",
    'Append([userPrincipalName], ".test")',
    gives("mara@contoso.com.test", { userPrincipalName: "mara@contoso.com" }),
  ),
  vector(
    "APP2",
    "Append(Mid([givenName], 1, 3), Mid([surname], 1, 5))",
    gives("JohDoe", { givenName: "John", surname: "Doe" }),
  ),
  vector("APP3", 'Append([mail], "x")', gives(null, { mail: null })),
  vector("BIT1", "BitAnd(&HF, &HF7)", gives(7)),
  vector(
    "BIT2",
    "BitAnd([userAccountControl], 2)",
    gives(2, { userAccountControl: "514" }),
    gives(0, { userAccountControl: "512" }),
  ),
  vector("CBO1", "CBool([a] = [b])", gives(true, { a: "x", b: "x" }), gives(false, { a: "x", b: "X" })),
  vector("CBO2", "CBool([n])", gives(false, { n: "0" }), gives(true, { n: "5" }), gives(false, { n: null })),
  vector(
    "CDA1",
    "CDate([d])",
    gives("3/16/2020 7:00:00 AM", { d: "2020-03-16-07:00" }),
    gives("6/29/2021 4:00:00 PM", { d: "2021-06-30+08:00" }),
    gives("6/15/2009 8:45:30 AM", { d: "2009-06-15T01:45:30-07:00" }),
  ),
  vector(
    "COA1",
    "Coalesce([mail], [userPrincipalName])",
    gives("a@b.c", { mail: null, userPrincipalName: "a@b.c" }),
    gives("m@b.c", { mail: "m@b.c", userPrincipalName: "a@b.c" }),
    gives(null, { mail: null, userPrincipalName: null }),
  ),
  vector("COA2", 'Coalesce([x], [y], "none")', gives("none", { x: null, y: null })),
  vector("B641", "ConvertToBase64([x])", gives("SABlAGwAbABvACAAdwBvAHIAbABkACEA", { x: "Hello world!" })),
  vector("B642", "ConvertToBase64([x])", gives("WgBvAOsA", { x: "Zoë" }), gives("QQA=", { x: "A" })),
  vector("HEX1", "ConvertToUTF8Hex([x])", gives("48656C6C6F20776F726C6421", { x: "Hello world!" })),
  vector("HEX2", "ConvertToUTF8Hex([x])", gives("5A6FC3AB", { x: "Zoë" })),
  vector(
    "HEX3",
    'Join("", 1000, Replace(ConvertToUTF8Hex([objectId]), , "[a-zA-Z_]*", , "", , ))',
    gives("100030306161303061612626231312636332322646433332343465653434656534346565", {
      objectId: "00aa00aa-bb11-cc22-dd33-44ee44ee44ee",
    }),
  ),
  vector(
    "CNT1",
    "Count([proxyAddresses])",
    gives(3, { proxyAddresses: ["a", "b", "c"] }),
    gives(0, { proxyAddresses: null }),
  ),
  vector(
    "CST1",
    "CStr([x])",
    gives("True", { x: true }),
    gives("cn=Joe,dc=contoso,dc=com", { x: "cn=Joe,dc=contoso,dc=com" }),
  ),
  vector(
    "DAD1",
    addDay,
    gives("3/23/2012 7:00:00 AM", { i: "d", n: "7", d: march }),
    gives("3/6/2012 7:00:00 AM", { i: "d", n: "-10", d: march }),
    gives("3/30/2012 7:00:00 AM", { i: "ww", n: "2", d: march }),
    gives("1/16/2013 7:00:00 AM", { i: "m", n: "10", d: march }),
    gives("3/16/2014 7:00:00 AM", { i: "yyyy", n: "2", d: march }),
  ),
  vector("DAD2", 'DateAdd("m", 1, CDate([d]))', gives("2/28/2021 12:00:00 AM", { d: "2021-01-31T00:00:00Z" })),
  vector(
    "DDF1",
    'DateDiff("d", CDate([a]), CDate([b]))',
    gives(13, dates("2021-08-18+08:00", "2021-08-31+08:00")),
    gives(0, dates("2021-08-18+08:00", "2021-08-18+08:00")),
  ),
  vector(
    "DDF2",
    "DateDiff([i], CDate([a]), CDate([b]))",
    gives(-3449, dates("8/25/2021 5:41:18 PM", march, "d")),
    gives(-493, dates("8/25/2021 5:41:18 PM", march, "ww")),
    gives(-113, dates("8/25/2021 5:41:18 PM", march, "m")),
    gives(-9, dates("8/25/2021 5:41:18 PM", march, "yyyy")),
  ),
  vector(
    "DDF3",
    "DateDiff([i], CDate([a]), CDate([b]))",
    gives(24, dates("2021-08-24", "2021-08-25", "h")),
    gives(1440, dates("2021-08-24", "2021-08-25", "n")),
    gives(86400, dates("2021-08-24", "2021-08-25", "s")),
  ),
  vector("DFN1", "DateFromNum([n])", gives("1/1/2012 11:00:00 PM", { n: "129699324000000000" })),
  vector("DFN2", "DateFromNum([n])", gives("1/1/1970 12:00:00 AM", { n: "116444736000000000" })),
  vector(
    "FDT1",
    'FormatDateTime([x], , "yyyyMMddHHmmss.fZ", "yyyy-MM-dd")',
    gives("2015-01-23", { x: "20150123105347.1Z" }),
  ),
  vector("FDT2", 'FormatDateTime([x], , "yyyy-MM-dd", "dd/MM/yyyy")', gives("30/06/2021", { x: "2021-06-30" })),
  vector("FDT3", 'FormatDateTime([x], "yyyy-MM-dd", "yyyyMMdd")', gives("20210630", { x: "2021-06-30" })),
  vector(
    "IGN1",
    "IgnoreFlowIfNullOrEmpty([department])",
    drops({ department: null }),
    drops({ department: "" }),
    gives("Sales", { department: "Sales" }),
  ),
  vector(
    "IGN2",
    'IgnoreFlowIfNullOrEmpty(Switch([prefix], "", "3443", "Dr.", "3444", "Prof."))',
    drops({ prefix: "9999" }),
    gives("Dr.", { prefix: "3443" }),
  ),
  vector(
    "IIF1",
    'IIF([country]="USA", [country], [department])',
    gives("USA", { country: "USA", department: "Sales" }),
    gives("Sales", { country: "FRA", department: "Sales" }),
  ),
  vector(
    "IIF2",
    'IIF([country]="USA", IIF([state]="CA", "True", "False"), "False")',
    gives("True", { country: "USA", state: "CA" }),
    gives("False", { country: "USA", state: "NY" }),
    gives("False", { country: "FRA", state: "CA" }),
  ),
  vector(
    "IIF3",
    'IIF([country]="USA", "True", IIF([state]="CA", "True", "False"))',
    gives("True", { country: "USA", state: "NY" }),
    gives("True", { country: "FRA", state: "CA" }),
    gives("False", { country: "FRA", state: "NY" }),
  ),
  vector("IIF4", 'IIF([country]="", "Other", [country])', fails("emptyOperand", { country: null })),
  vector("INS1", 'InStr("The quick brown fox", "quick")', gives(5)),
  vector("INS1b", 'InStr("repEated", "e", 3, vbBinaryCompare)', gives(7)),
  vector("INS2", 'InStr("repEated", "e", 3, vbTextCompare)', gives(4)),
  vector("INS2b", 'InStr("abc", "z")', gives(0)),
  vector(
    "ISN1",
    "IsNull([displayName])",
    gives(true, { displayName: null }),
    gives(false, { displayName: "" }),
    gives(false, { displayName: "x" }),
  ),
  vector(
    "ISE1",
    "IsNullOrEmpty([displayName])",
    gives(true, { displayName: null }),
    gives(true, { displayName: "" }),
    gives(false, { displayName: "x" }),
  ),
  vector(
    "ISP1",
    "IsPresent([displayName])",
    gives(false, { displayName: null }),
    gives(false, { displayName: "" }),
    gives(true, { displayName: "x" }),
  ),
  vector("ISS1", "IsString([displayName])", gives(true, { displayName: "x" })),
  vector(
    "ITM1",
    "Item([proxyAddresses], [i])",
    gives("p", { proxyAddresses: ["p", "q"], i: "1" }),
    fails("outOfRange", { proxyAddresses: ["p", "q"], i: "3" }),
  ),
  vector("JOI1", 'Join(", ", "", [surname], [givenName])', gives("Doe, John", { surname: "Doe", givenName: "John" })),
  vector("JOI2", 'Join(";", [proxyAddresses])', gives("a;b", { proxyAddresses: ["a", "b"] })),
  vector("JOI3", 'Join("@", "mara.lind", "contoso.com")', gives("mara.lind@contoso.com")),
  vector("JOI4", 'Join(" ", [givenName], [surname])', gives("Doe", { givenName: null, surname: "Doe" })),
  vector(
    "LEF1",
    "Left([x], [n])",
    gives("Joh", { x: "John Doe", n: "3" }),
    gives("", { x: "John", n: "0" }),
    gives("John", { x: "John", n: "-1" }),
    gives("John", { x: "John", n: "9" }),
    gives("", { x: null, n: "3" }),
  ),
  vector("MID1", "Mid([x], [start], [len])", gives("Doe", { x: "Doe", start: "1", len: "5" })),
  vector(
    "MID2",
    "Mid([x], [start], [len])",
    gives("johnsmit", { x: "johnsmith@contoso.com", start: "1", len: "8" }),
    gives("o", { x: "Doe", start: "2", len: "1" }),
  ),
  vector("MID3", "Mid([x], [start], [len])", gives("", { x: "Doe", start: "9", len: "2" })),
  vector("NOD1", "NormalizeDiacritics([givenName])", gives("Zoe", { givenName: "Zoë" })),
  vector(
    "NOD2",
    "NormalizeDiacritics([x])",
    ...Object.entries({
      Łukasz: "Lukasz",
      Çağla: "Cagla",
      İpek: "Ipek",
      Straße: "Strasse",
      Øystein: "OEystein",
      Æsir: "AEsir",
      "Jürgen Öz": "Jurgen Oz",
    }).map(([x, value]) => gives(value, { x })),
  ),
  vector(
    "NOT1",
    "Not([x])",
    gives(true, { x: "False" }),
    gives(false, { x: "True" }),
    gives(true, { x: "abc" }),
    gives(true, { x: null }),
  ),
  vector("NOW1", "Now()", {
    context: { now: () => new Date("2026-11-24T15:04:05Z") },
    gives: { value: "11/24/2026 3:04:05 PM" },
  }),
  vector("NFD1", "NumFromDate([d])", gives("129699324000000000", { d: "2012-01-01T23:00:00Z" })),
  vector(
    "NFD2",
    'NumFromDate(Join("", FormatDateTime([e], , "yyyy-MM-ddzzz", "yyyy-MM-dd"), " 23:59:59-08:00"))',
    gives("132539615990000000", { e: "2020-12-31-08:00" }),
  ),
  vector("PCA1", "PCase([firstName])", gives("Pablo Gonsalves (Second)", { firstName: "PABLO GONSALVES (SECOND)" })),
  vector("PCA2", 'PCase([lastName], " \'-")', gives("Pinto-De'Silva", { lastName: "PINTO-DE'SILVA" })),
  vector(
    "PCA3",
    'PCase(Join(" ", [firstName], [lastName]))',
    gives("Gregory James", { firstName: "GREGORY", lastName: "JAMES" }),
  ),
  vector("RED1", "Redact([userPrincipalName])", gives("a@b.c", { userPrincipalName: "a@b.c" })),
  vector("RDU1", "RemoveDuplicates([p])", gives(["a", "b"], { p: ["a", "b", "a"] })),
  vector(
    "REP1",
    'Replace([t], "Product Developer", , , "Software Engineer", , )',
    gives("Software Engineer", { t: "Product Developer" }),
  ),
  vector("REP2", 'Replace([mail], "@contoso.com", , , "", , )', gives("john.doe", { mail: "john.doe@contoso.com" })),
  vector("REP2b", 'Replace([lang], "-", , , "_", , )', gives("EN_US", { lang: "EN-US" })),
  vector("REP3", 'Replace([x], "a", , , "x", , )', gives("xAx", { x: "aAa" })),
  vector("REP4", 'Replace([id], "<u>", , , , , "<u>@contoso.com")', gives("jsmith@contoso.com", { id: "jsmith" })),
  vector("REP5", `Replace([tel], , "${telephone}", , "\${num}", , )`, gives("9998887777", { tel: "+91 9998887777" })),
  vector("REP6", 'Replace([nick], , "[a-zA-Z_]*", , "", , )', gives("72", { nick: "john_doe72" })),
  vector(
    "REP7",
    'Replace([mobile], , "[()\\\\s-]+", , "", , )',
    gives("+19998887777", { mobile: "+1 (999) 888-7777" }),
  ),
  vector(
    "REP8",
    'Replace([addr], , "(?<no>^\\\\d*)", "no", "888", , )',
    gives("888 Tremont Street", { addr: "545 Tremont Street" }),
  ),
  vector("REP9", 'Replace([upn], , "(?<s>@(.)*)", "s", "", , )', gives("jsmith", { upn: "jsmith@contoso.com" })),
  vector(
    "REP10",
    `Replace([tel], , "${telephone}", "num", , [mobile], )`,
    gives("8887779999", { tel: "", mobile: "+91 8887779999" }),
    gives("555", { tel: "555", mobile: "+91 8887779999" }),
  ),
  vector(
    "SUV1",
    unique,
    { context: taken(), gives: { value: "a.b@x" } },
    { context: taken("a.b@x"), gives: { value: "a1.b@x" } },
    { context: taken("a.b@x", "a1.b@x"), gives: { value: "a2.b@x" } },
    { context: taken("a.b@x", "a1.b@x", "a2.b@x"), gives: { error: "noUniqueValue" } },
  ),
  vector("SAR1", "SingleAppRoleAssignment([appRoleAssignments])", {
    context: { appRoleAssignments: [role("Admin")] },
    gives: { value: "Admin" },
  }),
  vector("SPL1", 'Split([x], ",")', gives(["One", "Two"], { x: "One, Two" }), gives(["One"], { x: "One" })),
  vector("STS1", "StripSpaces([x])", gives("MaraLind", { x: " Mara Lind " }), gives("a\tb", { x: "a\tb" })),
  vector(
    "SWI1",
    'Switch([IsSoftDeleted], , "False", "True", "True", "False")',
    gives("True", { IsSoftDeleted: false }),
    gives("False", { IsSoftDeleted: "True" }),
  ),
  vector(
    "SWI2",
    'Switch([state], "Australia/Sydney", "NSW", "Australia/Sydney", "QLD", "Australia/Brisbane")',
    gives("Australia/Brisbane", { state: "QLD" }),
    gives("Australia/Sydney", { state: "WA" }),
  ),
  vector(
    "SWI3",
    'Switch([f], "D", "true", "1", "", "0")',
    gives("1", { f: "true" }),
    gives("D", { f: "True" }),
    gives("0", { f: null }),
  ),
  vector("SWI4", 'Switch(ToLower([f]), "0", "true", "1", "false", "0")', gives("1", { f: "TRUE" })),
  vector(
    "SWI5",
    'Switch([country], [country], "", "Other")',
    gives("FR", { country: "FR" }),
    gives("Other", { country: null }),
  ),
  vector("SWI6", 'Switch([x], , "a", "1")', gives(null, { x: "b" })),
  vector("LOW1", "ToLower([upn])", gives("john.smith@contoso.com", { upn: "John.Smith@Contoso.com" })),
  vector(
    "LOW2",
    'ToLower(Join("@", NormalizeDiacritics(StripSpaces(Join(".", [f], [l]))), "contoso.com"))',
    gives("john.smith@contoso.com", { f: "John", l: "Smith" }),
  ),
  vector("UPP1", 'ToUpper("abc")', gives("ABC")),
  vector("UPP1b", 'ToUpper("i", "tr-TR")', gives("İ")),
  vector("WRD1", 'Word("The quick brown fox", 3, " ")', gives("brown")),
  vector("WRD1b", 'Word("This,string!has&many separators", 3, ",!&#")', gives("has")),
  vector(
    "WRD2",
    'Word([x], [n], " ")',
    gives("", { x: "a b", n: "0" }),
    gives("", { x: "a b", n: "3" }),
    gives("", { x: null, n: "1" }),
  ),
  vector("LEX1", 'Append("a\\"b\\\\c", "")', gives('a"b\\c')),
];
