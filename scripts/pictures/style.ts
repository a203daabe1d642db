/** The look of a chat: a phone's width in flat colours, which a picture file keeps small. Pixels are CSS pixels. */
export const style = `
* { box-sizing: border-box; margin: 0; padding: 0 }
html { -webkit-text-size-adjust: none }
body { width: 390px; background: #d3e2ec; color: #111; font: 15px/1.42 'Roboto', 'Noto Sans CJK HK', 'Noto Color Emoji', sans-serif; overflow-wrap: anywhere }
:lang(zh-Hans-CN) body { font-family: 'Roboto', 'Noto Sans CJK SC', 'Noto Color Emoji', sans-serif }
header { display: flex; align-items: center; gap: 10px; padding: 9px 14px; background: #fff; border-bottom: 1px solid #c4d3dd }
.back { width: 11px; height: 11px; border-left: 2.5px solid #2a7fc0; border-bottom: 2.5px solid #2a7fc0; transform: rotate(45deg); margin-left: 3px }
.avatar { flex: none; width: 38px; height: 38px; border-radius: 50%; background: #3a8fd0; color: #fff; font-size: 18px; font-weight: 600; display: grid; place-items: center }
.avatar.small { width: 32px; height: 32px; font-size: 15px; align-self: flex-end; margin-right: 6px }
.heading { font-weight: 600; font-size: 16px; line-height: 1.3 }
.subtitle { color: #6d7f8d; font-size: 13px; line-height: 1.3 }
main { padding: 10px 8px 6px }
.message { display: flex; margin-bottom: 8px }
.message.mine { justify-content: flex-end }
.column { max-width: 342px; min-width: 0 }
.column.wide { width: 342px }
.avatar.small + .column { max-width: 330px }
.avatar.small + .column.wide { width: 330px }
.bubble { background: #fff; border-radius: 15px; padding: 7px 11px 6px; box-shadow: 0 1px 0 #b9cbd7 }
.mine .bubble { background: #e6fbd2; box-shadow: 0 1px 0 #bfd5b4 }
.name { color: #b0532a; font-weight: 600; font-size: 14px }
.via { color: #2a7fc0; font-size: 14px }
.link { color: #1a72b8 }
.time { text-align: right; color: #7b8b97; font-size: 11.5px; line-height: 1.2; margin-top: 2px }
.mine .time { color: #55a04a }
.reply { border-left: 3px solid #3a8fd0; background: #eaf4fb; border-radius: 5px; padding: 3px 8px; margin: 3px 0 5px; font-size: 13.5px; line-height: 1.35 }
.reply b { color: #2a7fc0 }
.reply .line { white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
blockquote { position: relative; border-left: 3px solid #3a8fd0; background: #eaf4fb; border-radius: 5px; padding: 4px 9px; margin: 3px 0 4px; font-size: 14.5px; line-height: 1.45 }
.mine blockquote, .mine .reply { background: #d5f2c0; border-color: #4a9f3f }
blockquote.closed { padding-right: 24px }
blockquote.closed .words { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden }
blockquote.closed::after { content: ''; position: absolute; right: 9px; bottom: 10px; width: 7px; height: 7px; border-right: 2px solid #3a8fd0; border-bottom: 2px solid #3a8fd0; transform: rotate(45deg) }
code { font-family: 'DejaVu Sans Mono', monospace; font-size: 13px }
.keyboard { margin-top: 3px }
.row { display: flex; gap: 3px; margin-bottom: 3px }
.button { position: relative; flex: 1; min-width: 0; background: #7896ac; color: #fff; border-radius: 8px; text-align: center; font-size: 14.5px; line-height: 20px; padding: 7px 4px; white-space: nowrap; overflow: hidden; text-overflow: ellipsis }
.out { position: absolute; right: 4px; top: 0; font-size: 10px; line-height: 12px }
h4 { font-size: 16px; margin-bottom: 5px }
table { border-collapse: collapse; width: 100%; font-size: 14px; line-height: 1.4; margin-bottom: 6px }
th, td { border: 1px solid #c6d5e0; padding: 5px 8px; text-align: left; vertical-align: top }
th { background: #eaf1f6; font-weight: 600 }
td[rowspan], td:first-child:not(:last-child) { background: #f6f9fb; width: 33% }
td i { color: #6d7f8d }
.details { border-top: 1px solid #d9e3ea; padding: 7px 0; display: flex; align-items: center; gap: 9px }
.chevron { width: 7px; height: 7px; border-right: 2px solid #6d7f8d; border-bottom: 2px solid #6d7f8d; transform: rotate(-45deg); margin-left: 2px }
footer { color: #6d7f8d; font-size: 13px }
.results { background: #fff; border-top: 1px solid #c4d3dd }
.switch { text-align: center; color: #1a72b8; font-weight: 500; padding: 9px; border-bottom: 1px solid #e3ebf0 }
.result { display: flex; gap: 10px; padding: 9px 12px; border-bottom: 1px solid #e3ebf0 }
.thumb { flex: none; width: 44px; height: 44px; border-radius: 8px; background: #e3eef6; color: #2a7fc0; font-size: 20px; font-weight: 600; display: grid; place-items: center }
.title { font-weight: 600; font-size: 14.5px; line-height: 1.35 }
.description { color: #5d6f7c; font-size: 13.5px; line-height: 1.4; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden }
.composer { display: flex; align-items: center; gap: 10px; background: #f4f7f9; border-top: 1px solid #c4d3dd; padding: 8px 12px }
.field { flex: 1; background: #fff; border: 1px solid #d0dbe3; border-radius: 18px; padding: 6px 13px; line-height: 22px }
.field.empty { color: #93a2ad }
.caret { display: inline-block; width: 2px; height: 18px; background: #2a7fc0; vertical-align: -4px; margin-left: 1px }
.cancel { position: relative; width: 20px; height: 20px; margin-right: 2px }
.cancel::before, .cancel::after { content: ''; position: absolute; left: 9px; top: 1px; width: 2px; height: 18px; background: #6d7f8d; transform: rotate(45deg) }
.cancel::after { transform: rotate(-45deg) }
`
