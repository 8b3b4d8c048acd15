"""The shape of roster.db and of the file in which an import waits; both are made new each time, so nothing migrates."""

#: A roster in another format asks for a new import.
FORMAT = 2

#: One length per column, sorted by hash: no row tells where it stood in the file it came from. `fits` is two bytes
#: in clear, the bands of `rules.Fits`: a thief of the store sees how many rows share a crowd of about which size, and
#: no hash says whose row it is; with the secrets and the staff list he counts the list himself, and exactly.
ROSTER = """
CREATE TABLE meta (
    format INTEGER NOT NULL, import_id TEXT NOT NULL, imported_on TEXT NOT NULL, sealed_key BLOB NOT NULL,
    people INTEGER NOT NULL, fields TEXT NOT NULL, populations TEXT NOT NULL
);
CREATE TABLE person (
    hash BLOB PRIMARY KEY, "group" BLOB NOT NULL, attributes BLOB NOT NULL, identity BLOB NOT NULL,
    fits BLOB NOT NULL
) WITHOUT ROWID;
"""

STAGING = """
CREATE TABLE known (hash BLOB PRIMARY KEY, line INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE profile (line INTEGER PRIMARY KEY, box BLOB NOT NULL);
CREATE TABLE tallied (box BLOB NOT NULL);
"""

#: Both files are worthless until they are whole, so no journal is kept while they grow.
BUILDING = (
    "PRAGMA page_size=8192",
    "PRAGMA journal_mode=OFF",
    "PRAGMA synchronous=OFF",
    "PRAGMA locking_mode=EXCLUSIVE",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16384",
)
