import assert from "node:assert/strict";
import { test } from "node:test";
import { jsonTagger } from "./datamodel.mjs";

const tag = jsonTagger(`
model User {
  id    String @id
  meta  Json?  @default("{}")
  posts Post[]
}

model Post {
  body   Json
  title  String
  author User @relation(fields: [authorId], references: [id])
}
`);
const json = (value) => ({ $type: "Json", value });

test("a JSON column's text is marked and a text column's is not", () => {
  assert.deepEqual(tag("User", { data: { id: "{}", meta: "{}" } }), { data: { id: "{}", meta: json("{}") } });
});

test("the columns of related models are their own", () => {
  const value = tag("User", {
    data: { posts: { create: [{ body: "[]", title: "[]", author: { connect: { id: "1" } } }] } },
  });
  assert.deepEqual(value, {
    data: { posts: { create: [{ body: json("[]"), title: "[]", author: { connect: { id: "1" } } }] } },
  });
});

test("a filter's path and text searches are not JSON, its values are", () => {
  const where = { meta: { path: ["a"], equals: "1", string_contains: "x" } };
  assert.deepEqual(tag("User", { where }), {
    where: { meta: { path: ["a"], equals: json("1"), string_contains: "x" } },
  });
});
