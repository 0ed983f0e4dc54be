#!/usr/bin/env node
// The `prisma` command: Prisma Migrate's schema engine on WebAssembly, against the database that DATABASE_URL names.
// The exit status is 0, 1 with the reason on standard error, or 2 when `migrate diff --exit-code` found a difference.
import { readFileSync } from "node:fs";
import { connectionSettings } from "../connection.mjs";
import { readCommand } from "./command.mjs";
import { findSchema, migrationList, schemaFiles } from "./project.mjs";
import { deployed, describe, migrationFailure, status } from "./report.mjs";

const { version: VERSION } = JSON.parse(
  readFileSync(new URL("../node_modules/@prisma/schema-engine-wasm/package.json", import.meta.url), "utf8"),
);
const filters = { externalTables: [], externalEnums: [] };
const say = (text) => process.stdout.write(`${text}\n`);

async function withEngine(command, work, url = process.env.DATABASE_URL) {
  if (!url) throw new Error("DATABASE_URL is not set");
  const { withSchemaEngine } = await import("./schema-engine.mjs");
  const schema = findSchema(command.schema);
  const settings = connectionSettings(url, { readFile: readFileSync });
  return withSchemaEngine(settings, schemaFiles(schema), !process.env.PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK, (engine) =>
    work(engine, schema),
  );
}

async function deploy(command) {
  const migrationsList = migrationList(findSchema(command.schema));
  say(`${migrationsList.migrationDirectories.length} migrations found in ${migrationsList.baseDir}\n`);
  try {
    const { appliedMigrationNames } = await withEngine(command, (engine) =>
      engine.applyMigrations({ migrationsList, filters }),
    );
    say(deployed(appliedMigrationNames));
    return 0;
  } catch (error) {
    throw migrationFailure(error, migrationsList);
  }
}

const tell = (command) =>
  withEngine(command, async (engine, schema) => {
    const { exitCode, text } = status(
      await engine.diagnoseMigrationHistory({
        migrationsList: migrationList(schema),
        optInToShadowDatabase: false,
        filters,
      }),
    );
    say(text);
    return exitCode;
  });

const resolve = (command) =>
  withEngine(command, async (engine, schema) => {
    if (command.as === "applied")
      await engine.markMigrationApplied({ migrationName: command.migration, migrationsList: migrationList(schema) });
    else await engine.markMigrationRolledBack({ migrationName: command.migration });
    say(`Migration ${command.migration} marked as ${command.as === "applied" ? "applied" : "rolled back"}.`);
    return 0;
  });

/** One side of a difference; a live database is the one the engine is connected to. */
function diffTarget({ kind, value }, schema) {
  switch (kind) {
    case "empty":
      return { tag: "empty" };
    case "migrations":
      return { tag: "migrations", ...migrationList(schema, value) };
    case "schema-datamodel":
      return { tag: "schemaDatamodel", ...schemaFiles(value) };
    default:
      return { tag: "schemaDatasource", ...schemaFiles(schema), configDir: "/" };
  }
}

function diff(command) {
  const sides = [command.from, command.to];
  const url = sides.find((side) => side.kind === "url")?.value;
  const schema = command.schema ?? sides.find((side) => side.kind.startsWith("schema-"))?.value;
  return withEngine(
    { schema },
    async (engine, path) => {
      const { exitCode, stdout } = await engine.diff({
        from: diffTarget(command.from, path),
        to: diffTarget(command.to, path),
        script: command.script,
        exitCode: command.exitCode,
        shadowDatabaseUrl: null,
        filters,
      });
      if (stdout) say(stdout.trimEnd());
      return exitCode;
    },
    url,
  );
}

function execute(command) {
  const script = readFileSync(command.file, "utf8");
  return withEngine(
    command,
    async (engine, schema) => {
      await engine.dbExecute({ datasourceType: { tag: "schema", ...schemaFiles(schema), configDir: "/" }, script });
      say("Script executed successfully.");
      return 0;
    },
    command.url,
  );
}

const push = (command) =>
  withEngine(command, async (engine, schema) => {
    const { unexecutable, warnings } = await engine.schemaPush({
      force: command.force,
      schema: schemaFiles(schema),
      filters,
    });
    const reasons = [...unexecutable, ...(command.force ? [] : warnings)];
    if (reasons.length > 0) throw new Error(`the schema was not pushed:\n${reasons.join("\n")}`);
    say("Your database is now in sync with your Prisma schema.");
    return 0;
  });

function tellAtOnce(text) {
  say(text);
  return 0;
}

const RUN = {
  deploy,
  status: tell,
  resolve,
  diff,
  execute,
  push,
  version: () => tellAtOnce(`schema-engine-wasm ${VERSION}`),
  generate: () => tellAtOnce("Prisma Client Python is part of this image; there is nothing to generate."),
};

async function main() {
  try {
    const command = readCommand(process.argv.slice(2));
    return await RUN[command.name](command);
  } catch (error) {
    process.stderr.write(`${describe(error)}\n`);
    return 1;
  }
}

// The engine leaves timers behind that would keep the process for seconds.
process.exit(await main());
