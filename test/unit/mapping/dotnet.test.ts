import { describe, expect, it } from "vitest";
import { parseAnyDate } from "../../../src/mapping/dotnet/anyDate.ts";
import { toCase, toTitleCase } from "../../../src/mapping/dotnet/casing.ts";
import { DateFormatError, formatDate, parseDateFormat } from "../../../src/mapping/dotnet/dateFormat.ts";
import { parseDate } from "../../../src/mapping/dotnet/dateParse.ts";
import { DateTime } from "../../../src/mapping/dotnet/dateTime.ts";
import { DotnetRegex, RegexError } from "../../../src/mapping/dotnet/regex.ts";
import { RegexTimeoutError } from "../../../src/mapping/dotnet/regexGuard.ts";
import { normalizeDiacritics } from "../../../src/mapping/expression/diacritics.ts";

const noWhite = { leading: false, trailing: false, inner: false };
const parse = (text: string, format: string) => parseDate(text, parseDateFormat(format), noWhite)?.date.toISOString();

describe(".NET date formats", () => {
  const moment = new DateTime(Date.parse("2009-06-05T13:04:09.078Z"), 9000, "utc");
  it.each([
    ["d", "6/5/2009"],
    ["D", "Friday, June 5, 2009"],
    ["o", "2009-06-05T13:04:09.0789000Z"],
    ["r", "Fri, 05 Jun 2009 13:04:09 GMT"],
    ["s", "2009-06-05T13:04:09"],
    ["u", "2009-06-05 13:04:09Z"],
    ["t", "1:04 PM"],
    ["yyyy-MM-ddTHH:mm:ss.fffK", "2009-06-05T13:04:09.078Z"],
    ["yy M d h t", "09 6 5 1 P"],
    ["ddd dddd MMM MMMM tt", "Fri Friday Jun June PM"],
    ["ss.FFFFFFF", "09.0789"],
    ["zzz zz z", "+00:00 +00 +0"],
    ["'yyyy' \"MM\" \\d %d", "yyyy MM d 5"],
    ["yyyyMMddHHmmss.fZ", "20090605130409.0Z"],
  ])("writes %s as %s", (format, text) => {
    expect(formatDate(moment, parseDateFormat(format))).toBe(text);
  });

  it("leaves out the point in front of an empty fraction", () => {
    expect(formatDate(new DateTime(0), parseDateFormat("ss.FFF"))).toBe("00");
  });

  it.each(["", "q", "'open", "ffffffff", "x%", "x\\"])("refuses the format %s", (format) => {
    expect(() => parseDateFormat(format)).toThrow(DateFormatError);
  });

  it.each([
    ["2021-02-29", "yyyy-MM-dd", undefined],
    ["2020-02-29", "yyyy-MM-dd", "2020-02-29T00:00:00.000Z"],
    ["3/4/2020 12:05 AM", "M/d/yyyy h:mm tt", "2020-03-04T00:05:00.000Z"],
    ["3/4/2020 12:05 PM", "M/d/yyyy h:mm tt", "2020-03-04T12:05:00.000Z"],
    ["20200304", "yyyyMMdd", "2020-03-04T00:00:00.000Z"],
    ["04 Mar 20", "dd MMM yy", "2020-03-04T00:00:00.000Z"],
    ["Wed 4 March 2020", "ddd d MMMM yyyy", "2020-03-04T00:00:00.000Z"],
    ["Thu 4 March 2020", "ddd d MMMM yyyy", undefined],
    ["2020-03-04T05:06:07.1234567-01:30", "yyyy-MM-ddTHH:mm:ss.fffffffzzz", "2020-03-04T06:36:07.123Z"],
    ["2020-03-04Z", "yyyy-MM-ddK", "2020-03-04T00:00:00.000Z"],
    [" 2020-03-04", "yyyy-MM-dd", undefined],
    ["2020-3-4", "yyyy-MM-dd", undefined],
    ["2020-03-04 24:00", "yyyy-MM-dd HH:mm", undefined],
    ["0001-01-01+14:00", "yyyy-MM-ddzzz", undefined],
  ])("reads %s by %s", (text, format, iso) => {
    expect(parse(text, format)).toBe(iso);
  });

  it("reads the usual forms without a format, in UTC", () => {
    const iso = (text: string) => parseAnyDate(text)?.date.toISOString();
    expect(iso("2020-03-16-07:00")).toBe("2020-03-16T07:00:00.000Z");
    expect(iso("2020-12-31 23:59:59-08:00")).toBe("2021-01-01T07:59:59.000Z");
    expect(iso(" 8/25/2021 5:41:18 PM ")).toBe("2021-08-25T17:41:18.000Z");
    expect(iso("June 5, 2009")).toBe("2009-06-05T00:00:00.000Z");
    expect(iso("Fri, 05 Jun 2009 13:04:09 GMT")).toBe("2009-06-05T13:04:09.000Z");
    expect(iso("13/13/2020")).toBeUndefined();
    expect(iso("")).toBeUndefined();
    expect(iso("9".repeat(100_000))).toBeUndefined();
  });

  it("keeps 100 ns through the file time", () => {
    const value = 132539615990000007n;
    expect(DateTime.fromFileTime(value).toFileTime()).toBe(value);
    expect(DateTime.fromFileTime(-7n).toFileTime()).toBe(-7n);
  });
});

