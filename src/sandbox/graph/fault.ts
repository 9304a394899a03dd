/** An answer of Graph that is an error. */
export class GraphFault extends Error {
  readonly status: number;
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.name = "GraphFault";
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

/** The object that a path names is not there. */
export function notFound(id: string): GraphFault {
  return new GraphFault(
    404,
    "Request_ResourceNotFound",
    `Resource '${id}' does not exist or one of its queried reference-property objects are not present.`,
  );
}
