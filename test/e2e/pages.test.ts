import { describe } from 'node:test'
import { walkThePages } from '../support/page-journeys.ts'

describe('the pages, in a real browser with JavaScript', () => walkThePages(true))
