// Bot API 10.1 (June 11, 2026)
// Written by scripts/generate-bot-api.ts out of the published specification: change that, not this.

/** A file is given by its bytes, so that it can be sent a second time. */
export type InputFile = { readonly source: Uint8Array; readonly filename?: string }

export type BotCommand = {
  readonly command: string
  readonly description: string
}

export type BotCommandScope =
  | BotCommandScopeDefault
  | BotCommandScopeAllPrivateChats
  | BotCommandScopeAllGroupChats
  | BotCommandScopeAllChatAdministrators
  | BotCommandScopeChat
  | BotCommandScopeChatAdministrators
  | BotCommandScopeChatMember

export type BotCommandScopeAllChatAdministrators = {
  readonly type: 'all_chat_administrators'
}

export type BotCommandScopeAllGroupChats = {
  readonly type: 'all_group_chats'
}

export type BotCommandScopeAllPrivateChats = {
  readonly type: 'all_private_chats'
}

export type BotCommandScopeChat = {
  readonly type: 'chat'
  readonly chat_id: number | string
}

export type BotCommandScopeChatAdministrators = {
  readonly type: 'chat_administrators'
  readonly chat_id: number | string
}

export type BotCommandScopeChatMember = {
  readonly type: 'chat_member'
  readonly chat_id: number | string
  readonly user_id: number
}

export type BotCommandScopeDefault = {
  readonly type: 'default'
}

export type CallbackGame = Readonly<Record<string, never>>

export type Chat = {
  readonly id: number
  readonly type: string
  readonly title?: string
}

export type ChatAdministratorRights = {
  readonly is_anonymous: boolean
  readonly can_manage_chat: boolean
  readonly can_delete_messages: boolean
  readonly can_manage_video_chats: boolean
  readonly can_restrict_members: boolean
  readonly can_promote_members: boolean
  readonly can_change_info: boolean
  readonly can_invite_users: boolean
  readonly can_post_stories: boolean
  readonly can_edit_stories: boolean
  readonly can_delete_stories: boolean
  readonly can_post_messages?: boolean
  readonly can_edit_messages?: boolean
  readonly can_pin_messages?: boolean
  readonly can_manage_topics?: boolean
  readonly can_manage_direct_messages?: boolean
  readonly can_manage_tags?: boolean
}

export type ChatFullInfo = {
  readonly id: number
  readonly type: string
  readonly title?: string
}

export type ChatMember =
  | ChatMemberOwner
  | ChatMemberAdministrator
  | ChatMemberMember
  | ChatMemberRestricted
  | ChatMemberLeft
  | ChatMemberBanned

export type ChatMemberAdministrator = {
  readonly status: 'administrator'
  readonly user: User
}

export type ChatMemberBanned = {
  readonly status: 'kicked'
  readonly user: User
}

export type ChatMemberLeft = {
  readonly status: 'left'
  readonly user: User
}

export type ChatMemberMember = {
  readonly status: 'member'
  readonly user: User
}

export type ChatMemberOwner = {
  readonly status: 'creator'
  readonly user: User
}

export type ChatMemberRestricted = {
  readonly status: 'restricted'
  readonly user: User
}

export type CopyTextButton = {
  readonly text: string
}

export type File = {
  readonly file_id: string
  readonly file_unique_id: string
  readonly file_size?: number
  readonly file_path?: string
}

export type ForceReply = {
  readonly force_reply: boolean
  readonly input_field_placeholder?: string
  readonly selective?: boolean
}

export type InlineKeyboardButton = {
  readonly text: string
  readonly icon_custom_emoji_id?: string
  readonly style?: string
  readonly url?: string
  readonly callback_data?: string
  readonly web_app?: WebAppInfo
  readonly login_url?: LoginUrl
  readonly switch_inline_query?: string
  readonly switch_inline_query_current_chat?: string
  readonly switch_inline_query_chosen_chat?: SwitchInlineQueryChosenChat
  readonly copy_text?: CopyTextButton
  readonly callback_game?: CallbackGame
  readonly pay?: boolean
}

