import type { ComponentChildren } from 'preact'

export interface Column<Row> {
  title: string
  /** The title is for screen readers only, as over a column of buttons. */
  isTitleHidden?: boolean
  cell: (row: Row) => ComponentChildren
}

interface TableProps<Row> {
  caption: string
  columns: readonly Column<Row>[]
  rows: readonly Row[]
  keyOf: (row: Row) => string | number
}

/** The first column names the row. On a phone each row becomes a block, its cells labelled by their columns. */
export const Table = <Row,>({ caption, columns, rows, keyOf }: TableProps<Row>) => (
  <div class="table-wrap">
    <table>
      <caption class="unseen">{caption}</caption>
      <thead>
        <tr>
          {columns.map(({ title, isTitleHidden }) => (
            <th key={title} scope="col">
              <span class={isTitleHidden ? 'unseen' : undefined}>{title}</span>
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={keyOf(row)}>
            {columns.map(({ title, isTitleHidden, cell }, index) =>
              index === 0 ? (
                <th key={title} scope="row">
                  {cell(row)}
                </th>
              ) : (
                <td key={title} data-title={isTitleHidden ? undefined : title}>
                  {cell(row)}
                </td>
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  </div>
)
