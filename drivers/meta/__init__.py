"""What WhatsApp, Messenger and Instagram have in common: Meta's webhooks, its Graph API and its errors."""
