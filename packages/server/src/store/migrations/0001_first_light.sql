CREATE TABLE organizations (
  org_id TEXT NOT NULL PRIMARY KEY,
  slug TEXT NOT NULL UNIQUE,
  name TEXT NOT NULL,
  sso_issuer TEXT NOT NULL,
  sso_client_id TEXT NOT NULL,
  sso_client_secret BYTEA NOT NULL,
  sso_secret_version BIGINT NOT NULL,
  callback_policy TEXT NOT NULL,
  subject_idle_days BIGINT,
  role_mapping TEXT,
  admin_claim_hash BYTEA,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL
);
CREATE TABLE data_keys (
  org_id TEXT NOT NULL,
  key_id BIGINT NOT NULL,
  root_key_id TEXT NOT NULL,
  wrapped BYTEA NOT NULL,
  PRIMARY KEY (org_id, key_id)
);
CREATE TABLE people (
  org_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  issuer TEXT NOT NULL,
  sub TEXT NOT NULL,
  email TEXT,
  email_verified BIGINT NOT NULL,
  name TEXT,
  status TEXT NOT NULL,
  granted_roles TEXT NOT NULL,
  claim_roles TEXT NOT NULL,
  is_admin BIGINT NOT NULL,
  last_proof_at BIGINT NOT NULL,
  created_at BIGINT NOT NULL,
  version BIGINT NOT NULL,
  PRIMARY KEY (org_id, subject_id),
  UNIQUE (org_id, issuer, sub)
);
CREATE INDEX people_by_email ON people (org_id, email);
CREATE TABLE sessions (
  org_id TEXT NOT NULL,
  session_hash BYTEA NOT NULL,
  session_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  last_seen_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  user_agent TEXT,
  PRIMARY KEY (org_id, session_hash),
  UNIQUE (org_id, session_id)
);
CREATE INDEX sessions_by_subject ON sessions (org_id, subject_id);
CREATE TABLE sign_in_requests (
  org_id TEXT NOT NULL,
  state_hash BYTEA NOT NULL,
  browser_hash BYTEA NOT NULL,
  sealed BYTEA NOT NULL,
  return_to TEXT NOT NULL,
  expires_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, state_hash)
);
CREATE TABLE connectors (
  org_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  name TEXT NOT NULL,
  version BIGINT NOT NULL,
  approved_hosts TEXT NOT NULL,
  observed_issuer TEXT,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  retired_at BIGINT,
  PRIMARY KEY (org_id, connector_id),
  UNIQUE (org_id, name)
);
CREATE TABLE connector_versions (
  org_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  definition TEXT NOT NULL,
  client_secret BYTEA,
  client_secret_version BIGINT NOT NULL,
  client_secret_at BIGINT,
  updated_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, connector_id, version)
);
CREATE TABLE connections (
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  status TEXT NOT NULL,
  generation BIGINT NOT NULL,
  token_version BIGINT NOT NULL,
  connector_version BIGINT NOT NULL,
  access_token BYTEA,
  access_token_version BIGINT NOT NULL,
  refresh_token BYTEA,
  refresh_token_version BIGINT NOT NULL,
  received_at BIGINT NOT NULL,
  expires_at BIGINT,
  granted_scope TEXT,
  requested_scope TEXT NOT NULL,
  account_label TEXT,
  granted_api_origin TEXT NOT NULL,
  granted_token_endpoint TEXT NOT NULL,
  connected_at BIGINT NOT NULL,
  last_used_at BIGINT,
  reason TEXT,
  PRIMARY KEY (org_id, connection_id),
  UNIQUE (org_id, subject_id, connector_id)
);
CREATE INDEX connections_by_connector ON connections (org_id, connector_id, connection_id);
CREATE TABLE refresh_leases (
  org_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  holder TEXT,
  epoch BIGINT NOT NULL,
  boot TEXT NOT NULL,
  deadline BIGINT NOT NULL,
  open_attempt TEXT,
  retries BIGINT NOT NULL,
  failures BIGINT NOT NULL,
  cool_until_at BIGINT,
  reason TEXT,
  PRIMARY KEY (org_id, connection_id)
);
CREATE TABLE revocations (
  org_id TEXT NOT NULL,
  revocation_id TEXT NOT NULL,
  connection_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  connector_version BIGINT NOT NULL,
  subject_id TEXT NOT NULL,
  generation BIGINT NOT NULL,
  token TEXT NOT NULL,
  sealed BYTEA,
  outcome TEXT NOT NULL,
  attempts BIGINT NOT NULL,
  next_attempt_at BIGINT NOT NULL,
  deadline_at BIGINT NOT NULL,
  reason TEXT,
  PRIMARY KEY (org_id, revocation_id)
);
CREATE INDEX revocations_by_connection ON revocations (org_id, connection_id);
CREATE INDEX revocations_due ON revocations (outcome, next_attempt_at);
CREATE TABLE authorization_requests (
  org_id TEXT NOT NULL,
  state_hash BYTEA NOT NULL,
  connector_id TEXT NOT NULL,
  connector_version BIGINT NOT NULL,
  subject_id TEXT NOT NULL,
  session_id TEXT NOT NULL,
  browser_hash BYTEA NOT NULL,
  callback_path TEXT NOT NULL,
  verifier BYTEA,
  scope TEXT NOT NULL,
  plugin_id TEXT,
  link_id TEXT,
  return_to TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  taken_at BIGINT,
  outcome TEXT,
  PRIMARY KEY (org_id, state_hash)
);
CREATE TABLE connect_links (
  org_id TEXT NOT NULL,
  link_hash BYTEA NOT NULL,
  link_id TEXT NOT NULL,
  subject_id TEXT NOT NULL,
  connector_id TEXT NOT NULL,
  plugin_id TEXT,
  scope TEXT,
  return_to TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT NOT NULL,
  used_at BIGINT,
  PRIMARY KEY (org_id, link_hash),
  UNIQUE (org_id, link_id)
);
CREATE TABLE plugins (
  org_id TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  version BIGINT NOT NULL,
  author TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  updated_at BIGINT NOT NULL,
  retired_at BIGINT,
  PRIMARY KEY (org_id, plugin_id),
  UNIQUE (org_id, name)
);
CREATE TABLE plugin_keys (
  org_id TEXT NOT NULL,
  key_hash BYTEA NOT NULL,
  key_id TEXT NOT NULL,
  plugin_id TEXT NOT NULL,
  label TEXT NOT NULL,
  start TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT,
  PRIMARY KEY (org_id, key_hash),
  UNIQUE (org_id, key_id)
);
CREATE TABLE api_keys (
  org_id TEXT NOT NULL,
  key_hash BYTEA NOT NULL,
  key_id TEXT NOT NULL,
  roles TEXT NOT NULL,
  created_by TEXT NOT NULL,
  label TEXT NOT NULL,
  start TEXT NOT NULL,
  created_at BIGINT NOT NULL,
  expires_at BIGINT,
  revoked_at BIGINT,
  last_used_at BIGINT,
  PRIMARY KEY (org_id, key_hash),
  UNIQUE (org_id, key_id)
);
CREATE TABLE audit_events (
  org_id TEXT NOT NULL,
  event_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  action TEXT NOT NULL,
  result TEXT NOT NULL,
  principal TEXT NOT NULL,
  on_behalf_of TEXT,
  target TEXT,
  address TEXT,
  request_id TEXT,
  details TEXT NOT NULL,
  sequence BIGINT,
  mac BYTEA,
  PRIMARY KEY (org_id, event_id)
);
CREATE INDEX audit_events_chain ON audit_events (org_id, sequence);
CREATE TABLE audit_heads (
  org_id TEXT NOT NULL PRIMARY KEY,
  sequence BIGINT NOT NULL,
  mac BYTEA NOT NULL
);
CREATE TABLE call_logs (
  org_id TEXT NOT NULL,
  call_id TEXT NOT NULL,
  at BIGINT NOT NULL,
  plugin TEXT,
  connector TEXT NOT NULL,
  subject_id TEXT,
  method TEXT NOT NULL,
  path_template TEXT NOT NULL,
  status BIGINT,
  answered_by TEXT NOT NULL,
  code TEXT,
  duration_ms DOUBLE PRECISION NOT NULL,
  request_bytes BIGINT NOT NULL,
  response_bytes BIGINT NOT NULL,
  request_id TEXT NOT NULL,
  PRIMARY KEY (org_id, call_id)
);
CREATE INDEX call_logs_by_time ON call_logs (at);
CREATE TABLE kept_answers (
  org_id TEXT NOT NULL,
  principal TEXT NOT NULL,
  idempotency_key TEXT NOT NULL,
  request_hash BYTEA NOT NULL,
  sealed BYTEA,
  created_at BIGINT NOT NULL,
  PRIMARY KEY (org_id, principal, idempotency_key)
);