export type InlineKeyboardMarkup = {
  readonly inline_keyboard: readonly (readonly InlineKeyboardButton[])[]
}

export type InlineQueryResult = InlineQueryResultArticle

export type InlineQueryResultArticle = {
  readonly type: 'article'
  readonly id: string
  readonly title: string
  readonly input_message_content: InputMessageContent
  readonly reply_markup?: InlineKeyboardMarkup
  readonly url?: string
  readonly description?: string
  readonly thumbnail_url?: string
  readonly thumbnail_width?: number
  readonly thumbnail_height?: number
}

export type InlineQueryResultsButton = {
  readonly text: string
  readonly web_app?: WebAppInfo
  readonly start_parameter?: string
}

export type InputMessageContent = InputTextMessageContent | InputRichMessageContent

export type InputRichMessage = {
  readonly html?: string
  readonly markdown?: string
  readonly is_rtl?: boolean
  readonly skip_entity_detection?: boolean
}

export type InputRichMessageContent = {
  readonly rich_message: InputRichMessage
}

export type InputTextMessageContent = {
  readonly message_text: string
  readonly parse_mode?: string
  readonly entities?: readonly MessageEntity[]
  readonly link_preview_options?: LinkPreviewOptions
}

export type KeyboardButton = {
  readonly text: string
  readonly icon_custom_emoji_id?: string
  readonly style?: string
  readonly request_users?: KeyboardButtonRequestUsers
  readonly request_chat?: KeyboardButtonRequestChat
  readonly request_managed_bot?: KeyboardButtonRequestManagedBot
  readonly request_contact?: boolean
  readonly request_location?: boolean
  readonly request_poll?: KeyboardButtonPollType
  readonly web_app?: WebAppInfo
}

export type KeyboardButtonPollType = {
  readonly type?: string
}

export type KeyboardButtonRequestChat = {
  readonly request_id: number
  readonly chat_is_channel: boolean
  readonly chat_is_forum?: boolean
  readonly chat_has_username?: boolean
  readonly chat_is_created?: boolean
  readonly user_administrator_rights?: ChatAdministratorRights
  readonly bot_administrator_rights?: ChatAdministratorRights
  readonly bot_is_member?: boolean
  readonly request_title?: boolean
  readonly request_username?: boolean
  readonly request_photo?: boolean
}

export type KeyboardButtonRequestManagedBot = {
  readonly request_id: number
  readonly suggested_name?: string
  readonly suggested_username?: string
}

export type KeyboardButtonRequestUsers = {
  readonly request_id: number
  readonly user_is_bot?: boolean
  readonly user_is_premium?: boolean
  readonly max_quantity?: number
  readonly request_name?: boolean
  readonly request_username?: boolean
  readonly request_photo?: boolean
}

export type LinkPreviewOptions = {
  readonly is_disabled?: boolean
  readonly url?: string
  readonly prefer_small_media?: boolean
  readonly prefer_large_media?: boolean
  readonly show_above_text?: boolean
}

export type LoginUrl = {
  readonly url: string
  readonly forward_text?: string
  readonly bot_username?: string
  readonly request_write_access?: boolean
}

export type Message = {
  readonly message_id: number
  readonly message_thread_id?: number
  readonly date: number
  readonly chat: Chat
}

export type MessageEntity = {
  readonly type: string
  readonly offset: number
  readonly length: number
  readonly url?: string
  readonly user?: User
  readonly language?: string
  readonly custom_emoji_id?: string
  readonly unix_time?: number
  readonly date_time_format?: string
}

export type ReplyKeyboardMarkup = {
  readonly keyboard: readonly (readonly KeyboardButton[])[]
  readonly is_persistent?: boolean
  readonly resize_keyboard?: boolean
  readonly one_time_keyboard?: boolean
  readonly input_field_placeholder?: string
  readonly selective?: boolean
}

export type ReplyKeyboardRemove = {
  readonly remove_keyboard: boolean
  readonly selective?: boolean
}

