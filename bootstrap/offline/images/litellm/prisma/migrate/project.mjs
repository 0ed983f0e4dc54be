// A Prisma project on disk: its schema and its migrations, as the schema engine takes them.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";

/** The schema's absolute path: the one asked for, or where Prisma looks. Throws with the places it looked at. */
export function findSchema(asked) {
  const places = asked === undefined ? ["schema.prisma", "prisma/schema.prisma"] : [asked];
  const found = places.map((place) => resolve(place)).find((place) => existsSync(place));
  if (found === undefined)
    throw new Error(`no Prisma schema is at ${places.map((place) => resolve(place)).join(" or ")}`);
  return found;
}

export function schemaFiles(path) {
  return { files: [{ path: resolve(path), content: readFileSync(path, "utf8") }] };
}

const read = (path) => (existsSync(path) ? readFileSync(path, "utf8") : null);

function migration(directory, name) {
  const content = read(join(directory, name, "migration.sql"));
  return {
    path: name,
    migrationFile: {
      path: "migration.sql",
      content:
        content === null
          ? { tag: "error", value: `no migration.sql is in ${join(directory, name)}` }
          : { tag: "ok", value: content },
    },
  };
}

/** The migrations beside the schema, in the order of their names. */
export function migrationList(schema, directory = join(dirname(schema), "migrations")) {
  const entries = existsSync(directory) ? readdirSync(directory, { withFileTypes: true }) : [];
  const names = entries
    .filter((entry) => entry.isDirectory() && existsSync(join(directory, entry.name, "migration.sql")))
    .map((entry) => entry.name);
  return {
    baseDir: resolve(directory),
    lockfile: { path: "migration_lock.toml", content: read(join(directory, "migration_lock.toml")) },
    shadowDbInitScript: "",
    migrationDirectories: names.sort().map((name) => migration(directory, name)),
  };
}