describe(".NET regular expressions", () => {
  const replace = (pattern: string, text: string, by: string) => new DotnetRegex(pattern).replacer(by)(text);
  const test = (pattern: string, text: string) => new DotnetRegex(pattern).test(text);

  it.each<[string, string, boolean]>([
    ["^\\d+$", "١٢٣", true],
    ["^\\w+$", "Łukasz_1", true],
    ["\\bé", "été é", true],
    ["^a$", "a\n", true],
    ["^a\\z", "a\n", false],
    ["a.b", "a\rb", true],
    ["a.b", "a\nb", false],
    ["(?s)a.b", "a\nb", true],
    ["(?m)^b$", "a\nb", true],
    ["x(?i)y", "xY", true],
    ["x(?i)y", "XY", false],
    ["(?i:x)y", "XY", false],
    ["[a-z-[aeiou]]", "e", false],
    ["[a-z-[aeiou]]", "f", true],
    ["[\\w-.]", "-", true],
    ["[^\\D5]", "7", true],
    ["(?>a+)ab", "aaab", false],
    ["(?'n'a)\\k<n>", "aa", true],
    ["(?<n>a)(b)\\1", "abb", true],
    ["a{,2}", "a{,2}", true],
    ["\\x41\\u0042\\0", "AB\0", true],
    ["(?#note)a", "a", true],
    ["[]a]", "]", true],
    [".*\\@domain.com", "a@domain.com", true],
    ["(1[0-9]{6})", "2000000", false],
    ["😀", "a😀", true],
    ["(?=a)?b", "b", true],
  ])("%s over %j: %s", (pattern, text, expected) => {
    expect(test(pattern, text)).toBe(expected);
  });

  it("replaces with .NET's replacement syntax", () => {
    expect(replace("(?<n>b)(c)", "abcd", "[$1|${n}|$2|$0|$&|$$]")).toBe("a[c|b|b|bc|bc|$]d");
    expect(replace("b", "abc", "$`$'$_$9${x}$")).toBe("aacabc$9${x}$c");
    expect(replace("x*", "abc", "-")).toBe("-a-b-c-");
    expect(replace("(a)|b", "ab", "<$1>")).toBe("<a><>");
    expect(replace("(a)", "a", "$10")).toBe("$10");
  });

  it.each([
    "(",
    ")",
    "[",
    "a**",
    "*a",
    "(?(a)b)",
    "(?<a-b>c)",
    "(?x) a",
    "(?<1>a)",
    "\\",
    "\\p{IsGreek}",
    "\\p{Zq}",
    "\\G",
    "\\y",
    "(?<n>a)(?<n>b)",
    "\\k<m>",
    "a{2}{3}",
    "[z-a]",
    "^*",
  ])("refuses %s with a clear error", (pattern) => {
    expect(() => new DotnetRegex(pattern)).toThrow(RegexError);
  });

  it("refuses a pattern that is nested without end", () => {
    expect(() => new DotnetRegex("(".repeat(5_000) + ")".repeat(5_000))).toThrow("nested too deep");
    expect(() => new DotnetRegex("[a-".repeat(3_000))).toThrow(RegexError);
  });

  it("stops a pattern that explodes", () => {
    expect(() => test("^(\\w+\\s?)*$", `${"a".repeat(50)}!`)).toThrow(RegexTimeoutError);
    expect(() => replace("(x+x+)+y", "x".repeat(50), "")).toThrow(RegexTimeoutError);
    expect(() => test("(a|aa)+$", `${"a".repeat(60)}b`)).toThrow(RegexTimeoutError);
    expect(test("^(\\w+\\s?)*$", "ada lovelace")).toBe(true);
  });
});

