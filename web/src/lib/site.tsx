// What every page needs to know: the gateway's settings, who is signed in, and how to write amounts and times.
import {createContext} from 'preact';
import {useContext} from 'preact/hooks';
import type {Account, Settings} from '../api/types';
import {formatMoney, formatRound, micros} from './money';
import {formatInstant, formatMoment, dayOf} from './time';
import {zoneChoice} from './theme';

export interface Site {
  settings: Settings;
  account: Account;
  setAccount: (account: Account) => void;
  signOut: () => Promise<void>;
  /** Renders everything again, after a choice of how things are shown. */
  refresh: () => void;
}

export const SiteContext = createContext<Site | undefined>(undefined);

export function useSite() {
  const site = useContext(SiteContext);
  if (!site) throw new Error('no one is signed in');
  const {currency, time_zone: ledgerZone} = site.settings;
  const zone = zoneChoice() === 'ledger' ? ledgerZone : Intl.DateTimeFormat().resolvedOptions().timeZone;
  return {
    ...site,
    currency,
    /** Days of reports and budgets. */
    ledgerZone,
    /** Instants, as the reader wants them. */
    zone,
    today: dayOf(new Date(), ledgerZone),
    isAdmin: site.account.role === 'admin',
    money: (text: string | null | undefined, decimals?: number) =>
      formatMoney(micros(text), currency, decimals),
    round: (text: string | null | undefined) => formatRound(micros(text), currency),
    instant: (text: string) => formatInstant(text, zone),
    moment: (text: string) => formatMoment(text, zone),
  };
}
