// Failures of the database connection as the errors that Prisma's native engine reports. Pure.
// Codes: https://www.prisma.io/docs/orm/reference/error-reference

/** The shape prisma-client-py reads: `user_facing_error.error_code` picks the exception, `message` is its text. */
export function failure(code, message, meta = {}) {
  return {
    error: message,
    user_facing_error: { is_panic: false, message, meta, ...(code ? { error_code: code } : {}) },
  };
}

const unreachable = (_error, { session: { host, port } }) => [
  "P1001",
  `Can't reach database server at \`${host}:${port}\`\n\n` +
    `Please make sure your database server is running at \`${host}:${port}\`.`,
];

const closed = () => ["P1017", "Server has closed the connection."];

const exhausted = (_error, { max, poolTimeout }) => [
  "P2024",
  "Timed out fetching a new connection from the connection pool. " +
    `(Current connection pool timeout: ${poolTimeout / 1000}, connection limit: ${max})`,
  { connection_limit: max, timeout: poolTimeout / 1000 },
];

const refused = (error, { session: { host } }) => [
  "P1000",
  `Authentication failed against database server at \`${host}\`: ${error.message}`,
];

// By the error's code (of the system, or SQLSTATE), else by node-postgres's words.
const NAMES = [
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOENT)$/, unreachable],
  [/^(ECONNRESET|EPIPE)$/, closed],
  [/^28(P01|000)$/, refused],
  [/^3D000$/, (error) => ["P1003", error.message]],
  [/^53300$/, (error) => ["P2037", `Too many database connections opened: FATAL: ${error.message}`]],
  [/^timeout exceeded when trying to connect$/, exhausted],
  // An engine that was started while the server is away.
  [/^Engine is not yet connected/, unreachable],
  [/^(timeout expired|Connection terminated due to connection timeout)$/, unreachable],
  [/^(Connection terminated|Client has encountered a connection error|Client was closed)/, closed],
  [/^Query read timeout$/, (_, { session }) => ["P1008", `Operations timed out after ${session.query_timeout} ms`]],
];

/** Names a JavaScript error of node-postgres; `settings` are those of the pool. */
export function connectionFailure(error, settings) {
  const [, name] = NAMES.find(([words]) => words.test(error.code ?? "") || words.test(error.message)) ?? [];
  if (name) return failure(...name(error, settings));
  const severity = error.severity ? `${error.severity}: ` : "";
  return failure(undefined, `Error occurred during query execution:\n${severity}${error.message}`);
}

/** Names the failures that the engine only numbers (P2036, "external connector"); `take` yields a number's error. */
export function nameFailures(response, settings, take) {
  const name = (one) => {
    const external = one.user_facing_error?.error_code === "P2036" ? take(one.user_facing_error.meta?.id) : undefined;
    return external ? connectionFailure(external, settings) : one;
  };
  return {
    ...response,
    ...(response.errors ? { errors: response.errors.map(name) } : {}),
    ...(response.batchResult
      ? {
          batchResult: response.batchResult.map((one) => (one.errors ? { ...one, errors: one.errors.map(name) } : one)),
        }
      : {}),
  };
}
