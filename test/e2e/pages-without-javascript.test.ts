import { describe } from 'node:test'
import { walkThePages } from '../support/page-journeys.ts'

describe('the pages, in a real browser without JavaScript', { timeout: 300_000 }, () => walkThePages(false))
