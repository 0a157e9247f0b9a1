// The names of keys, for filters and logs.
import {get} from '../api/client';
import {useLoad} from '../api/use_load';

export function useKeyNames(account: string | undefined): Map<string, string> {
  const {data} = useLoad(
    signal => get('/api/api-keys', {query: {limit: 200, account_id: account}, signal}),
    [account],
  );
  return new Map(data?.data.map(key => [key.id, key.name]));
}
