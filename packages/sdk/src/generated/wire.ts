// Generated from @behalf/contract by `npm run generate`; a test keeps it true.

/** Any JSON value. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }

export type Organization = { readonly id: string; readonly slug: string; readonly name: string; readonly url: string; readonly callback_url: string; readonly sso: { readonly issuer: string; readonly client_id: string; readonly callback_url: string }; readonly callback_policy: "safe" | "shared_callback_accepted"; readonly subject_idle_days: number | null; readonly role_mapping: { readonly claim: string; readonly values: { readonly [Name in "developer" | "log_viewer" | "auditor" | "admin"]?: readonly (string)[] } } | null; readonly version: number }

export type OrganizationPatch = { readonly name?: string | undefined; readonly callback_policy?: "safe" | "shared_callback_accepted" | undefined; readonly subject_idle_days?: number | null | undefined; readonly role_mapping?: { readonly claim: string; readonly values: { readonly [Name in "developer" | "log_viewer" | "auditor" | "admin"]?: readonly (string)[] } } | null | undefined }

export type Connector = { readonly id: string; readonly name: string; readonly display_name: string; readonly display_description: string | null; readonly base_url: string; readonly open_to_all: boolean; readonly auth: { readonly type: "oauth2"; readonly grant_type: "authorization_code"; readonly authorization_url: string; readonly token_url: string; readonly client_id: string; readonly scope: readonly (string)[]; readonly scope_separator: string; readonly client_authentication: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "none"; readonly authorization_params: readonly ({ readonly name: string; readonly value: string })[]; readonly token_request: { readonly data: { readonly [name: string]: string } }; readonly pkce: "S256" | "plain" | "none"; readonly issuer?: string; readonly iss_required: boolean; readonly callback: "dedicated" | "organization"; readonly revoke_url?: string; readonly revoke?: { readonly authentication: "as_token_endpoint" | "request_body" | "basic" | "bearer" | "none"; readonly token_key: string; readonly method: "POST" | "DELETE" | "GET" | "PUT"; readonly headers: { readonly [name: string]: string }; readonly data: { readonly [name: string]: string } }; readonly instructions_url?: string; readonly injection: { readonly header: string; readonly value: string } | { readonly query: string }; readonly client_secret: { readonly set: boolean; readonly updated_at: string | null } }; readonly callback_url: string; readonly observed_issuer: string | null; readonly approved: boolean; readonly approved_hosts: readonly (string)[]; readonly hosts: readonly (string)[]; readonly version: number; readonly created_at: string; readonly updated_at: string }

export type ConnectorCreate = { readonly name: string; readonly display_name?: string | undefined; readonly display_description?: string | undefined; readonly base_url: string; readonly open_to_all?: boolean | undefined; readonly auth: { readonly type?: "oauth2" | undefined; readonly grant_type?: "authorization_code" | undefined; readonly authorization_url: string; readonly token_url: string; readonly client_id: string; readonly client_secret?: string | undefined; readonly scope: readonly (string)[]; readonly scope_separator?: string | undefined; readonly client_authentication?: "client_secret_basic" | "client_secret_basic_raw" | "client_secret_post" | "none" | undefined; readonly authorization_params?: readonly ({ readonly name: string; readonly value: string })[] | undefined; readonly token_request?: { readonly data?: { readonly [name: string]: string } | undefined } | undefined; readonly pkce?: "S256" | "plain" | "none" | undefined; readonly issuer?: string | undefined; readonly iss_required?: boolean | undefined; readonly callback?: "dedicated" | "organization" | undefined; readonly revoke_url?: string | undefined; readonly revoke?: { readonly authentication?: "as_token_endpoint" | "request_body" | "basic" | "bearer" | "none" | undefined; readonly token_key?: string | undefined; readonly method?: "POST" | "DELETE" | "GET" | "PUT" | undefined; readonly headers?: { readonly [name: string]: string } | undefined; readonly data?: { readonly [name: string]: string } | undefined } | undefined; readonly instructions_url?: string | undefined; readonly injection?: { readonly header?: string | undefined; readonly value?: string | undefined } | { readonly query: string } | undefined }; readonly approve?: boolean | undefined }

export type ConnectorPatch = { readonly [name: string]: Json }

export type Connection = { readonly id: string; readonly connector: string; readonly subject: string; readonly status: "connected" | "reconnect_required" | "disconnecting" | "revoked" | "disconnected_unconfirmed"; readonly account_label: string | null; readonly granted_scope: readonly (string)[] | null; readonly requested_scope: readonly (string)[]; readonly access_token_expires_at: string | null; readonly has_refresh_token: boolean; readonly connected_at: string; readonly last_used_at: string | null; readonly revocation: readonly ({ readonly token: "access_token" | "refresh_token"; readonly outcome: "pending" | "revoked" | "already_gone" | "unsupported" | "gave_up" | "cancelled" })[]; readonly instructions_url: string | null }

export type ConnectLinkCreate = { readonly subject: string; readonly connector: string; readonly plugin?: string | undefined; readonly scope?: readonly (string)[] | undefined; readonly expires_in?: number | undefined; readonly return_to?: string | undefined }

export type ConnectLink = { readonly id: string; readonly url: string; readonly connector: string; readonly subject: string; readonly expires_at: string }

export type Plugin = { readonly name: string; readonly display_name: string; readonly description: string | null; readonly connectors: readonly ({ readonly connector: string; readonly scope: readonly (string)[] })[]; readonly subject_token_audiences: readonly (string)[]; readonly subject_token_max_age: number; readonly trusted: "nobody" | "launch_audience" | { readonly subjects: readonly (string)[] }; readonly token_release: readonly (string)[]; readonly id: string; readonly version: number; readonly created_at: string; readonly updated_at: string }

export type PluginCreate = { readonly name: string; readonly display_name?: string | undefined; readonly description?: string | undefined; readonly connectors?: readonly ({ readonly connector: string; readonly scope?: readonly (string)[] | undefined })[] | undefined; readonly subject_token_audiences?: readonly (string)[] | undefined; readonly subject_token_max_age?: number | undefined; readonly trusted?: "nobody" | "launch_audience" | { readonly subjects: readonly (string)[] } | undefined; readonly token_release?: readonly (string)[] | undefined }

export type PluginPatch = { readonly [name: string]: Json }

export type PluginKey = { readonly id: string; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null }

export type PluginKeyCreate = { readonly label: string; readonly expires_at?: string | null | undefined }

export type NewPluginKey = { readonly id: string; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null; readonly key: string }

export type Me = { readonly kind: "session" | "api_key"; readonly subject: string | null; readonly name: string | null; readonly email: string | null; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly may: readonly (string)[]; readonly organization: { readonly name: string; readonly url: string }; readonly csrf_token: string | null }

export type Person = { readonly id: string; readonly issuer: string; readonly email: string | null; readonly email_verified: boolean; readonly name: string | null; readonly status: "active" | "suspended"; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly granted_roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly last_seen_at: string | null; readonly version: number }

export type Roles = { readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[] }

export type Session = { readonly id: string; readonly subject: string; readonly created_at: string; readonly last_seen_at: string; readonly expires_at: string; readonly current: boolean; readonly user_agent: string | null }

export type ApiKey = { readonly id: string; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null }

export type ApiKeyCreate = { readonly label: string; readonly expires_at?: string | null | undefined; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[] }

export type NewApiKey = { readonly id: string; readonly roles: readonly ("developer" | "log_viewer" | "auditor" | "admin")[]; readonly label: string; readonly start: string; readonly created_at: string; readonly expires_at: string | null; readonly revoked_at: string | null; readonly last_used_at: string | null; readonly key: string }

export type AuditEvent = { readonly id: string; readonly at: string; readonly action: string; readonly result: "done" | "refused" | "failed"; readonly principal: string; readonly on_behalf_of: string | null; readonly target: string | null; readonly address: string | null; readonly request_id: string | null; readonly details: { readonly [name: string]: Json }; readonly sequence: number | null }

export type CallLogEntry = { readonly id: string; readonly at: string; readonly plugin: string | null; readonly connector: string; readonly subject: string | null; readonly method: string; readonly path_template: string; readonly status: number | null; readonly answered_by: "provider" | "behalf"; readonly code: string | null; readonly duration_ms: number; readonly request_bytes: number; readonly response_bytes: number; readonly request_id: string; readonly redaction: "strict" }

/** Every stable code of a problem (RFC 9457). */
export type ProblemCode = "invalid_request" | "invalid_cursor" | "unauthenticated" | "session_expired" | "subject_token_invalid" | "forbidden" | "csrf_rejected" | "scope_insufficient" | "target_not_allowed" | "subject_not_allowed" | "subject_suspended" | "release_not_allowed" | "wrong_person" | "wrong_browser" | "not_found" | "connector_not_found" | "connection_not_found" | "plugin_not_found" | "method_not_allowed" | "connection_required" | "reconnect_required" | "version_conflict" | "already_exists" | "subject_ambiguous" | "connector_not_approved" | "last_admin" | "idempotency_conflict" | "authorization_request_used" | "link_expired" | "body_too_large" | "unsupported_media_type" | "connector_misconfigured" | "version_required" | "rate_limited" | "internal" | "provider_invalid_response" | "outbound_refused" | "vault_unavailable" | "store_unavailable" | "provider_unavailable" | "shutting_down" | "provider_timeout"

