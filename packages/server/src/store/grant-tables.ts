type Bytes = Uint8Array

/** Rows of connectors and of what was granted at them. */
export type GrantTables = {
  connectors: {
    org_id: string
    connector_id: string
    name: string
    version: number
    approved_hosts: string
    observed_issuer: string | null
    author: string
    created_at: number
    retired_at: number | null
    health_due_at: number | null
    keeps_alive: number
    health_at: number | null
    health_result: string | null
    health_answered: string | null
  }
  connector_versions: {
    org_id: string
    connector_id: string
    version: number
    definition: string
    client_secret: Bytes | null
    client_secret_version: number
    client_secret_at: number | null
    secrets: Bytes | null
    secrets_version: number
    secrets_at: number | null
    secret_names: string
    updated_at: number
  }
  connections: {
    org_id: string
    connection_id: string
    connector_id: string
    subject_id: string
    status: string
    generation: number
    token_version: number
    connector_version: number
    access_token: Bytes | null
    access_token_version: number
    refresh_token: Bytes | null
    refresh_token_version: number
    received_at: number
    expires_at: number | null
    granted_scope: string | null
    requested_scope: string
    account_label: string | null
    granted_api_origin: string
    granted_token_endpoint: string
    granted_base_hosts: string
    variables: string
    extra_tokens: Bytes | null
    extra_tokens_version: number
    account_id: string | null
    account_icon: string | null
    refresh_expires_at: number | null
    refresh_epoch: number
    connected_at: number
    last_used_at: number | null
    dismissed_generation: number | null
    reason: string | null
  }
  revocations: {
    org_id: string
    revocation_id: string
    connection_id: string
    connector_id: string
    connector_version: number
    subject_id: string
    generation: number
    step: number
    token: string
    variables: string | null
    sealed: Bytes | null
    outcome: string
    attempts: number
    next_attempt_at: number
    deadline_at: number
    reason: string | null
  }
  authorization_requests: {
    org_id: string
    state_hash: Bytes
    connector_id: string
    connector_version: number
    subject_id: string
    session_id: string
    browser_hash: Bytes
    callback_path: string
    verifier: Bytes | null
    scope: string
    variables: string
    plugin_id: string | null
    link_id: string | null
    return_to: string
    created_at: number
    expires_at: number
    taken_at: number | null
    outcome: string | null
  }
  parked_grants: {
    org_id: string
    parked_id: string
    subject_id: string
    connector_id: string
    connector_version: number
    sealed: Bytes | null
    question: string
    return_to: string
    created_at: number
    expires_at: number
  }
  organization_logos: { org_id: string; media_type: string; bytes: Bytes; hash: string; updated_at: number }
  connector_icons: {
    org_id: string
    connector_id: string
    media_type: string
    bytes: Bytes
    hash: string
    updated_at: number
  }
}
