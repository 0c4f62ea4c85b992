"""A mailbox: IMAP in, SMTP out."""
