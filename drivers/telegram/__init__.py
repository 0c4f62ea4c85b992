"""A Telegram bot, by long polling or by webhook."""
