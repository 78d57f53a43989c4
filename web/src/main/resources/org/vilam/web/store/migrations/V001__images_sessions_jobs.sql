-- Times are milliseconds since 1970-01-01 UTC. Columns called request, result, change and problem hold JSON.

CREATE TABLE image (
    id               TEXT    PRIMARY KEY, -- sha256 of the file
    width            INTEGER NOT NULL,    -- upright
    height           INTEGER NOT NULL,
    media_type       TEXT    NOT NULL,
    exif_orientation INTEGER NOT NULL,
    bytes            INTEGER NOT NULL,
    created          INTEGER NOT NULL
) STRICT;

CREATE TABLE session (
    id       TEXT    PRIMARY KEY,
    image    TEXT    NOT NULL REFERENCES image (id),
    created  INTEGER NOT NULL,
    updated  INTEGER NOT NULL
) STRICT;

CREATE INDEX session_by_time ON session (updated);
CREATE INDEX session_by_image ON session (image);

CREATE TABLE turn (
    session TEXT    NOT NULL REFERENCES session (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,             -- from 1
    request TEXT    NOT NULL,
    result  TEXT    NOT NULL,             -- as the model gave it
    created INTEGER NOT NULL,
    PRIMARY KEY (session, number)
) STRICT;

CREATE TABLE correction (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    session TEXT    NOT NULL,
    turn    INTEGER NOT NULL,
    object  TEXT    NOT NULL,
    change  TEXT    NOT NULL,
    created INTEGER NOT NULL,
    FOREIGN KEY (session, turn) REFERENCES turn (session, number) ON DELETE CASCADE
) STRICT;

CREATE INDEX correction_by_turn ON correction (session, turn, id);

CREATE TABLE job (
    id       TEXT    PRIMARY KEY,
    request  TEXT    NOT NULL,
    state    TEXT    NOT NULL CHECK (state IN ('queued', 'running', 'done', 'cancelled')),
    created  INTEGER NOT NULL,
    finished INTEGER
) STRICT;

CREATE TABLE job_item (
    job     TEXT    NOT NULL REFERENCES job (id) ON DELETE CASCADE,
    number  INTEGER NOT NULL,             -- from 0, the order of the request
    image   TEXT    NOT NULL REFERENCES image (id),
    result  TEXT,
    problem TEXT,
    PRIMARY KEY (job, number)
) STRICT;

CREATE INDEX job_item_by_image ON job_item (image);
