// The calls as a file. It is a plain link: the server streams it, however long it is.
import {addressOf} from '../api/client';
import {Icon} from '../ui/icons';
import {Menu} from '../ui/menu';
import type {RequestQuery} from './request_table';

export function ExportMenu({query}: {query: RequestQuery}) {
  const {limit: _, ...filters} = query;
  const address = (format: 'csv' | 'jsonl') => addressOf('/api/usage/export', {}, {...filters, format});
  return (
    <Menu
      label="Export the calls"
      buttonClass="button"
      items={[
        {label: 'CSV', icon: 'download', href: address('csv')},
        {label: 'JSON lines', icon: 'download', href: address('jsonl')},
      ]}>
      <Icon name="download" />
      Export
    </Menu>
  );
}
