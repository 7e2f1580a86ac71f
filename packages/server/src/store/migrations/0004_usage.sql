CREATE TABLE connection_uses (
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  first_used_at BIGINT NOT NULL,
  last_used_at BIGINT NOT NULL,
  calls BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  seen_at BIGINT,
  PRIMARY KEY (org_id, connection_id, plugin_id)
);
CREATE INDEX connection_uses_by_subject ON connection_uses (org_id, subject_id);
CREATE TABLE usage_days (
  org_id TEXT NOT NULL,
  day BIGINT NOT NULL,
  connection_id TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  calls BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  PRIMARY KEY (org_id, day, connection_id, plugin_id)
);
