// Where a Prisma schema has JSON, which a GraphQL string cannot say. Pure.

const MODEL = /^model\s+(\w+)\s*\{([\s\S]*?)^\}/gm;
const FIELD = /^\s*(\w+)\s+(\w+)/gm;
// Within a filter on JSON these are not JSON themselves.
const TEXT_FILTERS = new Set(["path", "mode", "string_contains", "string_starts_with", "string_ends_with"]);

/** `{ model: { field: type } }` of the fields that are JSON or another model. */
function readModels(schema) {
  const found = [...schema.matchAll(MODEL)];
  const names = new Set(found.map(([, name]) => name));
  const relevant = ([, , type]) => type === "Json" || names.has(type);
  return new Map(
    found.map(([, name, fields]) => [
      name,
      new Map([...fields.matchAll(FIELD)].filter(relevant).map(([, field, type]) => [field, type])),
    ]),
  );
}

function tagJson(value) {
  if (typeof value === "string") return { $type: "Json", value };
  if (Array.isArray(value)) return value.map(tagJson);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, TEXT_FILTERS.has(key) ? item : tagJson(item)]),
  );
}

/** A function `(model, arguments)` that marks the JSON values in an operation's arguments, also of related models. */
export function jsonTagger(schema) {
  const models = readModels(schema);
  const tag = (model, value) => {
    if (Array.isArray(value)) return value.map((item) => tag(model, item));
    if (value === null || typeof value !== "object" || "$type" in value) return value;
    const fields = models.get(model);
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        const type = fields?.get(key);
        return [key, type === "Json" ? tagJson(item) : tag(type ?? model, item)];
      }),
    );
  };
  return tag;
}
