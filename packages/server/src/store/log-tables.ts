type Bytes = Uint8Array

/** What is written down of calls and uses, and who is told. */
export type LogTables = {
  call_logs: {
    org_id: string
    call_id: string
    at: number
    plugin: string | null
    connector: string
    subject_id: string | null
    method: string
    path_template: string
    status: number | null
    answered_by: string
    code: string | null
    duration_ms: number
    request_bytes: number
    response_bytes: number
    request_id: string
    run_id: string | null
    plugin_version: number | null
    launch_id: string | null
    action: string | null
    level: string | null
    redaction: string
    content: string | null
    removed: string | null
    search_text: string | null
    expires_at: number | null
  }
  call_log_blocks: {
    org_id: string
    newest_id: string
    oldest_id: string
    oldest_at: number
    newest_at: number
    expires_at: number
    entry_count: number
    errors: number
    warnings: number
    unanswered: number
    least_status: number | null
    most_status: number | null
    search_text: string
    entries: string
  }
  connection_uses: {
    org_id: string
    connection_id: string
    plugin_id: string
    connector_id: string
    subject_id: string
    first_used_at: number
    last_used_at: number
    calls: number
    failures: number
    seen_at: number | null
  }
  usage_days: {
    org_id: string
    day: number
    connection_id: string
    plugin_id: string
    connector_id: string
    subject_id: string
    calls: number
    failures: number
  }
  debug_windows: {
    org_id: string
    window_id: string
    plugin_id: string
    subject_id: string
    asked_by: string
    reason: string
    redaction: string
    minutes: number
    status: string
    asked_at: number
    answered_at: number | null
    ends_at: number | null
    ended_at: number | null
    ended_by: string | null
  }
  webhooks: {
    org_id: string
    webhook_id: string
    url: string
    description: string | null
    events: string
    secret: Bytes
    secret_version: number
    previous_secret: Bytes | null
    previous_secret_version: number | null
    previous_secret_ends_at: number | null
    status: string
    cursor_sequence: number
    created_at: number
    updated_at: number
    version: number
  }
  webhook_deliveries: {
    org_id: string
    delivery_id: string
    webhook_id: string
    message_id: string
    type: string
    body: string
    status: string
    attempts: number
    next_attempt_at: number
    last_attempt_at: number | null
    last_status: number | null
    last_error: string | null
    created_at: number
  }
}
