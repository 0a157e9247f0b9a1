// Short names for what src/dashboard/openapi.json describes; schema.d.ts is made from it at each build.
import type {components, operations} from './schema';

type Schemas = components['schemas'];
export type Account = Schemas['Account'];
export type ApiKey = Schemas['ApiKey'];
export type ApiKeyCreate = Schemas['ApiKeyCreate'];
export type ApiKeyUpdate = Schemas['ApiKeyUpdate'];
export type ApiKeyWithSecret = Schemas['ApiKeyWithSecret'];
export type AuditEntry = Schemas['AuditEntry'];
export type Balance = Schemas['Balance'];
export type Invitation = Schemas['Invitation'];
export type KeyState = ApiKey['state'];
export type KeySort = NonNullable<NonNullable<operations['getApiKeys']['parameters']['query']>['sort']>;
export type Latency = Schemas['Latency'];
export type Lot = Schemas['Lot'];
export type Model = Schemas['Model'];
export type Overview = Schemas['Overview'];
export type ProviderHealth = Schemas['ProviderHealth'];
export type Session = Schemas['Session'];
export type Settings = Schemas['Settings'];
export type SignedIn = Schemas['SignedIn'];
export type Transaction = Schemas['Transaction'];
export type UsageEvent = Schemas['UsageEvent'];
export type UsageGroup = Schemas['UsageGroup'];
export type UsagePoint = Schemas['UsagePoint'];
export type UsageSeries = Schemas['UsageSeries'];
export type UsageSums = Schemas['UsageSums'];
export type User = Schemas['User'];
