// The command line of `prisma`, as far as LiteLLM and its operators use it, as data. Pure.
import { parseArgs } from "node:util";

const OPTIONS = {
  schema: { type: "string" },
  file: { type: "string" },
  url: { type: "string" },
  applied: { type: "string" },
  "rolled-back": { type: "string" },
  script: { type: "boolean" },
  "exit-code": { type: "boolean" },
  "accept-data-loss": { type: "boolean" },
  "skip-generate": { type: "boolean" },
  version: { type: "boolean", short: "v" },
  ...Object.fromEntries(
    ["from", "to"].flatMap((side) => [
      [`${side}-empty`, { type: "boolean" }],
      [`${side}-url`, { type: "string" }],
      [`${side}-migrations`, { type: "string" }],
      [`${side}-schema-datamodel`, { type: "string" }],
      [`${side}-schema-datasource`, { type: "string" }],
    ]),
  ),
};

/** A command that cannot be carried out as written; the message says which part and what would do. */
export class UnknownCommand extends Error {}

/** One side of `migrate diff`: `{ kind, value }`. */
function side(values, name) {
  const given = ["empty", "url", "migrations", "schema-datamodel", "schema-datasource"].filter(
    (kind) => values[`${name}-${kind}`] !== undefined,
  );
  if (given.length !== 1) throw new UnknownCommand(`migrate diff needs one --${name}-… option, not ${given.length}`);
  return { kind: given[0], value: values[`${name}-${given[0]}`] };
}

function resolution(values) {
  const { applied, "rolled-back": rolledBack } = values;
  if ((applied === undefined) === (rolledBack === undefined))
    throw new UnknownCommand("migrate resolve needs either --applied NAME or --rolled-back NAME");
  return applied === undefined
    ? { name: "resolve", as: "rolled-back", migration: rolledBack }
    : { name: "resolve", as: "applied", migration: applied };
}

const COMMANDS = {
  "migrate deploy": () => ({ name: "deploy" }),
  "migrate status": () => ({ name: "status" }),
  "migrate resolve": resolution,
  "migrate diff": (values) => ({
    name: "diff",
    from: side(values, "from"),
    to: side(values, "to"),
    script: values.script ?? false,
    exitCode: values["exit-code"] ?? false,
  }),
  "db execute": (values) => {
    if (values.file === undefined) throw new UnknownCommand("db execute needs --file PATH");
    return { name: "execute", file: values.file, url: values.url };
  },
  "db push": (values) => ({ name: "push", force: values["accept-data-loss"] ?? false }),
  generate: () => ({ name: "generate" }),
};

/** The command that `words` (without the program's name) ask for. Throws UnknownCommand. */
export function readCommand(words) {
  let parsed;
  try {
    parsed = parseArgs({ args: words, options: OPTIONS, allowPositionals: true });
  } catch (error) {
    throw new UnknownCommand(error.message);
  }
  if (parsed.values.version) return { name: "version" };
  const name = parsed.positionals.join(" ");
  const read = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!read)
    throw new UnknownCommand(`prisma ${name} is not available here; available: ${Object.keys(COMMANDS).join(", ")}`);
  return { schema: parsed.values.schema, ...read(parsed.values) };
}
