/** Counters and durations, without labels that name organizations or people. */
export type Metrics = {
  count(
    name:
      | 'refreshes'
      | 'refresh_failures'
      | 'gateway_calls'
      | 'health_calls'
      | 'token_exchanges'
      | 'releases'
      | 'connects'
      | 'disconnects'
      | 'revocation_attempts'
      | 'sign_ins'
      | 'runs'
      | 'refused'
      | 'webhook_attempts',
    outcome?: string,
  ): void
  /** Seconds. */
  observe(name: 'gateway_seconds' | 'refresh_seconds' | 'renewal_wait_seconds' | 'http_seconds', seconds: number): void
}
