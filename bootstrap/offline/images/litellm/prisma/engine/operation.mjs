// prisma-client-py's GraphQL request as an operation of Prisma's JSON protocol. Pure.
import { Kind, parse } from "graphql";

const ACTIONS = [
  "findUnique",
  "findFirst",
  "findMany",
  "createOne",
  "createMany",
  "updateOne",
  "updateMany",
  "deleteOne",
  "deleteMany",
  "upsertOne",
  "aggregate",
  "groupBy",
  "queryRaw",
  "executeRaw",
];
const ACTION = new RegExp(`^(${ACTIONS.join("|")})(\\w*?)(OrThrow)?$`);

/** A request that cannot be understood; the message is fit for a log. */
export class UnreadableRequest extends Error {}

function value(node) {
  switch (node.kind) {
    case Kind.INT: {
      const number = Number(node.value);
      return Number.isSafeInteger(number) ? number : { $type: "BigInt", value: node.value };
    }
    case Kind.FLOAT:
      return Number(node.value);
    case Kind.NULL:
      return null;
    case Kind.LIST:
      return node.values.map(value);
    case Kind.OBJECT:
      return Object.fromEntries(node.fields.map((field) => [field.name.value, value(field.value)]));
    case Kind.VARIABLE:
      throw new UnreadableRequest("the request uses a GraphQL variable");
    default:
      return node.value;
  }
}

const argumentsOf = (field) =>
  Object.fromEntries((field.arguments ?? []).map((one) => [one.name.value, value(one.value)]));

function selection(set) {
  return Object.fromEntries(
    (set?.selections ?? []).map((field) => [
      field.name.value,
      field.selectionSet || field.arguments?.length
        ? { arguments: argumentsOf(field), selection: selection(field.selectionSet) }
        : true,
    ]),
  );
}

function rootField(text) {
  let document;
  try {
    document = parse(text, { noLocation: true });
  } catch (error) {
    throw new UnreadableRequest(`the request is not GraphQL: ${error.message}`);
  }
  const fields = document.definitions.flatMap((definition) => definition.selectionSet?.selections ?? []);
  if (fields.length !== 1)
    throw new UnreadableRequest(`the request asks ${fields.length} operations at once instead of one`);
  return fields[0];
}

/** `{ alias, operation }`: the operation and the name of its answer. `tag` marks JSON values (datamodel.mjs). */
export function readOperation(text, tag = (_model, args) => args) {
  const field = rootField(text);
  const match = ACTION.exec(field.name.value);
  if (!match) throw new UnreadableRequest(`the operation ${field.name.value} is not known`);
  const [, action, model, orThrow = ""] = match;
  const args = argumentsOf(field);
  return {
    alias: field.alias?.value ?? field.name.value,
    operation: {
      ...(model ? { modelName: model } : {}),
      action: action + orThrow,
      query: { arguments: model ? tag(model, args) : args, selection: selection(field.selectionSet) },
    },
  };
}
