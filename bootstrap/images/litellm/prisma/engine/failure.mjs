// Failures of the database connection as the errors that Prisma's native engine reports. Pure.
// Codes: https://www.prisma.io/docs/orm/reference/error-reference

/** The shape prisma-client-py reads: `user_facing_error.error_code` picks the exception, `message` is its text. */
export function failure(code, message, meta = {}) {
  return { error: message, user_facing_error: { is_panic: false, message, meta, ...(code ? { error_code: code } : {}) } };
}

const UNREACHABLE = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ETIMEDOUT", "ENOENT"]);
const CLOSED = new Set(["ECONNRESET", "EPIPE"]);

/** Names a JavaScript error of node-postgres; `settings` are those of the pool. */
export function connectionFailure(error, settings) {
  const { host, port } = settings.session;
  const unreachable = () => failure("P1001", `Can't reach database server at \`${host}:${port}\`\n\nPlease make sure your database server is running at \`${host}:${port}\`.`);
  if (error.message === "timeout exceeded when trying to connect") {
    const seconds = settings.poolTimeout / 1000;
    return failure("P2024", `Timed out fetching a new connection from the connection pool. (Current connection pool timeout: ${seconds}, connection limit: ${settings.max})`, { connection_limit: settings.max, timeout: seconds });
  }
  if (UNREACHABLE.has(error.code) || /^(timeout expired|Connection terminated due to connection timeout)$/.test(error.message)) return unreachable();
  if (CLOSED.has(error.code) || /^(Connection terminated|Client has encountered a connection error|Client was closed)/.test(error.message)) {
    return failure("P1017", "Server has closed the connection.");
  }
  if (error.message === "Query read timeout") return failure("P1008", `Operations timed out after ${settings.session.query_timeout} ms`);
  if (error.code === "28P01" || error.code === "28000") {
    return failure("P1000", `Authentication failed against database server at \`${host}\`: ${error.message}`);
  }
  if (error.code === "3D000") return failure("P1003", error.message);
  if (error.code === "53300") return failure("P2037", `Too many database connections opened: FATAL: ${error.message}`);
  return failure(undefined, `Error occurred during query execution:\n${error.severity ? `${error.severity}: ` : ""}${error.message}`);
}

/** Puts the failures that the engine only numbers (P2036, "external connector") in place of the numbers. `take` yields the error of a number. */
export function nameFailures(response, settings, take) {
  const name = (one) => {
    const external = one.user_facing_error?.error_code === "P2036" ? take(one.user_facing_error.meta?.id) : undefined;
    return external ? connectionFailure(external, settings) : one;
  };
  return {
    ...response,
    ...(response.errors ? { errors: response.errors.map(name) } : {}),
    ...(response.batchResult ? { batchResult: response.batchResult.map((one) => (one.errors ? { ...one, errors: one.errors.map(name) } : one)) } : {}),
  };
}
