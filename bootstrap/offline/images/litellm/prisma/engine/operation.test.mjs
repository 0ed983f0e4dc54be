import assert from "node:assert/strict";
import { test } from "node:test";
import { readOperation, UnreadableRequest } from "./operation.mjs";

const read = (text, tag) => readOperation(text, tag).operation;

test("a find becomes its action, model, arguments and selection", () => {
  const request = readOperation(
    `query { result: findManyUser (where: { id: "a" } take: 2 skip: -1) { id posts(take: 1) { title } } }`,
  );
  assert.deepEqual(request, {
    alias: "result",
    operation: {
      modelName: "User",
      action: "findMany",
      query: {
        arguments: { where: { id: "a" }, take: 2, skip: -1 },
        selection: { id: true, posts: { arguments: { take: 1 }, selection: { title: true } } },
      },
    },
  });
});

test("every method of prisma-client-py has an action", () => {
  const methods = {
    createOneUser: "createOne",
    deleteOneUser: "deleteOne",
    updateOneUser: "updateOne",
    upsertOneUser: "upsertOne",
    createManyUser: "createMany",
    deleteManyUser: "deleteMany",
    updateManyUser: "updateMany",
    aggregateUser: "aggregate",
    groupByUser: "groupBy",
    findManyUser: "findMany",
    findFirstUser: "findFirst",
    findFirstUserOrThrow: "findFirstOrThrow",
    findUniqueUser: "findUnique",
    findUniqueUserOrThrow: "findUniqueOrThrow",
  };
  for (const [method, action] of Object.entries(methods)) {
    const { action: read_, modelName } = read(`query { result: ${method} { id } }`);
    assert.deepEqual([read_, modelName], [action, "User"]);
  }
});

test("a raw query has no model and keeps its parameters as text", () => {
  const operation = read(`mutation { result: queryRaw (query: "SELECT $1" parameters: "[\\"a\\",1]") }`);
  assert.deepEqual(operation, {
    action: "queryRaw",
    query: { arguments: { query: "SELECT $1", parameters: '["a",1]' }, selection: {} },
  });
});

test("values keep their type, and an integer beyond a double its digits", () => {
  const data = `{ i: 5 f: 1e-7 t: true n: null e: ON l: ["a", 1] b: 9007199254740993 }`;
  const { query } = read(`mutation { result: createOneUser (data: ${data}) { id } }`);
  assert.deepEqual(query.arguments.data, {
    i: 5,
    f: 1e-7,
    t: true,
    n: null,
    e: "ON",
    l: ["a", 1],
    b: { $type: "BigInt", value: "9007199254740993" },
  });
});

test("text with quotes, lines and other scripts arrives unchanged", () => {
  const text = 'a "quote" \\ back\nline € 𝄞 \u0000';
  assert.equal(
    read(`query { result: findFirstUser (where: { id: ${JSON.stringify(text)} }) { id } }`).query.arguments.where.id,
    text,
  );
});

test("the tagger sees the model and only the model's arguments", () => {
  const seen = [];
  const tag = (model, args) => (seen.push([model, args]), { tagged: true });
  assert.deepEqual(read(`query { result: findManyUser (take: 1) { id } }`, tag).query.arguments, { tagged: true });
  read(`mutation { result: executeRaw (query: "x" parameters: "[]") }`, tag);
  assert.deepEqual(seen, [["User", { take: 1 }]]);
});

test("what cannot be understood is refused in one sentence", () => {
  for (const text of [
    "not graphql {",
    "query { a: findManyUser { id } b: findManyUser { id } }",
    "query { result: dropUser { id } }",
    "query($x: Int) { result: findManyUser(take: $x) { id } }",
  ]) {
    assert.throws(() => readOperation(text), UnreadableRequest);
  }
});
