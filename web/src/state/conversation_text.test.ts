import { describe, expect, it, vi } from 'vitest';

import type { Attachment, Company, Conversation, Message } from '@/api/types';

vi.mock('@/api', () => ({ api: {} }));
vi.mock('@/api/session', () => ({ session: { value: { user: { id: 1 } } } }));

const { companies } = await import('./companies');
const { pageTitle, previewOf, textOf, titleOf } = await import('./conversation_text');

const conversation = (more: Partial<Conversation>) =>
  ({ company_id: 1, title: null, other: null, ...more }) as Conversation;
const message = (more: Partial<Message>) =>
  ({ sender_id: 2, sender: { name: 'Grace Hopper' }, body: '', attachments: [], deleted_at: null, ...more }) as Message;
const file = (media_type: string, name = 'notes.pdf') => ({ media_type, name }) as Attachment;

describe('titleOf', () => {
  it('names the other one, the group, or the company', () => {
    companies.value = [{ id: 1, name: 'Analytical Engines' } as Company];
    const other = { id: 2, name: 'Grace Hopper' } as Conversation['other'];
    expect(titleOf(conversation({ type: 'direct', other }))).toBe('Grace Hopper');
    expect(titleOf(conversation({ type: 'group', title: 'Launch' }))).toBe('Launch');
    expect(titleOf(conversation({ type: 'general' }))).toBe('Analytical Engines');
    expect(titleOf(conversation({ type: 'general', company_id: 9 }))).toBe('General');
  });
});

describe('previewOf', () => {
  it.each([
    ['the other one of two is clear', message({ body: 'Hi' }), 'direct', null, 'Hi'],
    ['others by their first name', message({ body: 'Hi' }), 'group', 'Grace', 'Hi'],
    ['oneself', message({ body: 'Hi', sender_id: 1 }), 'direct', 'You', 'Hi'],
    ['deleted', message({ deleted_at: '2026-01-01T00:00:00.000Z' }), 'general', 'Grace', 'Message deleted'],
  ] as const)('%s', (_, shown, type, who, text) => expect(previewOf(shown, type)).toEqual({ who, text }));

  it.each([
    [[file('image/png')], 'Photo'],
    [[file('video/mp4')], 'Video'],
    [[file('audio/ogg')], 'Audio'],
    [[file('application/pdf')], 'notes.pdf'],
    [[file('image/png'), file('image/png')], '2 files'],
  ])('says what kind of file it is: %#', (attachments, text) => expect(textOf(message({ attachments }))).toBe(text));
});

describe('pageTitle', () => {
  it('begins with what is unread and ends with the app', () => {
    expect(pageTitle(3, 'Grace Hopper')).toBe('(3) Grace Hopper · Parley');
    expect(pageTitle(0, 'Grace Hopper')).toBe('Grace Hopper · Parley');
    expect(pageTitle(2, null)).toBe('(2) Parley');
  });
});
