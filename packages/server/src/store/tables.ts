import type { GrantTables } from './grant-tables.ts'
import type { LaunchTables } from './launch-tables.ts'
import type { LogTables } from './log-tables.ts'

type Bytes = Uint8Array

/** One name in the database, one type; instants are epoch milliseconds, lists and objects JSON text. */
export type Tables = LaunchTables &
  GrantTables &
  LogTables & {
    migrations: { number: number; name: string }
    organizations: {
      org_id: string
      slug: string
      name: string
      sso_issuer: string
      sso_client_id: string
      sso_client_secret: Bytes
      sso_secret_version: number
      callback_policy: string
      subject_idle_days: number | null
      debug_windows: number
      role_mapping: string | null
      roster_claims: string | null
      strict_above: number
      call_log_days: number
      logo: string | null
      admin_claim_hash: Bytes | null
      created_at: number
      version: number
    }
    data_keys: { org_id: string; key_id: number; root_key_id: string; wrapped: Bytes }
    people: {
      org_id: string
      subject_id: string
      issuer: string
      sub: string
      email: string | null
      email_verified: number
      name: string | null
      status: string
      granted_roles: string
      claim_roles: string
      is_admin: number
      claims: string
      imported: string
      last_proof_at: number
      created_at: number
      version: number
    }
    sessions: {
      org_id: string
      session_hash: Bytes
      session_id: string
      subject_id: string
      created_at: number
      last_seen_at: number
      expires_at: number
      user_agent: string | null
    }
    sign_in_requests: {
      org_id: string
      state_hash: Bytes
      browser_hash: Bytes
      sealed: Bytes
      return_to: string
      trial_id: string | null
      expires_at: number
    }
    sso_trials: {
      org_id: string
      trial_id: string
      principal: string
      issuer: string
      client_id: string
      client_secret: Bytes
      outcome: string | null
      expires_at: number
    }
    job_leases: { org_id: string; job: string; holder: string; boot: string; deadline: number }
    refresh_leases: {
      org_id: string
      connection_id: string
      holder: string | null
      epoch: number
      boot: string
      deadline: number
      open_attempt: string | null
      retries: number
      failures: number
      cool_until_at: number | null
      reason: string | null
    }
    connect_links: {
      org_id: string
      further: string | null
      variables: string | null
      link_hash: Bytes
      link_id: string
      subject_id: string
      connector_id: string
      plugin_id: string | null
      scope: string | null
      return_to: string
      created_at: number
      expires_at: number
      used_at: number | null
    }
    plugins: {
      org_id: string
      plugin_id: string
      name: string
      definition: string
      version: number
      author: string
      created_at: number
      updated_at: number
      retired_at: number | null
      published_version: number | null
      launch_epoch: number
    }
    plugin_keys: KeyColumns & { plugin_id: string }
    api_keys: KeyColumns & { roles: string; created_by: string }
    audit_events: {
      org_id: string
      event_id: string
      at: number
      action: string
      result: string
      principal: string
      on_behalf_of: string | null
      target: string | null
      address: string | null
      request_id: string | null
      details: string
      sequence: number | null
      mac: Bytes | null
    }
    audit_heads: { org_id: string; sequence: number; mac: Bytes }
    kept_answers: {
      org_id: string
      principal: string
      idempotency_key: string
      request_hash: Bytes
      sealed: Bytes | null
      created_at: number
    }
  }

export type KeyColumns = {
  org_id: string
  key_hash: Bytes
  key_id: string
  label: string
  start: string
  created_at: number
  expires_at: number | null
  revoked_at: number | null
  last_used_at: number | null
}
