ALTER TABLE organizations ADD COLUMN logo TEXT;
CREATE TABLE organization_logos (
  org_id TEXT NOT NULL PRIMARY KEY,
  media_type TEXT NOT NULL,
  bytes BYTEA NOT NULL,
  hash TEXT NOT NULL,
  updated_at BIGINT NOT NULL
);
