-- Counts the changes of a draft, so that whoever saves can tell what their text is based on.
ALTER TABLE workflows ADD COLUMN draft_revision INTEGER NOT NULL DEFAULT 0;