describe("letter case", () => {
  it("changes character by character without a culture", () => {
    expect(toCase("Straße İı ΑΣ", "upper", null)).toBe("STRAßE İı ΑΣ");
    expect(toCase("ΑΣ", "lower", null)).toBe("ας".replace("ς", "σ"));
    expect(toCase("ǅ", "lower", null)).toBe("ǆ");
  });

  it("follows a culture", () => {
    expect(toCase("I", "lower", "tr-TR")).toBe("ı");
    expect(toCase("I", "lower", "not a culture")).toBeUndefined();
  });

  it("raises the first letter of each word", () => {
    expect(toTitleCase("o'BRIEN don't x2y", null)).toBe("O'brien Don't X2y");
    expect(toTitleCase("éa-b ab", null)).toBe("Éa-B Ab");
    expect(toTitleCase("a-b c", " ")).toBe("A-b C");
  });
});

describe("NormalizeDiacritics", () => {
  const bar = "\u0304";
  it.each<[string, string]>([
    ["äàâãåáąăāǟǡ", "a".repeat(11)],
    ["çčć", "ccc"],
    ["ďḏ", "dd"],
    ["ëèéêęěėēḗḕ", "e".repeat(10)],
    ["ğḡ", "gg"],
    ["ïîìíıī", "i".repeat(6)],
    ["ľłḹḻ", "llll"],
    ["ñńňṉ", "nnnn"],
    ["öòőõôóōṓṑȫǭȭȱ", "o".repeat(13)],
    ["řṟṝ", "rrr"],
    ["śșşš", "ssss"],
    ["ťțṯ", "ttt"],
    ["üùûúůűūǖṻ", "u".repeat(9)],
    ["ÿýȳ", "yyy"],
    ["źžżẕ", "zzzz"],
    ["æǣß", "aeaess"],
    [`ø${bar}œ${bar}`, "oeoe"],
    [`c${bar}d${bar}l${bar}n${bar}r${bar}s${bar}t${bar}z${bar}`, "cdlnrstz"],
    ["a\u0331c\u0331e\u0331g\u0331i\u0331o\u0331s\u0331u\u0331y\u0331", "acegiosuy"],
    [`a${bar}\u0301ê${bar}ë${bar}e\u030a${bar}`, "aeee"],
    [`u\u0307${bar}u\u0324${bar}y${bar}\u0303`, "uuy"],
  ])("%s gives %s, in upper case too", (text, expected) => {
    expect(normalizeDiacritics(text)).toBe(expected);
    expect(normalizeDiacritics(text.normalize("NFD"))).toBe(expected);
    const upper = Array.from(text.normalize("NFC"), (character) =>
      character === "ß" || character === "ı" ? "" : character,
    ).join("");
    expect(normalizeDiacritics(upper.toUpperCase())).toBe(normalizeDiacritics(upper).toUpperCase());
  });

  it("leaves letters that the table does not list", () => {
    expect(normalizeDiacritics("œ đ ð þ ħ ĉ a\u0302\u0302")).toBe("œ đ ð þ ħ ĉ a\u0302");
    expect(normalizeDiacritics("ĉ 漢字 😀")).toBe("ĉ 漢字 😀");
  });
});
