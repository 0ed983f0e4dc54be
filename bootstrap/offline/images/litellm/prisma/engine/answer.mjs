// The engine's JSON protocol answers as the GraphQL answers that prisma-client-py reads. Pure.

/** A value without its `{ $type, value }` wrappers: dates, decimals, bytes, JSON and such are strings in GraphQL. */
export function plain(value) {
  if (Array.isArray(value)) return value.map(plain);
  if (value === null || typeof value !== "object") return value;
  if ("$type" in value) return value.value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plain(item)]));
}

/** One answer under the name its request gave it. */
export function answer({ alias, operation }, response) {
  if (response.errors) return { data: null, errors: response.errors };
  const [result] = Object.values(response.data);
  // The rows of a raw query come as the client reads them, JSON included.
  return { data: { [alias]: operation.action === "queryRaw" ? result : plain(result) } };
}

/** The answers of a batch, in the order of its requests; an error of any is the batch's. */
export function batchAnswer(requests, response) {
  if (response.errors) return { errors: response.errors };
  const results = response.batchResult.map((one, index) => answer(requests[index], one));
  const errors = results.flatMap((one) => one.errors ?? []);
  return errors.length > 0 ? { errors } : { batchResult: results };
}