export type ReplyParameters = {
  readonly message_id: number
  readonly chat_id?: number | string
  readonly allow_sending_without_reply?: boolean
  readonly quote?: string
  readonly quote_parse_mode?: string
  readonly quote_entities?: readonly MessageEntity[]
  readonly quote_position?: number
  readonly checklist_task_id?: number
  readonly poll_option_id?: string
}

export type SentGuestMessage = {
  readonly inline_message_id: string
}

export type SuggestedPostParameters = {
  readonly price?: SuggestedPostPrice
  readonly send_date?: number
}

export type SuggestedPostPrice = {
  readonly currency: string
  readonly amount: number
}

export type SwitchInlineQueryChosenChat = {
  readonly query?: string
  readonly allow_user_chats?: boolean
  readonly allow_bot_chats?: boolean
  readonly allow_group_chats?: boolean
  readonly allow_channel_chats?: boolean
}

export type Update = {
  readonly update_id: number
}

export type User = {
  readonly id: number
  readonly is_bot: boolean
  readonly first_name: string
  readonly last_name?: string
  readonly username?: string
  readonly language_code?: string
  readonly is_premium?: boolean
  readonly added_to_attachment_menu?: boolean
  readonly can_join_groups?: boolean
  readonly can_read_all_group_messages?: boolean
  readonly supports_guest_queries?: boolean
  readonly supports_inline_queries?: boolean
  readonly can_connect_to_business?: boolean
  readonly has_main_web_app?: boolean
  readonly has_topics_enabled?: boolean
  readonly allows_users_to_create_topics?: boolean
  readonly can_manage_bots?: boolean
  readonly supports_join_request_queries?: boolean
}

export type WebAppInfo = {
  readonly url: string
}

export type WebhookInfo = {
  readonly url: string
  readonly has_custom_certificate: boolean
  readonly pending_update_count: number
  readonly ip_address?: string
  readonly last_error_date?: number
  readonly last_error_message?: string
  readonly last_synchronization_error_date?: number
  readonly max_connections?: number
  readonly allowed_updates?: readonly string[]
}