/** Every REST operation: what it takes and what it answers. */
export type Operations = {
  /** Read the organization and its URLs. `GET /organization`; needs organization.read. */
  readOrganization: {
    params: never
    query: never
    body: never
    answer: Organization
    versioned: false
  }
  /** Change the organization. `PATCH /organization`; needs organization.edit. */
  updateOrganization: {
    params: never
    query: never
    body: OrganizationPatch
    answer: Organization
    versioned: true
  }
  /** List connectors. `GET /connectors`; needs connector.read. */
  listConnectors: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (Connector)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Create a connector. `POST /connectors`; needs connector.edit. */
  createConnector: {
    params: never
    query: never
    body: ConnectorCreate
    answer: Connector
    versioned: false
  }
  /** Read a connector. `GET /connectors/{name}`; needs connector.read. */
  readConnector: {
    params: { readonly name: string }
    query: never
    body: never
    answer: Connector
    versioned: false
  }
  /** Change a connector (RFC 7396). `PATCH /connectors/{name}`; needs connector.edit. */
  updateConnector: {
    params: { readonly name: string }
    query: never
    body: ConnectorPatch
    answer: Connector
    versioned: true
  }
  /** Retire a connector and disconnect everyone. `DELETE /connectors/{name}`; needs connector.edit. */
  deleteConnector: {
    params: { readonly name: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** Approve the hosts of a connector. `POST /connectors/{name}/approve`; needs connector.approve. */
  approveConnector: {
    params: { readonly name: string }
    query: never
    body: never
    answer: Connector
    versioned: false
  }
  /** List connections. `GET /connections`; needs connection.read, or is one’s own. */
  listConnections: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly subject?: string | undefined; readonly connector?: string | undefined }
    body: never
    answer: { readonly items: readonly (Connection)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Read a connection. `GET /connections/{connection}`; needs connection.read, or is one’s own. */
  readConnection: {
    params: { readonly connection: string }
    query: never
    body: never
    answer: Connection
    versioned: false
  }
  /** Disconnect. `DELETE /connections/{connection}`; needs connection.disconnect, or is one’s own. */
  deleteConnection: {
    params: { readonly connection: string }
    query: never
    body: never
    answer: Connection
    versioned: false
  }
  /** Make a link that lets one person connect one system. `POST /connect-links`; needs connect-link.create. */
  createConnectLink: {
    params: never
    query: never
    body: ConnectLinkCreate
    answer: ConnectLink
    versioned: false
  }
  /** List plugins. `GET /plugins`; needs plugin.read. */
  listPlugins: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (Plugin)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Create a plugin. `POST /plugins`; needs plugin.edit. */
  createPlugin: {
    params: never
    query: never
    body: PluginCreate
    answer: Plugin
    versioned: false
  }
  /** Read a plugin. `GET /plugins/{name}`; needs plugin.read. */
  readPlugin: {
    params: { readonly name: string }
    query: never
    body: never
    answer: Plugin
    versioned: false
  }
  /** Change a plugin (RFC 7396). `PATCH /plugins/{name}`; needs plugin.edit. */
  updatePlugin: {
    params: { readonly name: string }
    query: never
    body: PluginPatch
    answer: Plugin
    versioned: true
  }
  /** Retire a plugin and its keys. `DELETE /plugins/{name}`; needs plugin.edit. */
  deletePlugin: {
    params: { readonly name: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List the keys of a plugin. `GET /plugins/{name}/keys`; needs plugin.read. */
  listPluginKeys: {
    params: { readonly name: string }
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (PluginKey)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Make a plugin key; it is shown once. `POST /plugins/{name}/keys`; needs plugin.edit. */
  createPluginKey: {
    params: { readonly name: string }
    query: never
    body: PluginKeyCreate
    answer: NewPluginKey
    versioned: false
  }
  /** Revoke a plugin key. `DELETE /plugins/{name}/keys/{key}`; needs plugin.edit. */
  revokePluginKey: {
    params: { readonly name: string; readonly key: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** Who is asking, and what they may do. `GET /me`; needs organization.read, or is one’s own. */
  readMe: {
    params: never
    query: never
    body: never
    answer: Me
    versioned: false
  }
  /** List people. `GET /people`; needs person.read. */
  listPeople: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (Person)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Read a person. `GET /people/{id}`; needs person.read, or is one’s own. */
  readPerson: {
    params: { readonly id: string }
    query: never
    body: never
    answer: Person
    versioned: false
  }
  /** Set the roles granted to a person. `PUT /people/{id}/roles`; needs person.edit. */
  putRoles: {
    params: { readonly id: string }
    query: never
    body: Roles
    answer: Person
    versioned: false
  }
  /** Suspend a person. `POST /people/{id}/suspend`; needs person.edit. */
  suspendPerson: {
    params: { readonly id: string }
    query: never
    body: never
    answer: Person
    versioned: false
  }
  /** End a suspension. `DELETE /people/{id}/suspend`; needs person.edit. */
  resumePerson: {
    params: { readonly id: string }
    query: never
    body: never
    answer: Person
    versioned: false
  }
  /** List browser sessions. `GET /sessions`; needs session.read, or is one’s own. */
  listSessions: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly subject?: string | undefined }
    body: never
    answer: { readonly items: readonly (Session)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Sign a browser out. `DELETE /sessions/{id}`; needs session.end, or is one’s own. */
  endSession: {
    params: { readonly id: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List API keys. `GET /api-keys`; needs api-key.read. */
  listApiKeys: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined }
    body: never
    answer: { readonly items: readonly (ApiKey)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** Make an API key; it is shown once. `POST /api-keys`; needs api-key.edit. */
  createApiKey: {
    params: never
    query: never
    body: ApiKeyCreate
    answer: NewApiKey
    versioned: false
  }
  /** Revoke an API key. `DELETE /api-keys/{id}`; needs api-key.edit. */
  revokeApiKey: {
    params: { readonly id: string }
    query: never
    body: never
    answer: undefined
    versioned: false
  }
  /** List audit events, newest first. `GET /audit-events`; needs audit.read. */
  listAuditEvents: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly action?: string | undefined; readonly subject?: string | undefined }
    body: never
    answer: { readonly items: readonly (AuditEvent)[]; readonly next_cursor: string | null }
    versioned: false
  }
  /** List call log entries, newest first. `GET /call-logs`; needs call-log.read. */
  listCallLogs: {
    params: never
    query: { readonly cursor?: string | undefined; readonly limit?: number | undefined; readonly plugin?: string | undefined; readonly connector?: string | undefined; readonly subject?: string | undefined }
    body: never
    answer: { readonly items: readonly (CallLogEntry)[]; readonly next_cursor: string | null }
    versioned: false
  }
}
