ALTER TABLE organizations ADD COLUMN roster_claims TEXT;
ALTER TABLE organizations ADD COLUMN strict_above BIGINT NOT NULL DEFAULT 10;
ALTER TABLE people ADD COLUMN claims TEXT NOT NULL DEFAULT '{"groups":[],"attributes":{}}';
ALTER TABLE people ADD COLUMN imported TEXT NOT NULL DEFAULT '{"groups":[],"attributes":{}}';
ALTER TABLE plugins ADD COLUMN published_version BIGINT;
ALTER TABLE plugins ADD COLUMN launch_epoch BIGINT NOT NULL DEFAULT 0;
CREATE TABLE plugin_versions (
  org_id TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  definition TEXT NOT NULL,
  published_at BIGINT NOT NULL,
  published_by TEXT NOT NULL,
  PRIMARY KEY (org_id, plugin_id, version)
);
CREATE TABLE launches (
  org_id TEXT NOT NULL,
  launch_id TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  plugin_version BIGINT NOT NULL,
  kind TEXT NOT NULL,
  given TEXT NOT NULL,
  redaction TEXT NOT NULL,
  approved_reach TEXT,
  launched_at BIGINT NOT NULL,
  launched_by TEXT NOT NULL,
  reason TEXT NOT NULL,
  ended_at BIGINT,
  ended_by TEXT,
  end_reason TEXT,
  PRIMARY KEY (org_id, launch_id)
);
CREATE INDEX launches_by_plugin ON launches (org_id, plugin_id, launch_id);
CREATE INDEX launches_live ON launches (org_id, plugin_id) WHERE ended_at IS NULL;
CREATE TABLE launch_people (
  org_id TEXT NOT NULL,
  launch_id TEXT NOT NULL,
  place BIGINT NOT NULL,
  plugin_id TEXT NOT NULL,
  subject_id TEXT,
  email TEXT,
  agreed_at BIGINT,
  PRIMARY KEY (org_id, launch_id, place)
);
CREATE INDEX launch_people_waiting ON launch_people (org_id, email) WHERE subject_id IS NULL;
CREATE TABLE roster_entries (
  org_id TEXT NOT NULL,
  email TEXT NOT NULL,
  name TEXT,
  described TEXT NOT NULL,
  subject_id TEXT,
  imported_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, email)
);
INSERT INTO plugin_versions (org_id, plugin_id, version, definition, published_at, published_by)
  SELECT org_id, plugin_id, 1, definition, updated_at, 'system' FROM plugins WHERE retired_at IS NULL;
UPDATE plugins SET published_version = 1 WHERE retired_at IS NULL;
INSERT INTO launches (org_id, launch_id, plugin_id, plugin_version, kind, given, redaction, launched_at, launched_by, reason)
  SELECT org_id, 'lch_' || substr(plugin_id, 5), plugin_id, 1, 'everyone', '{"kind":"everyone"}', 'strict', updated_at, 'system',
    'It was live for everyone before launches existed.' FROM plugins WHERE retired_at IS NULL;
