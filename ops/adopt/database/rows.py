"""Whether all rows and all spend of the old database are in the new one."""

from collections.abc import Mapping

from ops.adopt.database.new_database import Contents
from ops.errors import OperationError

MIGRATIONS = "public._prisma_migrations"
"""LiteLLM's list of its migrations: its rows are not the user's."""


def comparison(old: Contents, new: Contents) -> str:
    """Return a table: the rows of each table in the dump and after the migration."""
    tables = sorted(old.rows.keys() | new.rows.keys())
    filled = [table for table in tables if old.rows.get(table) or new.rows.get(table)]
    width = max((len(_short(table)) for table in filled), default=0)
    lines = [f"  {'table':<{width}}  {'in the dump':>12}  {'migrated':>12}"]
    for table in filled:
        before, after = old.rows.get(table, "none"), new.rows.get(table, "none")
        lines.append(f"  {_short(table):<{width}}  {before:>12}  {after:>12}")
    empty = len(tables) - len(filled)
    spend = sum(old.spend.values()), sum(new.spend.values())
    lines.append(f"  {empty} more tables are empty; sum of all spend columns: {spend[0]} and {spend[1]} USD")
    return "\n".join(lines)


def require_all(old: Contents, new: Contents) -> None:
    """Check that no row and no spend is lost.

    Raises:
        OperationError: if something is.
    """
    fewer = [
        f"{_short(table)} {number} → {new.rows.get(table, 'no table')}"
        for table, number in old.rows.items()
        if table != MIGRATIONS and number > new.rows.get(table, 0)
    ]
    if fewer:
        raise OperationError(f"the migration lost rows: {', '.join(fewer)}")
    if changed := _changed(old.spend, new.spend):
        raise OperationError(f"the migration changed sums of spend: {', '.join(changed)}")


def _changed(old: Mapping[str, object], new: Mapping[str, object]) -> list[str]:
    return [f"{table} {total} → {new.get(table, 'none')}" for table, total in old.items() if new.get(table) != total]


def _short(table: str) -> str:
    return table.removeprefix("public.")