/** What each method takes and gives back; of results only what the product reads. */
export type Methods = {
  getUpdates: {
    takes: {
      readonly offset?: number
      readonly limit?: number
      readonly timeout?: number
      readonly allowed_updates?: readonly string[]
    }
    gives: readonly Update[]
  }
  setWebhook: {
    takes: {
      readonly url: string
      readonly certificate?: InputFile
      readonly ip_address?: string
      readonly max_connections?: number
      readonly allowed_updates?: readonly string[]
      readonly drop_pending_updates?: boolean
      readonly secret_token?: string
    }
    gives: boolean
  }
  deleteWebhook: {
    takes: {
      readonly drop_pending_updates?: boolean
    }
    gives: boolean
  }
  getWebhookInfo: {
    takes: Readonly<Record<string, never>>
    gives: WebhookInfo
  }
  getMe: {
    takes: Readonly<Record<string, never>>
    gives: User
  }
  sendMessage: {
    takes: {
      readonly business_connection_id?: string
      readonly chat_id: number | string
      readonly message_thread_id?: number
      readonly direct_messages_topic_id?: number
      readonly text: string
      readonly parse_mode?: string
      readonly entities?: readonly MessageEntity[]
      readonly link_preview_options?: LinkPreviewOptions
      readonly disable_notification?: boolean
      readonly protect_content?: boolean
      readonly allow_paid_broadcast?: boolean
      readonly message_effect_id?: string
      readonly suggested_post_parameters?: SuggestedPostParameters
      readonly reply_parameters?: ReplyParameters
      readonly reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
    }
    gives: Message
  }
  sendRichMessage: {
    takes: {
      readonly business_connection_id?: string
      readonly chat_id: number | string
      readonly message_thread_id?: number
      readonly direct_messages_topic_id?: number
      readonly rich_message: InputRichMessage
      readonly disable_notification?: boolean
      readonly protect_content?: boolean
      readonly allow_paid_broadcast?: boolean
      readonly message_effect_id?: string
      readonly suggested_post_parameters?: SuggestedPostParameters
      readonly reply_parameters?: ReplyParameters
      readonly reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
    }
    gives: Message
  }
  sendDocument: {
    takes: {
      readonly business_connection_id?: string
      readonly chat_id: number | string
      readonly message_thread_id?: number
      readonly direct_messages_topic_id?: number
      readonly document: InputFile | string
      readonly thumbnail?: InputFile | string
      readonly caption?: string
      readonly parse_mode?: string
      readonly caption_entities?: readonly MessageEntity[]
      readonly disable_content_type_detection?: boolean
      readonly disable_notification?: boolean
      readonly protect_content?: boolean
      readonly allow_paid_broadcast?: boolean
      readonly message_effect_id?: string
      readonly suggested_post_parameters?: SuggestedPostParameters
      readonly reply_parameters?: ReplyParameters
      readonly reply_markup?: InlineKeyboardMarkup | ReplyKeyboardMarkup | ReplyKeyboardRemove | ForceReply
    }
    gives: Message
  }
  sendChatAction: {
    takes: {
      readonly business_connection_id?: string
      readonly chat_id: number | string
      readonly message_thread_id?: number
      readonly action: string
    }
    gives: boolean
  }
  editMessageText: {
    takes: {
      readonly business_connection_id?: string
      readonly chat_id?: number | string
      readonly message_id?: number
      readonly inline_message_id?: string
      readonly text?: string
      readonly parse_mode?: string
      readonly entities?: readonly MessageEntity[]
      readonly link_preview_options?: LinkPreviewOptions
      readonly rich_message?: InputRichMessage
      readonly reply_markup?: InlineKeyboardMarkup
    }
    gives: Message | boolean
  }
  editMessageReplyMarkup: {
    takes: {
      readonly business_connection_id?: string
      readonly chat_id?: number | string
      readonly message_id?: number
      readonly inline_message_id?: string
      readonly reply_markup?: InlineKeyboardMarkup
    }
    gives: Message | boolean
  }
  deleteMessage: {
    takes: {
      readonly chat_id: number | string
      readonly message_id: number
    }
    gives: boolean
  }
  answerCallbackQuery: {
    takes: {
      readonly callback_query_id: string
      readonly text?: string
      readonly show_alert?: boolean
      readonly url?: string
      readonly cache_time?: number
    }
    gives: boolean
  }
  answerInlineQuery: {
    takes: {
      readonly inline_query_id: string
      readonly results: readonly InlineQueryResult[]
      readonly cache_time?: number
      readonly is_personal?: boolean
      readonly next_offset?: string
      readonly button?: InlineQueryResultsButton
    }
    gives: boolean
  }
  answerGuestQuery: {
    takes: {
      readonly guest_query_id: string
      readonly result: InlineQueryResult
    }
    gives: SentGuestMessage
  }
  getFile: {
    takes: {
      readonly file_id: string
    }
    gives: File
  }
  getChat: {
    takes: {
      readonly chat_id: number | string
    }
    gives: ChatFullInfo
  }
  getChatMember: {
    takes: {
      readonly chat_id: number | string
      readonly user_id: number
    }
    gives: ChatMember
  }
  leaveChat: {
    takes: {
      readonly chat_id: number | string
    }
    gives: boolean
  }
  setMyCommands: {
    takes: {
      readonly commands: readonly BotCommand[]
      readonly scope?: BotCommandScope
      readonly language_code?: string
    }
    gives: boolean
  }
  deleteMyCommands: {
    takes: {
      readonly scope?: BotCommandScope
      readonly language_code?: string
    }
    gives: boolean
  }
  setMyDescription: {
    takes: {
      readonly description?: string
      readonly language_code?: string
    }
    gives: boolean
  }
  setMyShortDescription: {
    takes: {
      readonly short_description?: string
      readonly language_code?: string
    }
    gives: boolean
  }
}
