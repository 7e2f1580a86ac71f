import type { RosterImport } from '@behalf/sdk'
import { Alert, Button, FileButton, Group, Stack, Table, Text, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { behalf } from '../api/client.ts'
import { useTell } from '../parts/notices.tsx'
import { Page } from '../parts/page.tsx'
import { Problem } from '../parts/problem.tsx'
import { PEOPLE } from '../text/people.ts'

const WORDS = PEOPLE.import

/** What the roster shall know of people, as CSV: checked line by line before anything is written. */
export function ImportPage() {
  const client = useQueryClient()
  const navigate = useNavigate()
  const tell = useTell()
  const [csv, setCsv] = useState('')
  // A report counts for the text it was made of.
  const [report, setReport] = useState<RosterImport>()
  const check = useMutation({
    mutationFn: () => behalf.importRoster({ body: { csv, dry_run: true } }),
    onSuccess: setReport,
  })
  const write = useMutation({
    mutationFn: () => behalf.importRoster({ body: { csv, dry_run: false } }),
    onSuccess: async done => {
      await client.invalidateQueries({ queryKey: ['listImportedPeople'] })
      await navigate({ to: '/people/imported' })
      tell(WORDS.done(done.added, done.changed))
    },
  })
  const change = (text: string) => {
    setCsv(text)
    setReport(undefined)
  }
  const ready = report !== undefined && report.faults.length === 0 && report.lines > 0
  return (
    <Page title={WORDS.title} lead={WORDS.lead} crumbs={[{ label: PEOPLE.title, to: '/people' }]}>
      <Stack gap="md" maw="52rem">
        <Group>
          <FileButton accept=".csv,text/csv" onChange={async file => file !== null && change(await file.text())}>
            {props => (
              <Button {...props} variant="default">
                {WORDS.choose}
              </Button>
            )}
          </FileButton>
          <Button variant="subtle" onClick={() => change(WORDS.example)}>
            {WORDS.showExample}
          </Button>
        </Group>
        <Textarea
          label={WORDS.csv}
          description={WORDS.csvHelp}
          autosize
          minRows={8}
          maxRows={20}
          value={csv}
          onChange={event => change(event.currentTarget.value)}
          spellCheck={false}
          className="mono"
        />
        <Problem error={check.error ?? write.error} />
        {report !== undefined && <Report report={report} />}
        <Group>
          <Button
            variant={ready ? 'default' : 'filled'}
            disabled={csv.trim() === '' || check.isPending}
            onClick={() => check.mutate()}
          >
            {check.isPending ? WORDS.checking : WORDS.check}
          </Button>
          {ready && (
            <Button disabled={write.isPending} onClick={() => write.mutate()}>
              {write.isPending ? WORDS.importing : WORDS.action(report.lines)}
            </Button>
          )}
        </Group>
      </Stack>
    </Page>
  )
}

function Report({ report }: { readonly report: RosterImport }) {
  const { faults, lines, added, changed, unchanged, known } = report
  if (faults.length === 0)
    return (
      <Alert color="teal" variant="light" title={WORDS.fits(lines)} role="status">
        <Text size="sm">{WORDS.would(added, changed, unchanged, known)}</Text>
      </Alert>
    )
  return (
    <Alert color="red" variant="light" title={WORDS.faulty(faults.length)} role="alert">
      <Text size="sm">{WORDS.nothing}</Text>
      <Table mt="xs" aria-label={WORDS.faults} layout="fixed">
        <Table.Thead>
          <Table.Tr>
            <Table.Th w="5rem">{WORDS.line}</Table.Th>
            <Table.Th>{WORDS.reason}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {faults.map(({ line, reason }) => (
            <Table.Tr key={`${line} ${reason}`}>
              <Table.Td>{line}</Table.Td>
              <Table.Td>{reason}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Alert>
  )
}
