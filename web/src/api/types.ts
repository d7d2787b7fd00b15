import type { components } from './schema';

/** The objects of Parley's API, as its OpenAPI description has them. */
type Schemas = components['schemas'];

export type User = Schemas['User'];
export type SignedIn = Schemas['SignedIn'];
export type Person = Schemas['Person'];
export type Colleague = Schemas['Colleague'];
export type Company = Schemas['Company'];
export type Member = Schemas['Member'];
export type Token = Schemas['Token'];
export type Conversation = Schemas['Conversation'];
export type Participant = Schemas['Participant'];
export type Message = Schemas['Message'];
export type Attachment = Schemas['MessageAttachment'];
export type Reaction = Schemas['Reaction'];
export type MessagePage = Schemas['MessagePage'];
export type Receipt = Schemas['Receipt'];
export type ReadState = Schemas['ReadState'];
export type SearchHit = Schemas['SearchHit'];
export type SyncPage = Schemas['SyncPage'];
export type SyncItem = Schemas['SyncItem'];
export type Notification = Schemas['Notification'];
export type Campaign = Schemas['Campaign'];
export type CampaignRow = Schemas['CampaignRow'];
export type Account = Schemas['Account'];
export type MoneyTransaction = Schemas['MoneyTransaction'];
export type MoneyMovement = Schemas['MoneyMovement'];
export type Withdrawal = Schemas['Withdrawal'];

/** A page of a list. `next_cursor` is null on the last one. */
export interface Page<Row> {
  data: Row[];
  next_cursor: string | null;
}

/** What the server tells everybody about itself: `GET /web/config.json`. */
export interface ServerConfig {
  version: string;
  app: { key: string; path_prefix: string };
  registration: 'open' | 'invite' | 'off';
  /** What stands before the event names of the contract `platform`; often empty. */
  event_namespace: string;
  contracts: string[];
  home_company_id: number;
  money: { currency: string; self_deposit: boolean; max_amount: number };
  limits: {
    message_length: number;
    attachment_bytes: number;
    attachments_per_message: number;
    group_title_length: number;
    group_participants: number;
    name_length: number;
    password_length_min: number;
    search_length: number;
  };
  /** People whom anybody may be; only on a server for trying out. */
  demo: { password: string; people: { name: string; email: string }[] } | null;
}
