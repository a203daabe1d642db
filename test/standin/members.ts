import type { MemberStatus, User } from './types.ts'

const administratorRights = [
  'can_be_edited',
  'is_anonymous',
  'can_manage_chat',
  'can_delete_messages',
  'can_manage_video_chats',
  'can_restrict_members',
  'can_promote_members',
  'can_change_info',
  'can_invite_users',
  'can_post_stories',
  'can_edit_stories',
  'can_delete_stories',
] as const
const memberRights = [
  'can_send_messages',
  'can_send_audios',
  'can_send_documents',
  'can_send_photos',
  'can_send_videos',
  'can_send_video_notes',
  'can_send_voice_notes',
  'can_send_polls',
  'can_send_other_messages',
  'can_add_web_page_previews',
  'can_react_to_messages',
  'can_edit_tag',
  'can_change_info',
  'can_invite_users',
  'can_pin_messages',
  'can_manage_topics',
] as const

const all = (names: readonly string[], value: boolean): Record<string, boolean> =>
  Object.fromEntries(names.map((name) => [name, value]))

/** The ChatMember object of a status. */
export function chatMember(user: User, status: MemberStatus): Readonly<Record<string, unknown>> {
  switch (status) {
    case 'creator':
      return { status, user, is_anonymous: false }
    case 'administrator':
      return { status, user, ...all(administratorRights, true), is_anonymous: false, can_be_edited: false }
    case 'restricted':
      return { status, user, is_member: true, ...all(memberRights, false), until_date: 0 }
    case 'kicked':
      return { status, user, until_date: 0 }
    case 'member':
    case 'left':
      return { status, user }
  }
}

export const isAdministrator = (status: MemberStatus): boolean => status === 'creator' || status === 'administrator'
export const isPresent = (status: MemberStatus): boolean => status !== 'left' && status !== 'kicked'
