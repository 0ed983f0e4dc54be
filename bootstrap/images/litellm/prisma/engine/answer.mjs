// The engine's JSON protocol answers as the GraphQL answers that prisma-client-py reads. Pure.

/** A value without its `{ $type, value }` wrappers: dates, decimals, big integers, bytes and JSON are strings in GraphQL. */
export function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if ("$type" in value) return value.value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** Rows of a raw query with their JSON columns read, as the native engine gives them. */
export function rawRows(result) {
  const columns = (result.types ?? []).flatMap((type, index) => (type === "json" ? [index] : []));
  if (columns.length === 0) return result;
  const read = (cell) => (typeof cell === "string" ? JSON.parse(cell) : cell);
  return { ...result, rows: result.rows.map((row) => row.map((cell, index) => (columns.includes(index) ? read(cell) : cell))) };
}

/** One answer under the name its request gave it. */
export function answer({ alias, operation }, response) {
  if (response.errors) return { data: null, errors: response.errors };
  const [result] = Object.values(response.data);
  return { data: { [alias]: operation.action === "queryRaw" ? rawRows(result) : plain(result) } };
}

/** The answers of a batch, in the order of its requests; an error of any is the batch's. */
export function batchAnswer(requests, response) {
  if (response.errors) return { errors: response.errors };
  const results = response.batchResult.map((one, index) => answer(requests[index], one));
  const errors = results.flatMap((one) => one.errors ?? []);
  return errors.length > 0 ? { errors } : { batchResult: results };
}
